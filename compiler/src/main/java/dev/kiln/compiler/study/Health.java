package dev.kiln.compiler.study;

import dev.kiln.compiler.autodiff.Forward;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// A training graph that tells, for one batch, how well its layers do, and changes nothing: it runs as the entry `sample`, with the doors of `train`.
/// Its results are the loss; then for each of `weights` how large its gradient is, itself and its update, each as the greatest absolute element and the sum of the squares of all, measured by that one (squares of floats above 1e19 or below 1e-23 are none); then one for each of `activations`.
///
/// @param program     to be differentiated and compiled
/// @param weights     those that move, in order
/// @param activations what bends values one by one, in order; those of loops are not among them
public record Health(Program program, List<String> weights, List<Probe> activations) {
    /// Below this share of its steepest slope a squashing function counts as saturated: 5 % is tanh beyond ±2.2, sigmoid beyond ±4.4.
    public static final double SATURATED = 0.05;

    /// A slope below this lets nothing through.
    public static final double FLAT = 1e-6;

    /// What one activation tells.
    /// @param where its place in the text
    /// @param units whether it is a slope for each unit, the greatest of the batch; otherwise the share of elements that are saturated
    public record Probe(String where, boolean units) {}

    public Health {
        weights = List.copyOf(weights);
        activations = List.copyOf(activations);
    }

    /// What to ask of a network.
    /// @param program checked, not differentiated, with an entry `train`
    public static Health of(Program program) {
        var train = program.entry("train").orElseThrow();
        var g = train.graph();
        var loss = train.outputs(Role.LOSS).getFirst();
        var outputs = new ArrayList<>(List.of(loss));
        var weights = new ArrayList<String>();
        var probes = new ArrayList<Probe>();
        for (var update : train.outputs(Role.UPDATE)) {
            var parameter = program.parameters().find(update.name()).filter(p -> p.role() == Parameter.Role.WEIGHT);
            if (parameter.isEmpty()) continue;
            var now = g.add(new Param(update.name(), parameter.get().type()));
            weights.add(update.name());
            for (var v : List.of(g.add(new Gradient(update.name(), now.type())), now, Ops.sub(g, update.value(), now))) {
                var most = most(g, v);
                var share = Ops.div(g, v, Ops.fill(g, Ops.map(g, Functions.MAX, most, Ops.scalar(g, Float.MIN_NORMAL)), v.type().shape()));
                outputs.add(result(outputs.size(), most));
                outputs.add(result(outputs.size(), total(g, Ops.mul(g, share, share))));
            }
        }
        for (var a : Activation.of(g, List.of(loss.value()))) {
            var told = a.bend().kind() == Bend.Kind.RECTIFIER ? passed(g, a) : Optional.of(saturated(g, a));
            told.ifPresent(v -> {
                outputs.add(result(outputs.size(), v));
                probes.add(new Probe(where(g, a), a.bend().kind() == Bend.Kind.RECTIFIER));
            });
        }
        var entry = Rebuild.compact(new Entry("sample", g, train.inputs(), outputs));
        return new Health(new Program(program.name(), program.line(), List.of(entry), program.parameters(), program.dims(), program.checks(), program.vocabularies(), Map.of()), weights, probes);
    }

    /// `digits.nn:12 after logits.dense_1`.
    private static String where(Graph g, Activation a) {
        var origin = g.origin(a.ends().getFirst());
        var line = origin.map(o -> new Origin(o.file(), o.line(), "").toString()).orElse("");
        return line + a.layer().map(layer -> " after " + layer).orElse("");
    }

    private static Output result(int number, Value value) {
        return new Output("health" + number, value, Role.USER);
    }

    private static Value most(Graph g, Value v) {
        var size = Ops.map(g, Functions.ABS, v);
        return axes(v).isEmpty() ? size : g.add(new Max(size, axes(v)));
    }

    private static Value total(Graph g, Value v) {
        return Ops.sum(g, v, axes(v));
    }

    private static List<Integer> axes(Value v) {
        return IntStream.range(0, v.type().rank()).boxed().toList();
    }

    /// `|∂end/∂source|`, element by element.
    private static Value slope(Graph g, Activation a) {
        var source = a.source();
        var ones = Ops.fill(g, 1, source.type().shape());
        return Ops.map(g, Functions.ABS, Forward.tangents(g, a.ends(), Map.of(source, ones)).getFirst());
    }

    /// The greatest slope of each unit over everything that went through it; empty where no parameters tell units apart, or nothing but them.
    private static Optional<Value> passed(Graph g, Activation a) {
        var others = axes(a.source()).stream().filter(axis -> !a.units().contains(axis)).toList();
        return a.units().isEmpty() || others.isEmpty() ? Optional.empty() : Optional.of(Ops.max(g, slope(g, a), others.toArray(Integer[]::new)));
    }

    private static Value saturated(Graph g, Activation a) {
        var slope = slope(g, a);
        var flat = Ops.cast(g, Ops.map(g, Functions.LESS, slope, Ops.fill(g, SATURATED * a.bend().steepest(), slope.type().shape())), DType.f32);
        return Ops.mean(g, flat, axes(flat));
    }
}
