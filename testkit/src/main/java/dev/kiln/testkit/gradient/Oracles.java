package dev.kiln.testkit.gradient;

import dev.kiln.compiler.autodiff.Declared;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.driver.CompilerBug;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.NoKernel;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Random;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.DType;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.gradient.ModelCheck.Target;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A network's values and gradients by every way there is to compute them, at one sample: as written and optimised, both in double; compiled, in float; compiled for vectors, for scalars and for two threads.
///
/// @param layers    compiled values, the first layer first
/// @param gradients compiled gradients
/// @param optimised how far the optimised graph is from the plain one in double, relative
/// @param unlike    where kernels of another width or with two threads gave other bits
/// @param missing   why nothing could be compiled
public record Oracles(List<Drift> layers, List<Drift> gradients, double optimised, List<String> unlike, Optional<String> missing) {
    private static final double SAME = 1e-8;
    private static final double SAFETY = 10;
    private static final double FLOAT = 0x1p-24;
    private static final double NEAR_A_KINK = 1e-3;
    private static final double USUAL = 1e-3;

    public Oracles {
        layers = List.copyOf(layers);
        gradients = List.copyOf(gradients);
        unlike = List.copyOf(unlike);
    }

    /// Whether any two of them disagree.
    public boolean failed() {
        return optimised > SAME || !unlike.isEmpty() || layers.stream().anyMatch(Oracles::failed) || gradients.stream().anyMatch(Oracles::failed);
    }

    private static boolean failed(Drift d) {
        return d.verdict() instanceof Verdict.Fail;
    }

    /// What disagrees, in words; empty when nothing does.
    public List<String> disagreements() {
        var said = new ArrayList<String>();
        if (optimised > SAME) said.add("the optimised graph differs from the plain one by %.1e: a rewrite rule is wrong".formatted(optimised));
        unlike.forEach(where -> said.add("other bits " + where));
        layers.stream().filter(Oracles::failed).findFirst().ifPresent(d -> said.add("the compiled value differs from the interpreter's first at " + d));
        gradients.stream().filter(Oracles::failed).forEach(d -> said.add("the compiled gradient differs from the interpreter's: " + d));
        return said;
    }

    /// At the first sample of these settings.
    public static Oracles of(Program program, ModelCheck.Settings settings) {
        var target = Target.of(program);
        World world = Singles.floats(target.world(settings, 0, settings.seed()));
        boolean draws = target.graph().reachable(List.of(target.loss())).stream().anyMatch(v -> v.op() instanceof Random);
        world = new World(world.dims(), world.inputs(), world.parameters(), draws ? Agreement.SEED : 0, 0);
        var layers = layers(target.graph(), Declared.dropped(target.graph(), List.of(target.loss())).get(target.loss()));
        var wrt = target.wrt(settings.wrt());
        return new Run(program, entry(target, layers, wrt, draws ? "sample" : "predict"), world).oracles(List.copyOf(layers.keySet()), wrt.stream().map(v -> v.op().attributes()).toList());
    }

    private static Entry entry(Target target, Map<String, Value> layers, List<Value> wrt, String name) {
        Graph g = target.graph();
        var outputs = new ArrayList<Output>();
        layers.values().forEach(value -> outputs.add(new Output("value" + outputs.size(), value, Output.Role.USER)));
        var flows = Differentiate.pullback(g, target.loss(), Ops.scalar(g, 1), wrt);
        flows.forEach(flow -> outputs.add(new Output("value" + outputs.size(), flow, Output.Role.USER)));
        return Rebuild.compact(Declared.dropped(new Entry(name, g, target.doors(), outputs)));
    }

    /// The last value of each layer: what follows the use of a parameter, until the next one is used or the next statement begins.
    private static Map<String, Value> layers(Graph g, Value loss) {
        var layers = new LinkedHashMap<String, Value>();
        var moving = new HashSet<Value>();
        String now = "";
        String statement = "";
        for (Value v : g.reachable(List.of(loss))) {
            boolean moves = v.op() instanceof Input || v.op().operands().stream().anyMatch(moving::contains);
            if (!moves || v.type().dtype() != DType.f32) continue;
            moving.add(v);
            if (v.op() instanceof Op.Control || v.op().operands().isEmpty()) continue;
            String here = g.origin(v).map(o -> (o.name().isEmpty() ? "line " : o.name() + ":") + o.line()).orElse("");
            Optional<String> owner = v.op().operands().stream().flatMap(x -> parameter(x).stream()).findFirst();
            if (owner.isPresent()) now = here + " " + owner.get();
            else if (!here.equals(statement)) now = here;
            statement = here;
            layers.put(now, v);
        }
        return layers;
    }

    /// The layer that owns a parameter, itself or broadcast.
    private static Optional<String> parameter(Value v) {
        return switch (v.op()) {
            case Param p -> Optional.of(p.name().contains(".") ? p.name().substring(0, p.name().lastIndexOf('.')) : p.name());
            case Broadcast b -> parameter(b.operands().getFirst());
            default -> Optional.empty();
        };
    }

