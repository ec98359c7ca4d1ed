package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every kind of problem has an example, and the example is reported where its marker stands.
class ProblemsTest {
    private static final Path EXAMPLES = Path.of("src/main/resources/dev/kiln/problems");
    private static final Path PAGE = Path.of("../docs/problems.md");
    private static final boolean BLESS = "bless".equals(System.getProperty("golden"));

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
            String marked = marked(example, problems(example));
            if (BLESS) Files.writeString(file, marked);
            assertTrue(marked.contains("//~ " + code), "the example does not show " + code + ":\n" + problems(example));
            unchanged(file, marked);
        }));
    }

    @Test void thePageShowsWhatIsReported() throws IOException {
        var page = new StringBuilder("""
                # Problems

                What the compiler says, one example for each kind. `kiln explain NAME` shows the same. This page is generated from the examples.
                """);
        for (String code : codes()) {
            SourceFile example = Explanations.example(code).orElseThrow();
            page.append("\n## ").append(code).append("\n```nn\n").append(example.text()).append("```\n```\n").append(problems(example)).append("```\n");
        }
        if (BLESS) Files.writeString(PAGE, page);
        unchanged(PAGE, page.toString());
    }

    private static void unchanged(Path file, String text) throws IOException {
        List<String> old = Files.readAllLines(file);
        List<String> now = text.lines().toList();
        for (int i = 0; i < Math.max(old.size(), now.size()); i++) {
            String was = i < old.size() ? old.get(i) : "";
            String is = i < now.size() ? now.get(i) : "";
            assertEquals(was, is, "%s differs at line %d. If the new text is right: mvn test -Dgolden=bless".formatted(file, i + 1));
        }
    }

    private static List<String> codes() {
        return Explanations.codes().stream().filter(code -> Explanations.example(code).isPresent()).toList();
    }

    private static Problems problems(SourceFile file) {
        var problems = new Problems();
        Check.check(Parser.parse(file, problems), Examples.library(), problems);
        return problems;
    }

    /// The text with a marker under each problem.
    private static String marked(SourceFile file, Problems problems) {
        var lines = new ArrayList<String>();
        for (int line = 1; line < file.lines(); line++) {
            lines.add(file.lineText(line));
            for (Problem problem : problems.all()) {
                if (problem.span().line() == line) lines.add(" ".repeat(problem.span().column() - 1) + "//~ " + problem.code());
            }
        }
        return String.join("\n", lines) + "\n";
    }
}
