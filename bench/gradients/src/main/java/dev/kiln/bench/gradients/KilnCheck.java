package dev.kiln.bench.gradients;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.gradient.Blame;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import dev.kiln.testkit.gradient.Slope;
import dev.kiln.testkit.gradient.Verdict;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Kiln's check of one case at one sample, as a plain call: all weights, each along a direction, and blame when one is wrong.
final class KilnCheck {
    private static final Map<String, Long> SIZES = Map.of("N", 4L, "T", 5L);

    private KilnCheck() {}

    static Said of(Case of) {
        Program program = Compiler.of(KilnCheck.class.getClassLoader()).check(new SourceFile("case.nn", of.network())).checked().models().getFirst().program();
        Entry train = program.entry("train").orElseThrow();
        Value loss = train.outputs(Output.Role.LOSS).getFirst().value();
        var sizes = new HashMap<>(SIZES);
        if (of.still()) sizes.put("N", 1L);
        var world = world(train, sizes, of.still());
        List<Value> weights = train.graph().reachable(List.of(loss)).stream().filter(v -> v.op() instanceof Param).toList();
        long begin = System.nanoTime();
        List<Finding> findings = new GradientCheck(train.graph(), world, 1).ofLoss(loss, weights);
        boolean failed = findings.stream().anyMatch(Finding::failed);
        String message = failed ? Blame.of(train.graph(), world, loss, weights, 1).map(Blame::toString).orElse("") : told(findings);
        double milliseconds = (System.nanoTime() - begin) / 1e6;
        boolean open = findings.stream().anyMatch(f -> f.verdict() instanceof Verdict.Inconclusive);
        return new Said(failed ? "FAIL" : open ? "INCONCLUSIVE" : "PASS", String.join("; ", message.lines().map(String::strip).toList()), milliseconds);
    }

    /// What stands beside a verdict that is no failure: a kink, or why nothing can be told.
    private static String told(List<Finding> findings) {
        for (Finding f : findings) {
            if (f.verdict() instanceof Verdict.Inconclusive(String reason)) return reason;
            if (f.differences() instanceof Slope.Kinked) return "between the sides of a kink, " + f.differences();
        }
        return "";
    }

    private static World world(Entry entry, Map<String, Long> sizes, boolean still) {
        var random = new Random(1);
        var inputs = new HashMap<String, Array>();
        var parameters = new HashMap<String, Array>();
        for (Value v : entry.inputs()) inputs.put(((Input) v.op()).name(), drawn(v, sizes, random, 1));
        for (Value v : entry.graph().values()) if (v.op() instanceof Param p) parameters.put(p.name(), drawn(v, sizes, random, still ? 0 : 0.5));
        return new World(sizes, inputs, parameters, 1, 1);
    }

    private static Array drawn(Value v, Map<String, Long> sizes, Random random, double scale) {
        Array array = Array.zeros(v.type().shape().stream().mapToInt(d -> Math.toIntExact(d.evaluate(sizes::get))).toArray());
        for (int i = 0; i < array.data().length; i++) array.data()[i] = scale * random.nextGaussian();
        return array;
    }
}
