package dev.kiln.stdlib;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.EntryCode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The code of a compiled network's entries, for tests of the seam below `Network`.
final class EntryLoader extends ClassLoader {
    private final Map<String, byte[]> classes;

    private EntryLoader(Map<String, byte[]> classes) {
        super(EntryLoader.class.getClassLoader());
        this.classes = classes;
    }

    static List<EntryCode> entries(Compiled compiled) throws ReflectiveOperationException {
        var loader = new EntryLoader(compiled.entries());
        var entries = new ArrayList<EntryCode>();
        for (String type : compiled.model().entries().values()) entries.add(loader.loadClass(type).asSubclass(EntryCode.class).getDeclaredConstructor().newInstance());
        return entries;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = classes.get(name.replace('.', '/') + ".class");
        if (bytes == null) throw new ClassNotFoundException(name);
        return defineClass(name, bytes, 0, bytes.length);
    }
}
