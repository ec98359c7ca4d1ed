package dev.kiln.cli;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Network;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.jar.JarFile;

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

    /// The `.nn` text that the network was compiled from, and the files it uses.
    static SourceFile source(Path jar, Model model) throws IOException {
        var folder = Model.folder(model.className());
        var texts = new HashMap<String, String>();
        try (JarFile file = new JarFile(jar.toFile())) {
            for (var entry : Collections.list(file.entries())) {
                if (entry.getName().startsWith(folder) && entry.getName().endsWith(".nn")) {
                    try (InputStream in = file.getInputStream(entry)) {
                        texts.put(entry.getName().substring(folder.length()), new String(in.readAllBytes(), StandardCharsets.UTF_8));
                    }
                }
            }
        }
        String main = model.facts().get("source");
        if (!texts.containsKey(main)) {
            throw UserError.input("%s carries no .nn source", jar);
        }
        return SourceFile.among(texts, main, model.vocabularies());
    }
}
