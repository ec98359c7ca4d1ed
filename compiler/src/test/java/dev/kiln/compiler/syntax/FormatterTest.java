package dev.kiln.compiler.syntax;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class FormatterTest {
    @TestFactory Stream<DynamicTest> formattingTwiceChangesNothingAndKeepsTheTree() {
        return Accepted.files().stream().map(file -> DynamicTest.dynamicTest(file.name(), () -> holds(file)));
    }

    /// Line breaks may stand between any two words, and comments too.
    @Property(tries = 100) void lineBreaksAndCommentsAnywhereAreBorne(@ForAll long seed) {
        var random = new Random(seed);
        List<SourceFile> files = Accepted.files();
        SourceFile file = files.get(random.nextInt(files.size()));
        var text = new StringBuilder();
        Tokens tokens = Scanner.scan(file, new Problems());
        for (int i = 0; i < tokens.words().size() - 1; i++) {
            text.append(tokens.word(i).getText()).append(switch (random.nextInt(12)) {
                case 0 -> "\n";
                case 1 -> "\n\n\n  ";
                case 2 -> " // why\n";
                case 3 -> "\n// alone\n\n";
                default -> "  ";
            });
        }
        holds(new SourceFile(file.name(), text.toString()));
    }

    private static void holds(SourceFile file) {
        String once = formatted(file);
        var again = new SourceFile(file.name(), once);
        assertEquals(once, formatted(again), "formatting twice");
        assertEquals(shown(file), shown(again), "the tree");
    }

    @Test void oneFormForBodiesAndSpaces() {
        assertEquals("""
                // head
                network  {name}
                """.replace("  {name}", " Small {") + """
                  in x: f32[N, 4]  // rows

                  for i < 3 { x' = -x^2 * (1 + i)  y' = x[0..2] }
                  if training {
                    a = 1
                  } else {
                    a = 2
                  }
                  out x
                }
                """, formatted(new SourceFile("small.nn", """
                // head
                network Small
                {

                      in x:f32 [ N,4 ]   // rows



                  for i<3 {x'=- x ^ 2*( 1+i ) y'=x[ 0 .. 2 ]}
                  if training { a = 1
                  }
                  else { a = 2
                  }
                  out   x
                }""")));
    }

    @Test void aFileWithASyntaxErrorIsNotTouched() {
        var problems = new Problems();
        assertTrue(Formatter.format(new SourceFile("a.nn", "fn f( -> f32 = 1"), problems).isEmpty());
        assertFalse(problems.isEmpty());
    }

    private static String formatted(SourceFile file) {
        var problems = new Problems();
        Optional<String> text = Formatter.format(file, problems);
        assertTrue(text.isPresent(), () -> problems + "\n" + file.text());
        return text.orElseThrow();
    }

    /// The tree as text, without places and documentation.
    private static String shown(SourceFile file) {
        return show(Parser.parse(file, new Problems()));
    }

    private static String show(Object node) {
        return switch (node) {
            case Span _ -> "";
            case List<?> items -> items.stream().map(FormatterTest::show).toList().toString();
            case Optional<?> maybe -> maybe.map(FormatterTest::show).orElse("none");
            case Record whole -> whole.getClass().getSimpleName() + parts(whole);
            default -> String.valueOf(node);
        };
    }

    private static List<String> parts(Record node) {
        var parts = new ArrayList<String>();
        for (RecordComponent component : node.getClass().getRecordComponents()) {
            try {
                if (!component.getName().equals("documentation")) parts.add(show(component.getAccessor().invoke(node)));
            } catch (ReflectiveOperationException e) {
                throw new LinkageError(component.getName(), e);
            }
        }
        return parts;
    }
}
