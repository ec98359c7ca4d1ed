package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Cotangent;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.WithGradient;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.gradient.Blame;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

/// The gradient rule of every operator, altered in every way below: does the check notice, and does it blame the operator? Nothing in the product is altered: a wrong rule is a derivative written by hand around a right operator.
class RuleMutantsTest {
    private static final List<Integer> SIZES = List.of(3, 4, 2, 5);
    private static final int TRIES = 4;

    /// Between e⁸⁸ and e⁻⁸⁷ an error of 0.1 is below the rounding of the sum along a direction.
    private static final Set<String> DROWNED = Set.of("map, exp, without its mask", "map, exp, masked too much");

    /// What becomes of one cotangent; empty where the alteration has no meaning.
    private interface Alteration {
        Optional<Value> of(Graph g, Value flow, Value operand);
    }

    private record Named(String name, Alteration alteration) {}

    private static final List<Named> ALTERATIONS = List.of(
            new Named("sign", (g, flow, _) -> Optional.of(Ops.neg(g, flow))),
            new Named("twice", (g, flow, _) -> Optional.of(Ops.add(g, flow, flow))),
            new Named("half", (g, flow, _) -> Optional.of(scaled(g, flow, 0.5))),
            new Named("a thousandth more", (g, flow, _) -> Optional.of(scaled(g, flow, 1.001))),
            new Named("dropped", (g, flow, _) -> Optional.of(Ops.fill(g, 0, flow.type().shape()))),
            new Named("mean for sum", (g, flow, _) -> Optional.of(Ops.div(g, flow, Ops.fill(g, Ops.count(g, flow, axes(flow)), flow.type().shape())))),
            new Named("times the operand", (g, flow, operand) -> Optional.of(Ops.mul(g, flow, operand))),
            new Named("squared", (g, flow, _) -> Optional.of(Ops.mul(g, flow, flow))),
            new Named("without its mask", (g, flow, _) -> Optional.of(Ops.add(g, flow, Ops.fill(g, 0.1, flow.type().shape())))),
            new Named("masked too much", (g, flow, operand) -> Optional.of(Ops.select(g, Ops.map(g, Functions.LESS, Ops.fill(g, 0.1, flow.type().shape()), operand), flow, Ops.fill(g, 0, flow.type().shape())))),
            new Named("turned round", (g, flow, _) -> flow.type().rank() == 0 ? Optional.empty() : Optional.of(Ops.slice(g, flow, 0, flow.type().dim(0).minus(1), -1, flow.type().dim(0)))),
            new Named("averaged along the last axis", (g, flow, _) -> flow.type().rank() == 0 ? Optional.empty() : Optional.of(averaged(g, flow))));

    private static Value scaled(Graph g, Value flow, double by) {
        return Ops.mul(g, flow, Ops.fill(g, by, flow.type().shape()));
    }

    private static Value averaged(Graph g, Value flow) {
        var last = List.of(flow.type().rank() - 1);
        return Ops.spread(g, Ops.mean(g, flow, last), flow.type().shape(), last);
    }

    private static List<Integer> axes(Value v) {
        return IntStream.range(0, v.type().rank()).boxed().toList();
    }

    private enum Fate { EQUIVALENT, MISSED, FOUND, BLAMED }

    @Example
    void everyAlteredRuleIsFoundAndItsOperatorBlamed() {
        var fates = new EnumMap<Fate, Integer>(Fate.class);
        for (Fate fate : Fate.values()) fates.put(fate, 0);
        var missed = new ArrayList<String>();
        for (Spec spec : Ops.ALL)
            for (Spec.Sample sample : spec.samples())
                for (Named named : ALTERATIONS) {
                    Fate fate = Fate.EQUIVALENT;
                    for (long seed = 0; seed < TRIES && (fate == Fate.EQUIVALENT || fate == Fate.MISSED); seed++) fate = fate(sample, named.alteration, seed);
                    fates.merge(fate, 1, Integer::sum);
                    String altered = "%s, %s, %s".formatted(spec.name(), sample.label(), named.name);
                    if ((fate == Fate.MISSED || fate == Fate.FOUND) && !DROWNED.contains(altered)) missed.add(altered + ": " + fate);
                }
        int real = fates.get(Fate.MISSED) + fates.get(Fate.FOUND) + fates.get(Fate.BLAMED);
        System.out.printf("altered rules: %d, found %d, blamed right %d; %d more change nothing%n", real, real - fates.get(Fate.MISSED), fates.get(Fate.BLAMED), fates.get(Fate.EQUIVALENT));
        assertTrue(real > 400, real + " altered rules");
        assertEquals(List.of(), missed);
    }

    private static Fate fate(Spec.Sample sample, Alteration alteration, long seed) {
        var g = new Graph();
        var drawn = new Drawn(g, SIZES, seed);
        Op op = sample.build().apply(g, drawn);
        Value y = g.add(op);
        if (y.type().dtype() != DType.f32 || op instanceof Op.Result || op instanceof WithGradient) return Fate.EQUIVALENT;
        Value dy = g.add(new Cotangent("altered", y.type()));
        var flows = op.gradient(g, y, dy);
        var x = IntStream.range(0, flows.size()).filter(i -> flows.get(i) != null).boxed().toList();
        var operands = x.stream().map(op.operands()::get).distinct().toList();
        if (operands.isEmpty() || operands.size() < x.size()) return Fate.EQUIVALENT;
        var altered = new ArrayList<Value>();
        for (int i : x) {
            var one = alteration.of(g, flows.get(i), op.operands().get(i));
            if (one.isEmpty()) return Fate.EQUIVALENT;
            altered.add(one.get());
        }
        Value wrong = g.add(new WithGradient("altered", y, dy, IntStream.range(0, x.size()).mapToObj(i -> "x" + i).toList(), operands, altered));
        Value end = scaled(g, wrong, 0.5);
        Value u = drawn.cotangent(end);
        var wrt = drawn.realInputs().stream().filter(v -> !v.equals(u)).toList();
        if (same(g, drawn, wrong, u, y, wrt)) return Fate.EQUIVALENT;
        var failed = new GradientCheck(g, drawn.world(), seed).ofPullback(end, u, wrt).stream().filter(Finding::failed).map(Finding::wrt).toList();
        if (failed.isEmpty()) return Fate.MISSED;
        return Blame.of(g, drawn.world(), end, failed, seed).filter(b -> b.node().equals(wrong)).isPresent() ? Fate.BLAMED : Fate.FOUND;
    }

    /// Whether the alteration changes no number here.
    private static boolean same(Graph g, Drawn drawn, Value wrong, Value u, Value y, List<Value> wrt) {
        var altered = Differentiate.pullback(g, wrong, u, wrt);
        var right = Differentiate.pullback(g, y, u, wrt);
        var roots = new ArrayList<>(altered);
        roots.addAll(right);
        var values = Interpreter.evaluate(g, roots, drawn.world());
        return IntStream.range(0, wrt.size()).allMatch(i -> close(values.get(altered.get(i)), values.get(right.get(i))));
    }

    private static boolean close(Array a, Array b) {
        return IntStream.range(0, a.data().length).allMatch(i -> Math.abs(a.data()[i] - b.data()[i]) <= 1e-9 * Math.max(1e-3, Math.abs(a.data()[i])));
    }
}
