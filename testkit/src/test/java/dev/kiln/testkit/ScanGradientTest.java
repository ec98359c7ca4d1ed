package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Gradients of loops against differences: to initial states, steps and constants, from final states and outputs.
class ScanGradientTest {
    /// @param used which results the loss reads: all, or the one with this number
    record Case(Recurrent cell, int time, int batch, boolean reverse, int used, long seed) {
        Drawing draw() {
            var graph = new Graph();
            var drawn = new Drawn(graph, List.of(time, batch), seed);
            var t = drawn.dim();
            var results = cell.results(graph, drawn, t, drawn.dim(), reverse);
            return new Drawing(graph, drawn, Recurrent.loss(graph, drawn, used < 0 ? results : List.of(results.get(used % results.size()))));
        }
    }

    record Drawing(Graph graph, Drawn drawn, Value loss) {
        List<Finding> failures(Value of, long seed) {
            return new GradientCheck(graph, drawn.world(), seed).ofLoss(of, drawn.realInputs()).stream().filter(Finding::failed).toList();
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(Arbitraries.of(Recurrent.values()), Arbitraries.of(0, 1, 2, 5), Arbitraries.of(1, 3), Arbitraries.of(true, false), Arbitraries.integers().between(-2, 4), Arbitraries.longs().between(0, 1 << 20)).as(Case::new);
    }

    @Property(tries = 80, edgeCases = EdgeCasesMode.NONE)
    void gradientAgreesWithDifferences(@ForAll("cases") Case c) {
        var d = c.draw();
        assertEquals(List.of(), d.failures(d.loss, c.seed));
    }

    @Property(tries = 25, edgeCases = EdgeCasesMode.NONE)
    void gradientOfTheGradientAgreesWithDifferences(@ForAll("cases") Case c) {
        var d = c.draw();
        var wrt = d.drawn.realInputs().get((int) (c.seed % d.drawn.realInputs().size()));
        var gradient = Differentiate.gradient(d.graph, d.loss, List.of(wrt)).getFirst();
        var all = IntStream.range(0, gradient.type().rank()).boxed().toList();
        var second = Ops.sum(d.graph, Ops.mul(d.graph, gradient, d.drawn.cotangent(gradient)), all);
        assertEquals(List.of(), d.failures(second, c.seed));
    }
}
