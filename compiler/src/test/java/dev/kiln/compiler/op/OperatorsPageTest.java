package dev.kiln.compiler.op;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Formula;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Spec;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// docs/operators.md is what the operators and functions say of themselves.
class OperatorsPageTest {
    private static final Path PAGE = Path.of("../docs/operators.md");

    @Test
    void thePageIsFresh() throws IOException {
        String text = page();
        if (System.getProperty("golden", "check").equals("bless")) Files.writeString(PAGE, text);
        assertEquals(Files.exists(PAGE) ? Files.readString(PAGE) : "", text, "docs/operators.md is not what the operators say. If they are right: mvn test -Dgolden=bless");
    }

    private static String page() {
        var operators = Ops.ALL.stream().map(OperatorsPageTest::operator).collect(Collectors.joining("\n"));
        var functions = Functions.ALL.stream().map(OperatorsPageTest::function).collect(Collectors.joining("\n"));
        return """
                # Operators and functions

                What the graph is made of, generated from `Ops.ALL` and `Functions.ALL`. Everything else is `.nn` in the standard library.

                ## Operators

                %s
                ## Scalar functions

                Derivatives are formulas in the operands x0, x1, … and the result y. Errors of compiled code are in units in the last place.

                | function | meaning | derivatives | error |
                |---|---|---|---|
                %s
                """.formatted(operators, functions);
    }

    private static String operator(Spec spec) {
        var text = new StringBuilder("### %s\n%s\n".formatted(spec.name(), spec.doc()));
        if (!spec.laws().isEmpty()) text.append("\nLaws: %s.\n".formatted(spec.laws().stream().map(Spec.Law::name).collect(Collectors.joining("; "))));
        if (!spec.rejections().isEmpty()) text.append("\nRefuses, for example: %s\n".formatted(spec.rejections().stream().map(r -> "`" + r.message() + "`").collect(Collectors.joining(", "))));
        return text.toString();
    }

    private static String function(Fn fn) {
        var derivatives = IntStream.range(0, fn.arity()).mapToObj(i -> fn.derivative(i).map(Formula::toString).orElse("none")).collect(Collectors.joining("; "));
        return "| `%s` | %s | `%s` | %s |".formatted(fn.name(), fn.doc().replace("|", "\\|"), derivatives, fn.ulps());
    }
}
