package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.JarURLConnection;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The `.nn` files that jars carry under `META-INF/nn/`. Those of `std/` are visible without `use`.
public final class Library {
    private static final String ROOT = "META-INF/nn/";
    private static final String STANDARD = "std/";
    private final Map<String, SourceFile> files;
    private final Map<String, Module> modules = new TreeMap<>();

    /// @param files by path below `META-INF/nn/`, `std/dense.nn`
    public Library(Map<String, SourceFile> files) {
        this.files = new TreeMap<>(files);
    }

    /// Everything that the class path of `loader` carries.
    public static Library of(ClassLoader loader) {
        var files = new TreeMap<String, SourceFile>();
        try {
            for (URL root : Collections.list(loader.getResources(ROOT))) {
                if (root.openConnection() instanceof JarURLConnection jar) fromJar(jar, files);
                else fromFolder(Path.of(root.toURI()), files);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the class path has a folder without a path", e);
        }
        return new Library(files);
    }

    private static void fromJar(JarURLConnection connection, Map<String, SourceFile> files) throws IOException {
        var jar = connection.getJarFile();
        for (var entry : Collections.list(jar.entries()))
            if (entry.getName().startsWith(ROOT) && entry.getName().endsWith(".nn"))
                try (var in = jar.getInputStream(entry)) {
                    put(entry.getName().substring(ROOT.length()), new String(in.readAllBytes(), StandardCharsets.UTF_8), files);
                }
    }

    private static void fromFolder(Path root, Map<String, SourceFile> files) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            for (Path p : paths.filter(p -> p.toString().endsWith(".nn")).toList())
                put(root.relativize(p).toString().replace('\\', '/'), Files.readString(p), files);
        }
    }

    private static void put(String path, String text, Map<String, SourceFile> files) {
        files.putIfAbsent(path, new SourceFile(path, text));
    }

    /// Every file, in the order of their paths.
    public Collection<SourceFile> files() {
        return Collections.unmodifiableCollection(files.values());
    }

    /// The file that `use house.blocks` names. @param problems of a file that is no part of this project are the user's to hear of, too
    Optional<Module> find(String path, Problems problems) {
        return module(path.replace('.', '/') + ".nn", problems);
    }

    /// Makes every declaration of the standard library visible to `module`, and to each other.
    void show(Module module) {
        for (String path : files.keySet())
            if (path.startsWith(STANDARD)) module(path, new Problems()).ifPresent(m -> m.own().forEach((name, d) -> module.see(name, new Module.Visible(d, m))));
    }

    /// Known before its own `use` is read, so that two files may use each other.
    private Optional<Module> module(String path, Problems problems) {
        if (modules.containsKey(path)) return Optional.of(modules.get(path));
        if (!files.containsKey(path)) return Optional.empty();
        var found = new Problems();
        Ast.File file = Parser.parse(files.get(path), found);
        if (path.startsWith(STANDARD) && !found.isEmpty()) throw new IllegalStateException("the library file " + path + " does not parse:\n" + found);
        problems.addAll(found);
        var module = new Module(file, true);
        modules.put(path, module);
        show(module);
        for (Ast.Declaration d : file.declarations())
            if (d instanceof Ast.Use use) module.use(use, module(path(path, use.path()), problems), problems);
        return Optional.of(module);
    }

    /// `./base` stands beside the file that uses it.
    private static String path(String from, String used) {
        return (used.startsWith("./") ? from.substring(0, from.lastIndexOf('/') + 1) + used.substring(2) : used.replace('.', '/')) + ".nn";
    }
}
