package dev.kiln.cli;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarFile;
import java.util.zip.ZipEntry;

/// Networks in jars that `kiln compile` or `kiln train` wrote.
final class Jars {
    private Jars() {}

    static Network open(Path jar) {
        if (!Files.isRegularFile(jar)) {
            throw UserError.usage("there is no file %s", jar);
        }
        try {
            return Network.open(jar);
        } catch (IllegalArgumentException e) {
            throw UserError.input("%s", e.getMessage()).causedBy(e);
        }
    }

    /// The `.nn` text that the network was compiled from.
    static SourceFile source(Path jar, Model model) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            ZipEntry entry = file.stream().filter(e -> e.getName().startsWith(Model.folder(model.className())) && e.getName().endsWith(".nn")).findFirst()
                    .orElseThrow(() -> UserError.input("%s carries no .nn source", jar));
            try (InputStream in = file.getInputStream(entry)) {
                return new SourceFile(entry.getName(), new String(in.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
    }
}
