package dev.kiln.testkit.fuzz;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.source.SourceFile;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// A wrong rule among right ones is named with its place; where nothing is wrong nobody is blamed.
class BisectTest {
    private static final String TEXT = """
            network Net {
              in x: f32[N, 3]
              a = sin(x) + 0 * x
              b = -(-a) * 1
              out y = tanh(b) + cos(x)
            }
            """;

    private static final Rule<Map> WRONG = Rule.rule(Map.class, "tanh(x)  =>  sigmoid(x)", Rule.Precision.EXACT,
            (at, op) -> op.fn().equals(Functions.TANH) ? Ops.map(at.graph(), Functions.SIGMOID, op.operands().getFirst()) : null,
            (g, d) -> Ops.map(g, Functions.TANH, d.real(-1, 1, d.dim())));

    private static Program program() {
        return Compiler.of(BisectTest.class.getClassLoader()).check(new SourceFile("net.nn", TEXT)).checked().models().getFirst().program();
    }

    @Test
    void theWrongRuleIsNamed() {
        var rules = new ArrayList<Rule<?>>(Simplify.RULES);
        rules.add(rules.size() / 2, WRONG);
        var culprit = Bisect.of(program(), Case.of(TEXT), rules).orElseThrow();
        assertEquals("simplify", culprit.stage());
        assertTrue(culprit.what().contains(WRONG.law() + "   // net.nn:5"), culprit::toString);
    }

    @Test
    void nobodyIsBlamedWhereNothingIsWrong() {
        assertEquals(Optional.empty(), Bisect.of(program(), Case.of(TEXT)));
    }

    @Test
    void aCaseIsItsFile() {
        var example = new Case(TEXT, java.util.Map.of("N", 7L), java.util.Map.of("id", 5), 42);
        var again = Case.of(example.file());
        assertEquals(List.of(example.sizes(), example.bounds(), example.seed()), List.of(again.sizes(), again.bounds(), again.seed()));
    }
}
