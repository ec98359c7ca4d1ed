package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Formatter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// The one form of `.nn` text, over every file of the repository.
class FormTest {
    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Set<String> NO_SOURCES = Set.of("target", ".git", "kiln-failures");

    /// Files that show a mistake may have none of their own.
    @TestFactory
    Stream<DynamicTest> formattingTwiceChangesNothing() {
        return files(ROOT).stream().map(path -> DynamicTest.dynamicTest(name(path), () -> {
            Optional<String> once = formatted(read(path));
            boolean wrong = Stream.of("/reject/", "/problems/", "/mistakes/").anyMatch(name(path)::contains);
            assertTrue(once.isPresent() || wrong, () -> name(path) + " does not parse");
            once.ifPresent(text -> assertEquals(text, formatted(text).orElseThrow()));
        }));
    }

    /// What users read and copy.
    @TestFactory
    Stream<DynamicTest> theLibraryAndTheExamplesAreInForm() {
        return Stream.of("stdlib/src/main", "examples", "bench/models").flatMap(folder -> files(ROOT.resolve(folder)).stream())
                .map(path -> DynamicTest.dynamicTest(name(path), () -> assertEquals(formatted(read(path)).orElseThrow(), read(path), () -> "not in form. Next step: kiln fmt " + name(path))));
    }

    private static List<Path> files(Path folder) {
        try (Stream<Path> all = Files.walk(folder)) {
            List<Path> files = all.filter(p -> p.toString().endsWith(".nn") && StreamSupport.stream(ROOT.relativize(p).spliterator(), false).noneMatch(part -> NO_SOURCES.contains(part.toString()))).sorted().toList();
            assertTrue(!files.isEmpty(), () -> "no files in " + folder);
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String name(Path path) {
        return ROOT.relativize(path).toString().replace('\\', '/');
    }

    private static String read(Path path) {
        try {
            return Files.readString(path);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Optional<String> formatted(String text) {
        return Formatter.format(new SourceFile("form.nn", text), new Problems());
    }
}
