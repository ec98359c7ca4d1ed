package dev.kiln.testkit.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import dev.kiln.testkit.Drawn;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferencesTest {
    /// `Σ s·sin(s)` with `s = a·x`: from some a on a step goes over many waves, and three of them may look smooth.
    @Test
    void wavesShorterThanAStepAreNoWrongGradient() {
        var failed = new ArrayList<String>();
        for (double a = 1; a < 1e10; a *= 3)
            for (int seed = 0; seed < 40; seed++) {
                var graph = new Graph();
                var drawn = new Drawn(graph, List.of(), seed);
                Value x = drawn.real(-1, 1, Dim.of(3));
                Value s = scaled(graph, x, a);
                Value loss = Ops.sum(graph, Ops.mul(graph, s, Ops.map(graph, Functions.SIN, s)), 0);
                for (Finding f : new GradientCheck(graph, drawn.world(), seed).ofLoss(loss, List.of(x))) if (f.failed()) failed.add("a = " + a + ": " + f);
            }
        assertEquals(List.of(), failed);
    }

    /// `1e25 x + Σ s·sin(s)` with `s = 1e11 x`: over a step of 1e-3 waves of 1e11 are a slope of 1e14, which nobody sees beside 1e25, but at one place theirs is up to 1e22.
    @Test
    void lowWavesAreNoWrongGradient() {
        var failed = new ArrayList<String>();
        for (int seed = 0; seed < 40; seed++) {
            var graph = new Graph();
            var drawn = new Drawn(graph, List.of(), seed);
            Value x = drawn.real(-1, 1, Dim.of(3));
            Value s = scaled(graph, x, 1e11);
            Value waves = Ops.mul(graph, s, Ops.map(graph, Functions.SIN, s));
            Value loss = Ops.sum(graph, Ops.add(graph, scaled(graph, x, 1e25), waves), 0);
            for (Finding f : new GradientCheck(graph, drawn.world(), seed).ofLoss(loss, List.of(x))) if (f.failed()) failed.add(seed + ": " + f);
        }
        assertEquals(List.of(), failed);
    }

    /// `e^(k(1 + d) x)` whose rule says `k e^(k(1 + d) x)`, in both modes: the slope bends, and is wrong by d of itself. With d = 1e-8 and k = 30 differences cannot know it.
    @Test
    void aWrongRuleOfBothModesIsToldWhereTheSlopeBends() {
        var passed = new ArrayList<String>();
        for (double wrong : new double[]{1e-3, 1e-6, 1e-8})
            for (double k : wrong < 1e-7 ? new double[]{1, 5} : new double[]{1, 5, 30})
                for (int seed = 0; seed < 20; seed++) {
                    var exp = Functions.EXP;
                    var almost = new Fn("almost", 1, exp.typing(), x -> Math.exp((1 + wrong) * x[0]), exp.slopes(), exp.kink(), exp.domain(), exp.ulps(), exp.operations(), List.of(), exp.doc());
                    var graph = new Graph();
                    var drawn = new Drawn(graph, List.of(), seed);
                    Value x = drawn.real(-1, 1, Dim.of(1));
                    Value loss = Ops.sum(graph, Ops.map(graph, almost, scaled(graph, x, k)), 0);
                    for (Finding f : new GradientCheck(graph, drawn.world(), seed).ofLoss(loss, List.of(x))) if (!f.failed()) passed.add("wrong by " + wrong + ", k = " + k + ": " + f);
                }
        assertEquals(List.of(), passed);
    }

    private static Value scaled(Graph graph, Value x, double by) {
        return Ops.mul(graph, x, Ops.fill(graph, Ops.scalar(graph, by), x.type().shape()));
    }
}
