package dev.kiln.compiler.api;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Map;

/// Loads the classes and resources of a network that was never written to a file.
final class MemoryLoader extends ClassLoader {
    private final Map<String, byte[]> entries;

    MemoryLoader(Map<String, byte[]> entries, ClassLoader parent) {
        super(parent);
        this.entries = entries;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = entries.get(name.replace('.', '/') + ".class");
        if (bytes == null) throw new ClassNotFoundException(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    @Override
    public InputStream getResourceAsStream(String name) {
        byte[] bytes = entries.get(name);
        return bytes == null ? super.getResourceAsStream(name) : new ByteArrayInputStream(bytes);
    }
}
