package dev.kiln.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.source.Problem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Report;
import dev.kiln.compiler.source.SourceFile;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// No text makes the parser throw, and none is silently half read.
class RobustnessTest {
    private static final List<String> SNIPPETS = List.of("(", ")", "[", "]", "{", "}", ";", ":", ",", "=", "==", "'", "\"", "#", "|>", "..", "-", "if", "else",
            "for", "in", "param", "layer", "train", "loss", "over", "gradient", "1", "1.", ".5", "x", "W'", "\0", "\n", "//", "é", "\uD83D\uDE00");

    @Property(tries = 600) void aSpoiledFileIsReportedNotThrown(@ForAll long seed) {
        var random = new Random(seed);
        List<SourceFile> files = Accepted.files();
        var text = new StringBuilder(files.get(random.nextInt(files.size())).text());
        for (int change = 1 + random.nextInt(4); change > 0; change--) {
            int at = random.nextInt(text.length());
            switch (random.nextInt(3)) {
                case 0 -> text.deleteCharAt(at);
                case 1 -> text.insert(at, SNIPPETS.get(random.nextInt(SNIPPETS.size())));
                default -> text.delete(at, Math.min(text.length(), at + random.nextInt(40)));
            }
        }
        read(text.toString());
    }

    @Property(tries = 200) void noTextThrows(@ForAll String text) {
        read(text);
    }

    static Stream<String> deep() {
        return Stream.of("(".repeat(100_000), "const a = " + "-".repeat(10_000) + "1", "const a = 1" + "+1".repeat(10_000), "const a = 1" + "^1".repeat(10_000),
                "const a = f" + "(1)".repeat(10_000), "const a = " + "if x { 1 } else ".repeat(10_000) + "{ 2 }", "const a = " + "[".repeat(10_000),
                "fn f(x: f32) -> f32 { " + "if x { return 1 } else ".repeat(10_000) + "{ return 2 } }",
                "property \"p\" { " + "forall a in 1..2 ".repeat(10_000) + " expect a }", "const a = " + "not ".repeat(10_000) + "b");
    }

    @ParameterizedTest @MethodSource("deep") void whatNestsTooDeepIsOneError(String text) {
        List<Problem> problems = read(text);
        assertEquals(List.of("TooDeep"), problems.stream().map(Problem::code).toList());
    }

    @Test void wideIsNotDeep() {
        assertEquals(List.of(), read("const a = x" + " |> f".repeat(300)));
        assertEquals(List.of(), read("const a = [" + "1, ".repeat(20_000) + "1]"));
        assertEquals(List.of(), read("const a = 1\n".repeat(5_000)));
    }

    @Test void tabsMarksAndLineEndsDoNotMovePlaces() {
        List<Problem> problems = read("\uFEFFconst a = 1\r\n\tconst b = 2;\r\n");
        assertEquals(2, problems.getFirst().span().line());
        assertEquals(13, problems.getFirst().span().column());
    }

    /// Reads and reports; a file with nothing to report can be formatted.
    private static List<Problem> read(String text) {
        var problems = new Problems();
        var file = new SourceFile("spoiled.nn", text);
        Parser.parse(file, problems);
        for (Problem problem : problems.all()) assertFalse(Report.of(problem).isBlank());
        if (problems.isEmpty()) assertTrue(Formatter.format(file, problems).isPresent());
        return problems.all();
    }
}
