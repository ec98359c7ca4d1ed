package dev.kiln.compiler.source;

import dev.kiln.compiler.check.Library;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.TreeMap;
import java.util.stream.Stream;

/// What the tests of whole files share.
final class Examples {
    private static final Path STANDARD = Path.of("../stdlib/src/main/resources/META-INF/nn");
    private static final Library LIBRARY = read();

    private Examples() {}

    /// The standard library, from the folder beside: this module does not know it by name.
    static Library library() {
        return LIBRARY;
    }

    private static Library read() {
        var files = new TreeMap<String, SourceFile>();
        try (Stream<Path> found = Files.walk(STANDARD)) {
            for (Path path : found.filter(f -> f.toString().endsWith(".nn")).toList()) files.put(STANDARD.relativize(path).toString(), SourceFile.read(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Library(files);
    }
}
