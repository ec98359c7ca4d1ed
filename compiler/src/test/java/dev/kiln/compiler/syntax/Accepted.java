package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// The files that the grammar's own tests accept: together they cover the whole language.
final class Accepted {
    private Accepted() {}

    static List<SourceFile> files() {
        try (Stream<Path> files = Files.list(Path.of("../grammar/src/test/resources/accept"))) {
            return files.sorted().map(Accepted::read).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static SourceFile read(Path path) {
        try {
            return SourceFile.read(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