    /// One sample by every way.
    private record Run(Program program, Entry plain, World world) {
        Oracles oracles(List<String> layers, List<String> gradients) {
            var wanted = values(plain, world);
            var rounded = values(plain, new Singles(world));
            var pieces = new Pieces(world);
            Interpreter.evaluate(plain.graph(), plain.roots(), pieces);
            Entry normal = Normalise.of(Simplify.of(plain));
            var again = values(normal, world);
            double ofLayers = USUAL * size(wanted.subList(0, layers.size()));
            double ofGradients = USUAL * size(wanted.subList(layers.size(), wanted.size()));
            double apart = 0;
            for (int i = 0; i < wanted.size(); i++) apart = Math.max(apart, distance(wanted.get(i), again.get(i), i < layers.size() ? ofLayers : ofGradients));
            var unlike = new ArrayList<String>();
            List<double[]> found;
            try {
                found = compiled(only(program, plain), only(program, normal), world, unlike);
            } catch (NoKernel e) {
                return new Oracles(List.of(), List.of(), apart, List.of(), Optional.of(String.valueOf(e.getMessage())));
            } catch (CompilerBug e) {
                // a network with all its values as outputs may be more than the compiler can do; the other oracles have spoken
                return new Oracles(List.of(), List.of(), apart, List.of(), Optional.of(e.toString()));
            }
            double terms = SAFETY * Math.sqrt(longest(plain, world)) * FLOAT;
            var drifts = new ArrayList<Drift>();
            for (int i = 0; i < wanted.size(); i++) {
                double least = i < layers.size() ? ofLayers : ofGradients;
                double drift = distance(wanted.get(i), found.get(i), least);
                double budget = SAFETY * distance(wanted.get(i), rounded.get(i), least) + terms;
                drifts.add(new Drift(i < layers.size() ? layers.get(i) : gradients.get(i - layers.size()), drift, budget, verdict(drift, budget, pieces)));
            }
            return new Oracles(drifts.subList(0, layers.size()), drifts.subList(layers.size(), drifts.size()), apart, unlike, Optional.empty());
        }

        private static List<double[]> values(Entry entry, Env world) {
            var values = Interpreter.evaluate(entry.graph(), entry.roots(), world);
            return entry.outputs().stream().map(o -> values.get(o.value()).data()).toList();
        }
    }

    /// How large an element of these usually is.
    private static double size(List<double[]> arrays) {
        return arrays.stream().mapToDouble(a -> norm(a) / Math.sqrt(Math.max(1, a.length))).filter(Double::isFinite).max().orElse(0);
    }

    private static Verdict verdict(double drift, double budget, Pieces pieces) {
        if (drift <= budget) return new Verdict.Pass();
        return pieces.margin() < NEAR_A_KINK ? new Verdict.Inconclusive("a kink lies within %.1e".formatted(pieces.margin())) : new Verdict.Fail();
    }

    private static Program only(Program program, Entry entry) {
        return new Program(program.name(), program.line(), List.of(entry), program.parameters(), program.dims(), program.checks(), List.of(), Map.of(), program.lengths());
    }

    /// The results of the widest kernels on one thread, in order.
    private static List<double[]> compiled(Program plain, Program normal, World world, List<String> unlike) {
        var agreement = new Agreement(Agreement.compile(normal), plain, 0, 1);
        String name = plain.entries().getFirst().name();
        Map<String, float[]> first = agreement.results(name, world.inputs(), world.parameters(), Options.defaults().threads(1).warm(Warm.NEVER));
        var others = Map.of("of scalar kernels", Options.defaults().width(Width.W1).threads(1).warm(Warm.NEVER), "with two threads", Options.defaults().threads(2).warm(Warm.NEVER));
        others.forEach((what, options) -> agreement.results(name, world.inputs(), world.parameters(), options).forEach((output, values) -> {
            if (!Arrays.equals(values, first.get(output))) unlike.add("%s at %s".formatted(what, output));
        }));
        if (!plain.lengths().isEmpty()) {
            var spoilt = Padding.spoilt(world, plain.entries().getFirst().inputs(), plain.lengths());
            agreement.results(name, spoilt.inputs(), spoilt.parameters(), Options.defaults().threads(1).warm(Warm.NEVER)).forEach((output, values) -> {
                if (!Arrays.equals(values, first.get(output))) unlike.add("with other values behind the ends of rows at " + output);
            });
        }
        return first.values().stream().map(Oracles::doubles).toList();
    }

    /// The most terms that a contraction sums up: compiled code may round after each of them.
    private static double longest(Entry entry, World world) {
        return entry.live().stream().mapToDouble(v -> v.op() instanceof Contract c ? c.reduced().stream().mapToDouble(axis -> world.size(c.axes().get(axis).extent())).reduce(1, (x, y) -> x * y) : 1).max().orElse(1);
    }

    /// Relative to the wanted values, or to elements of size `least` where they are smaller: what cancels to nothing has no relative error.
    private static double distance(double[] wanted, double[] found, double least) {
        double squares = 0;
        for (int i = 0; i < wanted.length; i++) squares += wanted[i] == found[i] ? 0 : (wanted[i] - found[i]) * (wanted[i] - found[i]);
        return Math.sqrt(squares) / Math.max(Math.max(norm(wanted), least * Math.sqrt(wanted.length)), Double.MIN_NORMAL);
    }

    private static double norm(double[] x) {
        return Math.sqrt(Arrays.stream(x).map(v -> v * v).sum());
    }

    private static double[] doubles(float[] x) {
        var doubles = new double[x.length];
        for (int i = 0; i < x.length; i++) doubles[i] = x[i];
        return doubles;
    }
}
