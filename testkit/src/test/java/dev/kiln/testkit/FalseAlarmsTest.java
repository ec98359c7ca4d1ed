package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.reference.World;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.gradient.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

/// Right gradients are never called wrong: random networks with relu, clip, max pooling, maxout, hard sigmoid, abs and floor, half of them on a coarse grid of inputs, so that samples lie on kinks and ties.
/// `mvn -o -q -pl testkit -am test -Dtest=FalseAlarmsTest -Dsurefire.failIfNoSpecifiedTests=false -Dkiln.networks=10000` tries more of them; the figures are printed.
class FalseAlarmsTest {
    private static final List<Integer> SOME = List.of(1, 2, 3, 5, 7, 8);

    @Example
    void noRightGradientIsCalledWrong() {
        int networks = Integer.getInteger("kiln.networks", 200);
        var alarms = new ArrayList<String>();
        var findings = new ArrayList<Finding>();
        for (int seed = 0; seed < networks; seed++)
            for (Finding f : check(seed)) {
                findings.add(f);
                if (f.failed()) alarms.add("seed %d: %s".formatted(seed, f));
            }
        var report = new ModelReport("all", findings, 0, Optional.empty());
        System.out.printf("false alarms: %d networks, %d derivatives: %d smooth, %d between the sides of a kink, %d inconclusive (%.2f %%), %d called wrong%n",
                networks, findings.size(), report.smooth(), report.betweenSides(), report.skipped(), 100.0 * report.skipped() / findings.size(), alarms.size());
        assertEquals(List.of(), alarms);
        assertTrue(report.skipped() < 0.05 * findings.size());
    }

    /// What a sample cannot tell is looked at again at another one.
    private static List<Finding> check(int seed) {
        var random = new Random(seed);
        var g = new Graph();
        var drawn = new Drawn(g, random.ints(5, 0, SOME.size()).mapToObj(SOME::get).toList(), seed);
        var values = new RandomGraph(g, drawn, seed).grow(1 + random.nextInt(9));
        Value loss = Ops.scalar(g, 0);
        for (int k = 0; k < 3; k++) loss = Ops.add(g, loss, mean(g, kinked(g, kinked(g, values.get(random.nextInt(values.size())), random), random)));
        var wrt = drawn.realInputs();
        var world = drawn.world();
        var findings = new ArrayList<Finding>();
        for (Finding f : new GradientCheck(g, seed % 2 == 0 ? world : coarse(world), seed).ofLoss(loss, wrt)) {
            if (!(f.verdict() instanceof Verdict.Inconclusive)) findings.add(f);
            else findings.addAll(new GradientCheck(g, jittered(world, random), seed).ofLoss(loss, List.of(f.wrt())));
        }
        return findings;
    }

    private static Value mean(Graph g, Value v) {
        return Ops.mean(g, v, IntStream.range(0, v.type().rank()).boxed().toList());
    }

    private static Value kinked(Graph g, Value v, Random random) {
        int rank = v.type().rank();
        int axis = rank == 0 ? 0 : random.nextInt(rank);
        return switch (random.nextInt(rank == 0 ? 6 : 9)) {
            case 0 -> Ops.map(g, Functions.MAX, v, fill(g, v, 0));
            case 1 -> Ops.map(g, Functions.MIN, Ops.map(g, Functions.MAX, v, fill(g, v, -0.5)), fill(g, v, 0.5));
            case 2 -> Ops.map(g, Functions.ABS, Ops.sub(g, v, fill(g, v, 0.5)));
            case 3 -> Ops.mul(g, v, Ops.map(g, Functions.MIN, Ops.map(g, Functions.MAX, Ops.add(g, Ops.mul(g, v, fill(g, v, 0.2)), fill(g, v, 0.5)), fill(g, v, 0)), fill(g, v, 1)));
            case 4 -> Ops.map(g, Functions.MAX, Ops.mul(g, v, fill(g, v, 2)), Ops.neg(g, v));
            case 5 -> Ops.mul(g, v, Ops.map(g, Functions.FLOOR, Ops.mul(g, v, fill(g, v, 3))));
            case 6 -> Ops.max(g, v, axis);
            case 7 -> v.type().dim(axis).isConstant() && v.type().dim(axis).toInt() >= 2 ? g.add(new WindowMax(v, List.of(Slide.over(axis, 2, 1, 1, 0, 1, v.type().dim(axis))))) : Ops.max(g, v, axis);
            default -> Ops.select(g, Ops.map(g, Functions.LESS, fill(g, v, 0), v), v, Ops.mul(g, v, fill(g, v, 0.1)));
        };
    }

    private static Value fill(Graph g, Value v, double value) {
        return Ops.fill(g, value, v.type().shape());
    }

    private static World coarse(World world) {
        return moved(world, v -> Math.rint(2 * v) / 2);
    }

    private static World jittered(World world, Random random) {
        return moved(world, v -> v + 0.2 * (random.nextDouble() - 0.5));
    }

    private static World moved(World world, DoubleUnaryOperator move) {
        var inputs = new HashMap<String, Array>();
        world.inputs().forEach((name, x) -> inputs.put(name, new Array(x.shape(), Arrays.stream(x.data()).map(move).toArray())));
        return new World(world.dims(), inputs, world.parameters(), world.seed(), world.step());
    }
}
