package dev.kiln.compiler.pack;

import dev.kiln.runtime.Network;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The classes of the runtime, wherever this compiler runs from: a jar or a folder.
public final class RuntimeClasses {
    private static final List<String> PACKAGES = List.of("dev/kiln/launch", "dev/kiln/runtime");

    public static Map<String, byte[]> all() throws IOException {
        try {
            var home = Path.of(Network.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            if (Files.isDirectory(home)) return read(home);
            try (FileSystem jar = FileSystems.newFileSystem(URI.create("jar:" + home.toUri()), Map.of())) {
                return read(jar.getPath("/"));
            }
        } catch (URISyntaxException e) {
            throw new IOException("the runtime's classes cannot be found", e);
        }
    }

    private static Map<String, byte[]> read(Path root) throws IOException {
        var classes = new TreeMap<String, byte[]>();
        for (String name : PACKAGES) {
            try (var files = Files.walk(root.resolve(name))) {
                for (var file : files.filter(f -> f.toString().endsWith(".class")).toList()) classes.put(root.relativize(file).toString().replace('\\', '/'), Files.readAllBytes(file));
            }
        }
        return classes;
    }

    private RuntimeClasses() {}
}
