package dev.kiln.runtime;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;

/// A standalone jar of the network [Fake].
public final class FakeJar {
    private FakeJar() {}

    /// Writes the jar.
    /// @param exports whether the manifest lets the launcher load the vector module
    /// @param mainClass what to run instead of the jar's own command line, or null
    public static Path write(Path jar, boolean exports, String mainClass) throws IOException {
        var manifest = new Manifest();
        Attributes main = manifest.getMainAttributes();
        main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        main.put(Attributes.Name.MAIN_CLASS, "dev.kiln.launch.Launch");
        main.putValue(Model.MANIFEST, Fake.CLASS);
        if (mainClass != null) main.putValue("Kiln-Main", mainClass);
        if (exports) main.putValue("Add-Exports", "java.base/jdk.internal.module");
        Path resources = Fake.folder(Files.createTempDirectory(jar.toAbsolutePath().getParent(), "fake"));
        try (OutputStream out = Files.newOutputStream(jar); var entries = new JarOutputStream(out, manifest)) {
            add(entries, classes(Network.class), "");
            add(entries, classes(Fake.class), "dev/kiln/runtime/Fake");
            add(entries, resources, "");
        }
        return jar;
    }

    private static Path classes(Class<?> type) {
        try {
            return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
        } catch (URISyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void add(JarOutputStream jar, Path root, String prefix) throws IOException {
        try (Stream<Path> files = Files.walk(root)) {
            files.filter(Files::isRegularFile).sorted().forEach(file -> {
                String name = root.relativize(file).toString().replace('\\', '/');
                if (!name.startsWith(prefix)) return;
                try {
                    jar.putNextEntry(new JarEntry(name));
                    Files.copy(file, jar);
                    jar.closeEntry();
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }
}
