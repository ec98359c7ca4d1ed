package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Rebuild;
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
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;

/// Random graphs with their gradients: no stage may change what they mean.
class RandomGraphTest {
    private record Grown(Graph graph, Drawn drawn, List<Value> values, Value loss) {
        static Grown of(int steps, List<Integer> sizes, long seed) {
            var graph = new Graph();
            var drawn = new Drawn(graph, sizes, seed);
            var values = new RandomGraph(graph, drawn, seed).grow(steps);
            var last = values.getLast();
            return new Grown(graph, drawn, values, Ops.mean(graph, last, IntStream.range(0, last.type().rank()).boxed().toList()));
        }

        /// The loss, its gradients and an intermediate value as outputs.
        Entry entry() {
            var roots = new ArrayList<>(List.of(loss, values.get(values.size() / 2)));
            roots.addAll(Differentiate.gradient(graph, loss, drawn.realInputs()));
            var outputs = IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList();
            return new Entry("random", graph, drawn.inputs(), outputs);
        }
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.of(1, 2, 3, 5, 7, 8).list().ofSize(5);
    }

    @Property(tries = 250, edgeCases = EdgeCasesMode.NONE)
    void optimisedEqualsPlain(@ForAll @IntRange(min = 1, max = 14) int steps, @ForAll("sizes") List<Integer> sizes, @ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
        var grown = Grown.of(steps, sizes, seed);
        var plain = GraphCheck.verify(grown.entry());
        var simple = GraphCheck.verify(Simplify.of(plain));
        var normal = GraphCheck.verify(Normalise.of(simple));
        var wanted = Interpreter.evaluate(plain.graph(), plain.roots(), grown.drawn.world());
        for (var entry : List.of(simple, normal)) {
            var found = Interpreter.evaluate(entry.graph(), entry.roots(), grown.drawn.world());
            for (int i = 0; i < plain.roots().size(); i++) Close.assertClose(plain.outputs().get(i).name(), wanted.get(plain.roots().get(i)), found.get(entry.roots().get(i)));
        }
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void gradientAgreesWithDifferences(@ForAll @IntRange(min = 1, max = 10) int steps, @ForAll("sizes") List<Integer> sizes, @ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
        var grown = Grown.of(steps, sizes, seed);
        var findings = new GradientCheck(grown.graph, grown.drawn.world(), seed).ofLoss(grown.loss, grown.drawn.realInputs());
        assertEquals(List.of(), findings.stream().filter(Finding::failed).toList());
    }

    @Property(tries = 100, edgeCases = EdgeCasesMode.NONE)
    void simplifyingTwiceIsSimplifyingOnce(@ForAll @IntRange(min = 1, max = 14) int steps, @ForAll("sizes") List<Integer> sizes, @ForAll @LongRange(min = 0, max = 1 << 20) long seed) {
        var once = Simplify.of(Grown.of(steps, sizes, seed).entry());
        assertEquals(GraphText.print(once), GraphText.print(Simplify.of(once)));
        assertEquals(GraphText.print(once), GraphText.print(Rebuild.compact(once)));
    }
}
