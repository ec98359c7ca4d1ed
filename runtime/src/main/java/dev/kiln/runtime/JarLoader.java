package dev.kiln.runtime;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// The classes and resources of one network's jar. A trainer and its predictors share it; the file is let go of when the last of them is closed.
final class JarLoader extends URLClassLoader {
    private static final Pattern MODEL = Pattern.compile("META-INF/nn/([^/]+)/model\\.json");

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
        if (Files.isDirectory(jar)) {
            Path folder = jar.resolve("META-INF/nn");
            if (!Files.isDirectory(folder)) return List.of();
            try (Stream<Path> children = Files.list(folder)) {
                return children.filter(p -> Files.exists(p.resolve("model.json"))).map(p -> p.getFileName().toString()).sorted().toList();
            }
        }
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream().map(entry -> MODEL.matcher(entry.getName())).filter(Matcher::matches).map(m -> m.group(1)).sorted().toList();
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
