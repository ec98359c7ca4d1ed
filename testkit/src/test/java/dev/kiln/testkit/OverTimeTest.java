package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// Every operator as the step of a loop: the gradient of the loop, and the laws that take it apart.
class OverTimeTest {
    record Case(Spec spec, Spec.Sample sample, OverTime.Operands differing, boolean bends, int time, int size, long seed) {
        @Override
        public String toString() {
            return "%s, %s, %s differ, bends %s, time %d, size %d, seed %d".formatted(spec.name(), sample.label(), differing, bends, time, size, seed);
        }

        List<Value> results(Graph graph, Drawn drawn) {
            return OverTime.results(graph, drawn, sample, differing, bends);
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        var samples = Ops.ALL.stream().flatMap(s -> s.samples().stream().filter(OverTime::fits).map(sample -> new Case(s, sample, OverTime.Operands.ALL, false, 0, 0, 0))).toList();
        return Combinators.combine(Arbitraries.of(samples), Arbitraries.of(OverTime.Operands.values()), Arbitraries.of(true, false), Arbitraries.of(1, 2, 3), Arbitraries.of(1, 2, 3, 5), Arbitraries.longs().between(0, 1 << 20))
                .as((c, differing, bends, time, size, seed) -> new Case(c.spec, c.sample, differing, bends, time, size, seed));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void gradientAgreesWithDifferences(@ForAll("cases") Case c) {
        var graph = new Graph();
        var drawn = new Drawn(graph, List.of(c.time, c.size), c.seed);
        var loss = Recurrent.loss(graph, drawn, c.results(graph, drawn));
        assertEquals(List.of(), new GradientCheck(graph, drawn.world(), c.seed).ofLoss(loss, drawn.realInputs()).stream().filter(Finding::failed).toList());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void lawsKeepValuesAndGradients(@ForAll("cases") Case c) {
        var graph = new Graph();
        var drawn = new Drawn(graph, List.of(c.time, c.size), c.seed);
        var roots = new ArrayList<>(c.results(graph, drawn));
        roots.addAll(Differentiate.gradient(graph, Recurrent.loss(graph, drawn, roots), drawn.realInputs()));
        var outputs = IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList();
        var after = GraphCheck.verify(Normalise.of(Simplify.of(new Entry("sample", graph, drawn.inputs(), outputs))));
        var expected = Interpreter.evaluate(graph, roots, drawn.world());
        var actual = Interpreter.evaluate(after.graph(), after.roots(), drawn.world());
        for (int i = 0; i < roots.size(); i++) Close.assertClose(outputs.get(i).name(), expected.get(roots.get(i)), actual.get(after.roots().get(i)));
    }
}
