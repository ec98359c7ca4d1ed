package dev.kiln.compiler.autodiff;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DifferentiateTest {
    private final Graph g = new Graph();
    private final TensorType vector = TensorType.f32(3);
    private final Value x = g.add(new Input("x", vector));
    private final Value w = g.add(new Param("w", vector));
    private final Value unused = g.add(new Param("unused", vector));

    @Test
    void anOptimizerIsAGraphOnTheGradient() {
        var stepped = Interpreter.run(Differentiate.of(train(Ops.sum(g, Ops.mul(g, x, Ops.mul(g, w, w)), 0))), Map.of("x", array(1, 2, 3)), Map.of("w", array(1, 10, 100), "unused", array(7, 8, 9)), 1, 0);
        assertEquals(1 + 200 + 30000, stepped.scalar("loss"));
        assertArrayEquals(new double[] {1 - 0.5 * 2, 10 - 0.5 * 40, 100 - 0.5 * 600}, stepped.updates().get("w").data(), 1e-9);
        assertArrayEquals(new double[] {7, 8, 9}, stepped.updates().get("unused").data(), "a parameter that the loss does not see has gradient zero");
    }

    @Test
    void aGraphThatIsNotDifferentiatedCannotRun() {
        var entry = train(Ops.sum(g, w, 0));
        var refused = assertThrows(IllegalStateException.class, () -> Interpreter.run(entry, Map.of("x", array(0, 0, 0)), Map.of("w", array(0, 0, 0), "unused", array(0, 0, 0)), 1, 0));
        assertTrue(refused.getMessage().contains("'unused'") || refused.getMessage().contains("'w'"), refused.getMessage());
    }

    @Test
    void gradientsCarryTheOriginOfWhatTheyBelongTo() {
        g.at(new Origin("net.nn", 7, "h"));
        var loss = Ops.sum(g, Ops.map(g, Functions.TANH, w), 0);
        g.at(Optional.empty());
        assertTrue(GraphText.print(Differentiate.of(train(loss))).lines().filter(l -> l.contains("mul(")).anyMatch(l -> l.endsWith("// net.nn:7 h")));
    }

    @Test
    void aGraphThousandsOfValuesDeepIsNoProblem() {
        var deep = w;
        for (int i = 0; i < 2000; i++) deep = Ops.map(g, Functions.TANH, Ops.add(g, Ops.mul(g, deep, x), w));
        var entry = Normalise.of(Simplify.of(Differentiate.of(train(Ops.sum(g, deep, 0)))));
        assertTrue(GraphCheck.verify(entry).live().size() > 10_000);
        assertTrue(GraphText.print(entry).lines().count() > 10_000);
    }

    private Entry train(Value loss) {
        return new Entry("train", g, List.of(x), List.of(new Output("loss", loss, Output.Role.LOSS), descended("w", w), descended("unused", unused)));
    }

    /// `p - 0.5 * gradient(p)`.
    private Output descended(String name, Value parameter) {
        var gradient = g.add(new Gradient(name, vector));
        return new Output(name, Ops.sub(g, parameter, Ops.mul(g, gradient, Ops.fill(g, 0.5, Dim.of(3)))), Output.Role.UPDATE);
    }

    private static Array array(double... values) {
        return new Array(new int[] {values.length}, values);
    }
}
