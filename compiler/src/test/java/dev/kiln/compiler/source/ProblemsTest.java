package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every kind of problem has an example, and the example is reported where its marker stands.
class ProblemsTest {
    private static final Path EXAMPLES = Path.of("src/main/resources/dev/kiln/problems");
    private static final Path PAGE = Path.of("../docs/problems.md");

    @Test void everyKindHasAnExample() {
        List<String> without = Explanations.codes().stream().filter(code -> Explanations.example(code).isEmpty()).toList();
        assertEquals(List.of(), without, "write " + EXAMPLES + "/<Code>.nn for each");
    }

    @Test void everyExampleIsOfAKind() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<String> names = files.map(f -> f.getFileName().toString().replace(".nn", "")).toList();
            assertEquals(List.of(), names.stream().filter(n -> !Explanations.codes().contains(n)).toList());
        }
    }

    @TestFactory Stream<DynamicTest> theExampleIsReportedWhereItsMarkerStands() {
        return codes().stream().map(code -> DynamicTest.dynamicTest(code, () -> {
            Path file = EXAMPLES.resolve(code + ".nn");
            SourceFile example = Explanations.example(code).orElseThrow();
            String marked = Examples.marked(example, Examples.problems(example));
            assertTrue(marked.contains("//~ " + code), "the example does not show " + code + ":\n" + Examples.problems(example));
            Examples.unchanged(file, marked);
        }));
    }

    /// Files with many mistakes each: one spoils no other.
    @TestFactory Stream<DynamicTest> everyMistakeOfAFileIsTold() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/mistakes"))) {
            return files.sorted().toList().stream().map(file -> DynamicTest.dynamicTest(file.getFileName().toString(), () -> {
                SourceFile plain = Examples.unmarked(file);
                Examples.unchanged(file, Examples.marked(plain, Examples.problems(plain)));
            }));
        }
    }

    @Test void thePageShowsWhatIsReported() throws IOException {
        var page = new StringBuilder("""
                # Problems

                What the compiler says, one example for each kind. `kiln explain NAME` shows the same. This page is generated from the examples.
                """);
        for (String code : codes()) {
            SourceFile example = Explanations.example(code).orElseThrow();
            page.append("\n## ").append(code).append("\n```nn\n").append(example.text()).append("```\n```\n").append(Examples.problems(example)).append("```\n");
        }
        Examples.unchanged(PAGE, page.toString());
    }

    private static List<String> codes() {
        return Explanations.codes().stream().filter(code -> Explanations.example(code).isPresent()).toList();
    }
}
