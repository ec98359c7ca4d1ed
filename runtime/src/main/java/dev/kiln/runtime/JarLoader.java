package dev.kiln.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ProviderNotFoundException;
import java.util.List;
import java.util.stream.Stream;

/// The classes and resources of one network's jar. A trainer and its predictors share it; the file is let go of when the last of them is closed.
final class JarLoader extends URLClassLoader {
    private final String className;
    private int users = 1;

    private JarLoader(URL url, String className) {
        super("kiln:" + className, new URL[] {url}, JarLoader.class.getClassLoader());
        this.className = className;
    }

    static JarLoader open(Path jar) {
        if (!Files.exists(jar)) throw new IllegalArgumentException(jar + ": no such file");
        try {
            List<String> names = networks(jar);
            if (names.isEmpty()) throw new IllegalArgumentException(jar + ": holds no network (META-INF/nn/*/model.json)");
            if (names.size() > 1) throw new IllegalArgumentException(jar + ": holds " + names.size() + " networks, one is expected: " + String.join(", ", names));
            return new JarLoader(jar.toUri().toURL(), names.getFirst());
        } catch (IOException e) {
            throw new IllegalArgumentException(jar + ": is no jar: " + e.getMessage(), e);
        }
    }

    private static List<String> networks(Path jar) throws IOException {
        if (Files.isDirectory(jar)) return under(jar.resolve("META-INF/nn"));
        try (FileSystem zip = FileSystems.newFileSystem(jar)) {
            return under(zip.getPath("META-INF/nn"));
        } catch (ProviderNotFoundException e) {
            throw new IOException("not a zip file", e);
        }
    }

    private static List<String> under(Path folder) throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        try (Stream<Path> children = Files.list(folder)) {
            return children.filter(p -> Files.exists(p.resolve("model.json"))).map(p -> p.getFileName().toString().replace("/", "")).sorted().toList();
        }
    }

    String className() {
        return className;
    }

    synchronized JarLoader share() {
        users++;
        return this;
    }

    synchronized void release() {
        if (--users > 0) return;
        try {
            close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
