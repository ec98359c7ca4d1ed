package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private final SourceFile file = new SourceFile("a.nn", "fn f(x: f32) -> f32 {\n\treturn (x + 1\n}\n");

    @Test void bothPlacesAreShownUnderTheirText() {
        int at = file.text().indexOf("1") + 1;
        var problem = new SyntaxProblem.MissingBracket(file.span(at, at), ")", file.span(at - 6, at - 5));
        assertEquals("""
                error[MissingBracket]: ) is missing
                  --> a.nn:2:15
                   |
                 2 | \treturn (x + 1
                   | \t       - opened here
                   | \t             ^
                   = try ) here
                """, Report.of(problem));
    }

    @Test void problemsAreToldOnceInTheOrderOfTheText() {
        var problems = new Problems();
        problems.add(new SyntaxProblem.MissingElse(file.span(30, 31)));
        problems.add(new SyntaxProblem.MissingElse(file.span(0, 2)));
        problems.add(new SyntaxProblem.MissingElse(file.span(30, 31)));
        assertEquals(List.of(1, 2), problems.all().stream().map(p -> p.span().line()).toList());
    }

    @Test void aLongLineShowsThePartAroundThePlace() {
        var wide = new SourceFile("wide.nn", "x".repeat(5000) + "!" + "y".repeat(5000));
        String text = Report.of(new SyntaxProblem.StrangeCharacter(wide.span(5000, 5001), '!'));
        List<String> lines = text.lines().toList();
        assertEquals('!', lines.get(3).charAt(lines.get(4).indexOf('^')));
        assertTrue(lines.get(3).length() < 250);
    }

    @Test void everyOffsetHasItsLineAndColumn() {
        int line = 1;
        int column = 1;
        for (int offset = 0; offset < file.text().length(); offset++) {
            assertEquals(line, file.line(offset));
            assertEquals(column, file.column(offset));
            boolean ends = file.text().charAt(offset) == '\n';
            line += ends ? 1 : 0;
            column = ends ? 1 : column + 1;
        }
    }
}
