package dev.kiln.compiler.rewrite;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.rewrite.Rule.Precision;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RewriterTest {
    private final Graph g = new Graph();
    private final Value x = g.add(new Input("x", TensorType.f32(3)));

    @Test
    void rulesThatUndoEachOtherAreNamed() {
        var rules = List.of(becomes("sin => cos", Functions.SIN, Functions.COS), becomes("cos => sin", Functions.COS, Functions.SIN));
        var stuck = assertThrows(IllegalStateException.class, () -> Rewriter.rewrite(entry(Ops.map(g, Functions.SIN, x)), rules, _ -> {}));
        assertEquals("these rules undo each other: [sin => cos, cos => sin]", stuck.getMessage());
    }

    @Test
    void aRuleThatGrowsWithoutEndRunsOutOfFuel() {
        var rule = Rule.rule(Map.class, "f(x) => f(-x)", Precision.EXACT, (at, op) -> Ops.map(at.graph(), op.fn(), Ops.neg(at.graph(), op.operands().getFirst())), (graph, d) -> Ops.neg(graph, d.real()));
        assertThrows(IllegalStateException.class, () -> Rewriter.rewrite(entry(Ops.map(g, Functions.SIN, x)), List.of(rule), _ -> {}));
    }

    @Test
    void aRuleMayNotChangeAType() {
        var rule = Rule.rule(Map.class, "f(x) => sum(x)", Precision.EXACT, (at, op) -> Ops.sum(at.graph(), op.operands().getFirst(), 0), (graph, d) -> Ops.neg(graph, d.real()));
        var refused = assertThrows(IllegalStateException.class, () -> Rewriter.rewrite(entry(Ops.neg(g, x)), List.of(rule), _ -> {}));
        assertEquals("rule 'f(x) => sum(x)' changed the type from f32[3] to f32", refused.getMessage());
    }

    @Test
    void whatNoOutputDependsOnIsGone() {
        Ops.map(g, Functions.EXP, x);
        assertEquals(2, Rewriter.rewrite(entry(Ops.neg(g, x)), List.of(), _ -> {}).graph().size());
    }

    @Test
    void anOutputIsNeverRewrittenAway() {
        var twice = Ops.neg(g, Ops.neg(g, x));
        var entry = new Entry("e", g, List.of(x), List.of(new Output("negated", Ops.neg(g, x), Output.Role.USER), new Output("y", twice, Output.Role.USER)));
        var names = new ArrayList<String>();
        Simplify.of(entry).outputs().forEach(o -> names.add(o.name() + " " + o.value().op().spec().name()));
        assertEquals(List.of("negated map", "y input"), names);
        assertTrue(Simplify.of(entry).inputs().getFirst().op() instanceof Input);
    }

    /// Squares of scaled values keep their scale inside, though a value may take the place of the scaled one in the same round: x·x may be 0 where (x·s)·(x·s) is not.
    @Test
    void whatIsReadTwiceByOneIsNotReadOnce() {
        var scale = Ops.broadcast(g, Ops.div(g, Ops.fill(g, 1), Ops.sum(g, x, 0)), x.type().shape(), List.of());
        var scaled = Ops.mul(g, scale, x);
        var square = Simplify.of(entry(Ops.mul(g, scaled, scaled))).outputs().getFirst().value();
        assertEquals(1, Set.copyOf(square.op().operands()).size(), () -> "" + square.op());
    }

    private static Rule<Map> becomes(String law, Fn from, Fn to) {
        return Rule.unary(from, law, Precision.EXACT, (at, a) -> Ops.map(at.graph(), to, a), (graph, d) -> Ops.map(graph, from, d.real()));
    }

    private Entry entry(Value y) {
        return new Entry("e", g, List.of(x), List.of(new Output("y", y, Output.Role.USER)));
    }
}
