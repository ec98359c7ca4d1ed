package dev.kiln.stdlib;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.testkit.GoldenNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What the stages make of networks of the library; each file shows one idea.
class StagesTest {
    static List<Path> files() throws IOException {
        try (var files = Files.list(Path.of("src", "test", "resources", "golden"))) {
            return files.sorted().toList();
        }
    }

    @ParameterizedTest
    @MethodSource("files")
    void stagesMakeWhatTheFileSays(Path file) throws IOException {
        GoldenNetwork.assertGolden(Compiler.of(StagesTest.class.getClassLoader()), file);
    }
}
