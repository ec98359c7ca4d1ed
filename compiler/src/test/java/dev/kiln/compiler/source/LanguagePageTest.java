package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.syntax.Formatter;
import dev.kiln.compiler.syntax.Parser;
import dev.kiln.runtime.Vocabulary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// What docs/language.md shows is true: its code passes the checker.
class LanguagePageTest {
    private static final Pattern BLOCK = Pattern.compile("```nn\n(.*?)```", Pattern.DOTALL);

    /// The page shows data that are not there.
    private static final List<Vocabulary> VOCABULARIES = Stream.of("letters", "tongues").map(name -> Vocabulary.ofRows(name, Vocabulary.Split.CHARACTERS, 1, List.of("abc"))).toList();

    @TestFactory Stream<DynamicTest> theCodeOnThePageIsAsItSays() throws IOException {
        String page = Files.readString(Path.of("../docs/language.md"));
        return BLOCK.matcher(page).results().toList().stream().map(block -> DynamicTest.dynamicTest(block.group(1).lines().findFirst().orElse(""), () -> holds(block)));
    }

    private static void holds(MatchResult block) {
        var file = SourceFile.among(Map.of("language.md", block.group(1)), "language.md", VOCABULARIES);
        var problems = new Problems();
        var tree = Parser.parse(file, problems);
        assertEquals("", Report.of(problems));
        assertEquals(file.text(), Formatter.format(file, problems).orElse(""), "formatted");
        Check.check(tree, Examples.library(), problems);
        assertEquals("", Report.of(problems));
    }
}
