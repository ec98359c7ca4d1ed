package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.autodiff.Forward;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Cotangent;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.op.While;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What every operator promises. Nothing here names an operator's formula: a new one is tested by being in [Ops#ALL].
class OperatorContractTest {
    /// Sources that are only names of what a run or a loop brings along, and loops themselves, whose samples are those of their results.
    private static final Set<Spec> NAMES = Set.of(Input.SPEC, Param.SPEC, Gradient.SPEC, Cotangent.SPEC, Port.SPEC, Scan.SPEC, While.SPEC);

    /// One sample of one operator on drawn sizes.
    record Case(Spec spec, Spec.Sample sample, List<Integer> sizes, long seed) {
        Drawing draw() {
            var graph = new Graph();
            var drawn = new Drawn(graph, sizes, seed);
            return new Drawing(graph, drawn, graph.add(sample.build().apply(graph, drawn)));
        }

        @Override
        public String toString() {
            return "%s, %s, sizes %s, seed %d".formatted(spec.name(), sample.label(), sizes, seed);
        }
    }

    record Drawing(Graph graph, Drawn drawn, Value y) {
        List<Finding> failures(Value value, List<Value> wrt, long seed) {
            var dy = drawn.cotangent(value);
            return new GradientCheck(graph, drawn.world(), seed, 2).ofPullback(value, dy, wrt).stream().filter(Finding::failed).toList();
        }
    }

    @Provide
    Arbitrary<Case> cases() {
        var samples = Ops.ALL.stream().flatMap(s -> s.samples().stream().map(sample -> new Case(s, sample, List.of(), 0))).toList();
        return Combinators.combine(Arbitraries.of(samples), sizes(), Arbitraries.longs().between(0, 1 << 20)).as((c, s, seed) -> new Case(c.spec, c.sample, s, seed));
    }

    @Property(tries = 700, edgeCases = EdgeCasesMode.NONE)
    void gradientAgreesWithDifferences(@ForAll("cases") Case c) {
        var d = c.draw();
        if (d.y.type().dtype() == DType.f32) assertEquals(List.of(), d.failures(d.y, d.drawn.realInputs(), c.seed));
    }

    /// The gradient is a graph that can be differentiated again.
    @Property(tries = 400, edgeCases = EdgeCasesMode.NONE)
    void gradientOfTheGradientAgreesWithDifferences(@ForAll("cases") Case c) {
        var d = c.draw();
        if (d.y.type().dtype() != DType.f32 || d.drawn.realInputs().isEmpty()) return;
        var wrt = d.drawn.realInputs();
        var first = Differentiate.pullback(d.graph, d.y, d.drawn.cotangent(d.y), List.of(wrt.getFirst())).getFirst();
        assertEquals(List.of(), d.failures(first, d.drawn.realInputs(), c.seed));
    }

    /// `⟨Jv, u⟩ = ⟨v, Jᵀu⟩`: forward and reverse mode are written apart and say the same.
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void forwardModeAgreesWithReverseMode(@ForAll("cases") Case c) {
        var d = c.draw();
        var wrt = d.drawn.realInputs();
        if (d.y.type().dtype() != DType.f32 || wrt.isEmpty()) return;
        var u = d.drawn.cotangent(d.y);
        var moves = new LinkedHashMap<Value, Value>();
        for (var x : wrt) moves.put(x, d.drawn.cotangent(x));
        var tangent = Forward.tangents(d.graph, List.of(d.y), moves).getFirst();
        var flows = Differentiate.pullback(d.graph, d.y, u, wrt);
        var forward = inner(d.graph, u, tangent);
        var reverse = IntStream.range(0, wrt.size()).mapToObj(i -> inner(d.graph, moves.get(wrt.get(i)), flows.get(i))).reduce((a, b) -> Ops.add(d.graph, a, b)).orElseThrow();
        var values = Interpreter.evaluate(d.graph, List.of(forward, reverse), d.drawn.world());
        Close.assertClose(c.toString(), values.get(forward), values.get(reverse));
    }

    private static Value inner(Graph g, Value a, Value b) {
        return Ops.sum(g, Ops.mul(g, a, b), IntStream.range(0, a.type().rank()).boxed().toList());
    }

    /// The value and its gradients survive simplification and normalisation.
    @Property(tries = 500, edgeCases = EdgeCasesMode.NONE)
    void rewritingAndNormalisingKeepTheValue(@ForAll("cases") Case c) {
        var d = c.draw();
        var roots = new ArrayList<>(List.of(d.y));
        if (d.y.type().dtype() == DType.f32) roots.addAll(Differentiate.pullback(d.graph, d.y, d.drawn.cotangent(d.y), d.drawn.realInputs()));
        var outputs = IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList();
        var plain = new Entry("sample", d.graph, d.drawn.inputs(), outputs);
        var normal = Normalise.of(Simplify.of(plain));
        if (!(d.y.op() instanceof Op.Source)) GraphCheck.verify(normal);
        var before = Interpreter.evaluate(d.graph, roots, d.drawn.world());
        var after = Interpreter.evaluate(normal.graph(), normal.roots(), d.drawn.world());
        for (int i = 0; i < roots.size(); i++) Close.assertClose(outputs.get(i).name(), before.get(roots.get(i)), after.get(normal.roots().get(i)));
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void printedGraphIsStable(@ForAll("cases") Case c) {
        var once = c.draw();
        var again = c.draw();
        assertEquals(GraphText.print(once.graph, List.of(once.y)), GraphText.print(again.graph, List.of(again.y)));
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.of(1, 2, 3, 5, 7, 8, 9, 15, 16, 17).list().ofSize(4);
    }

    @Property(tries = 40, edgeCases = EdgeCasesMode.NONE)
    void lawsHold(@ForAll("sizes") List<Integer> sizes, @ForAll long seed) {
        for (var spec : Ops.ALL)
            for (var law : spec.laws()) {
                var graph = new Graph();
                var drawn = new Drawn(graph, sizes, seed);
                var sides = law.build().apply(graph, drawn);
                var values = Interpreter.evaluate(graph, List.of(sides.left(), sides.right()), drawn.world());
                Close.assertClose(spec.name() + ": " + law.name(), values.get(sides.left()), values.get(sides.right()));
            }
    }

    @Example
    void operandsThatDoNotFitAreRefusedWithTheNumbers() {
        for (var spec : Ops.ALL)
            for (var rejection : spec.rejections()) {
                var refused = assertThrows(IllegalArgumentException.class, () -> rejection.build().apply(new Graph()), rejection.message());
                assertEquals(rejection.message(), refused.getMessage());
            }
    }

    @Example
    void everyOperatorHasAFormulaAndSamples() {
        for (var spec : Ops.ALL) {
            assertFalse(spec.doc().isBlank(), spec.name());
            assertTrue(NAMES.contains(spec) || !spec.samples().isEmpty(), spec.name());
        }
        assertEquals(Ops.ALL.size(), Ops.ALL.stream().map(Spec::name).distinct().count());
    }
}
