package dev.kiln.testkit.gradient;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.FirstValues;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// The gradient check of a whole network: its loss with respect to weights and inputs, on random samples.
public final class ModelCheck {
    private static final long USUAL_SIZE = 2;
    private static final List<Long> SIZES = List.of(1L, 2L, 3L, 5L, 7L);
    private static final int PATIENCE = 20;
    private static final long AGAIN = 1_000_003;
    private static final double DUAL = 1e-8;
    private static final double MANY = 3e8;

    private ModelCheck() {}

    /// What moves.
    public enum Wrt { PARAM, INPUT, ALL }

    /// How to check.
    /// @param sizes  of symbolic dims; those left out are 2 in the first try and drawn afterwards
    /// @param time   after which no new try begins
    /// @param second whether it is the gradient of the gradient that is checked
    public record Settings(Wrt wrt, int tries, Duration time, long seed, Map<String, Long> sizes, boolean second) {
        public Settings {
            sizes = Map.copyOf(sizes);
            if (tries < 1) throw new IllegalArgumentException("at least one try, got " + tries);
        }

        /// Of the gradient.
        public Settings(Wrt wrt, int tries, Duration time, long seed, Map<String, Long> sizes) {
            this(wrt, tries, time, seed, sizes, false);
        }

        public Settings withTries(int tries) {
            return new Settings(wrt, tries, time, seed, sizes, second);
        }

        /// The same for second derivatives.
        public Settings ofSecondOrder() {
            return new Settings(wrt, tries, time, seed, sizes, true);
        }

        /// One try of every weight.
        public static Settings usual(long seed) {
            return new Settings(Wrt.PARAM, 1, Duration.ofDays(1), seed, Map.of());
        }
    }

    /// Checks one network.
    /// @param found gets each finding as soon as it is known
    /// @throws IllegalArgumentException when the network has neither a `train` entry nor an f32 output, or its gradient cannot be differentiated
    public static ModelReport check(Program program, Settings settings, Consumer<Finding> found) {
        var target = Target.of(program, settings);
        long end = System.nanoTime() + settings.time().toNanos();
        var report = target.check(settings, 0, found);
        for (int k = 1; k < settings.tries() && !report.failed() && System.nanoTime() < end; k++) report = report.and(target.check(settings, k, found));
        return report;
    }

    /// One sample of these settings alone.
    /// @param number counts from 0
    public static ModelReport again(Program program, Settings settings, int number, Consumer<Finding> found) {
        return Target.of(program, settings).check(settings, number, found);
    }

    /// Whether the weights of a network move all together, because looking at one after the other would compute very many numbers.
    public static boolean isLarge(Program program, Settings settings) {
        var target = Target.of(program, settings);
        return target.isLarge(target.sizes(settings), target.wrt(settings.wrt()));
    }

    /// A sample at which a gradient is wrong.
    /// @param number of the sample, from 0
    public record Failure(Graph graph, World world, Value loss, List<Value> wrt, long seed, int number) {
        public Failure {
            wrt = List.copyOf(wrt);
        }

        /// Inputs and parameters by name.
        public Map<String, Array> values() {
            var values = new HashMap<>(world.parameters());
            values.putAll(world.inputs());
            return values;
        }

        /// The names of those that the loss depends on and that hold fractions.
        Set<String> real() {
            return graph.reachable(List.of(loss)).stream().filter(v -> v.type().dtype() == DType.f32).flatMap(v -> named(v).stream()).collect(Collectors.toSet());
        }

        private static Optional<String> named(Value v) {
            return switch (v.op()) {
                case Input i -> Optional.of(i.name());
                case Param p -> Optional.of(p.name());
                default -> Optional.empty();
            };
        }

        /// The same run with other values.
        World with(Map<String, Array> values) {
            var inputs = new HashMap<>(world.inputs());
            inputs.replaceAll(values::getOrDefault);
            var parameters = new HashMap<>(world.parameters());
            parameters.replaceAll(values::getOrDefault);
            return new World(world.dims(), inputs, parameters, world.seed(), world.step());
        }

        /// The first wrong node in reverse order.
        public Optional<Blame> blame() {
            return Blame.of(graph, world, loss, wrt, seed);
        }
    }

    /// The number that is differentiated, and who moves.
    /// @param directions inputs that only the check draws
    record Target(Program program, Graph graph, List<Value> doors, List<Value> directions, Value loss) {
        static Target of(Program program, Settings settings) {
            return settings.second() ? of(program).slope(settings.wrt()) : of(program);
        }

        static Target of(Program program) {
            Optional<Entry> train = program.entry("train");
            if (train.isPresent()) return new Target(program, train.get().graph(), train.get().inputs(), List.of(), train.get().outputs(Output.Role.LOSS).getFirst().value());
            Entry predict = program.entry("predict").orElseThrow();
            Graph g = predict.graph();
            Value sum = predict.outputs().stream().map(Output::value).filter(v -> v.type().dtype() == DType.f32).map(v -> weighted(g, v)).reduce((a, b) -> Ops.add(g, a, b))
                    .orElseThrow(() -> new IllegalArgumentException(program.name() + " has no f32 output"));
            return new Target(program, g, predict.inputs(), List.of(), sum);
        }

        /// The slope of the loss along a drawn direction, `Σ u·∂loss/∂x`: what is derived for it are second derivatives.
        private Target slope(Wrt wrt) {
            var moving = wrt(wrt);
            var gradients = gradients(moving);
            var along = moving.stream().map(x -> graph.add(new Input("along." + x.op().attributes(), x.type()))).toList();
            Value sum = IntStream.range(0, moving.size()).mapToObj(i -> Ops.mul(graph, along.get(i), gradients.get(i))).map(v -> Ops.sum(graph, v, IntStream.range(0, v.type().rank()).boxed().toList()))
                    .reduce((a, b) -> Ops.add(graph, a, b)).orElseGet(() -> Ops.scalar(graph, 0));
            return new Target(program, graph, doors, along, sum);
        }

        private List<Value> gradients(List<Value> moving) {
            try {
                return Differentiate.gradient(graph, loss, moving);
            } catch (IllegalStateException e) {
                throw new IllegalArgumentException("%s has no gradient that could be differentiated once more: %s".formatted(program.name(), e.getMessage()), e);
            }
        }

        /// Different weights for different elements, so that no gradient cancels.
        private static Value weighted(Graph g, Value v) {
            var axes = IntStream.range(0, v.type().rank()).boxed().toList();
            return Ops.sum(g, Ops.map(g, Functions.SIN, Ops.add(g, v, Ops.fill(g, 0.3, v.type().shape()))), axes);
        }

        List<Value> wrt(Wrt wrt) {
            var live = graph.reachable(List.of(loss));
            Stream<Value> weights = live.stream().filter(v -> v.op() instanceof Param(var name, _) && program.parameters().find(name).filter(p -> p.role() == Parameter.Role.WEIGHT).isPresent());
            Stream<Value> inputs = live.stream().filter(v -> doors.contains(v) && v.type().dtype() == DType.f32);
            return switch (wrt) {
                case PARAM -> weights.toList();
                case INPUT -> inputs.toList();
                case ALL -> Stream.concat(inputs, weights).toList();
            };
        }

        ModelReport check(Settings settings, int k, Consumer<Finding> found) {
            long seed = settings.seed() + k;
            var world = world(settings, k, seed);
            var wrt = wrt(settings.wrt());
            var findings = new ArrayList<Finding>();
            var check = new GradientCheck(graph, world, seed);
            Consumer<Finding> keep = finding -> {
                findings.add(finding);
                found.accept(finding);
            };
            if (isLarge(world.dims(), wrt)) keep.accept(check.together(loss, Ops.scalar(graph, 1), wrt));
            else find(check, wrt, settings, k, seed, keep);
            double dual = check.forwardAgainstReverse(loss, Ops.scalar(graph, 1), wrt);
            var failed = findings.stream().filter(Finding::failed).flatMap(f -> f.moving().stream()).toList();
            boolean right = failed.isEmpty() && dual <= DUAL;
            return new ModelReport(program.name() + (settings.second() ? ", second derivatives" : ""), findings, dual, right ? Optional.empty() : Optional.of(new Failure(graph, world, loss, failed.isEmpty() ? wrt : failed, seed, k)));
        }

        /// At a kink the sample is drawn anew; what is still at one then is judged by the interval of both sides.
        private void find(GradientCheck check, List<Value> wrt, Settings settings, int k, long seed, Consumer<Finding> found) {
            var kinked = new ArrayList<Value>();
            check.along(loss, Ops.scalar(graph, 1), wrt, finding -> {
                if (finding.differences() instanceof Slope.Smooth) found.accept(finding);
                else kinked.add(finding.wrt());
            });
            long other = seed + AGAIN;
            if (!kinked.isEmpty()) new GradientCheck(graph, world(settings, k, other), other).along(loss, Ops.scalar(graph, 1), kinked, found);
        }

        boolean isLarge(Map<String, Long> sizes, List<Value> wrt) {
            return wrt.size() * graph.reachable(List.of(loss)).stream().mapToDouble(v -> v.type().size().evaluate(sizes::get)).sum() > MANY;
        }

        /// Of the first sample, unless checks forbid them.
        private Map<String, Long> sizes(Settings settings) {
            var sizes = new HashMap<String, Long>();
            program.dims().forEach(dim -> sizes.put(dim, settings.sizes().getOrDefault(dim, USUAL_SIZE)));
            return sizes;
        }

        World world(Settings settings, int k, long seed) {
            var random = new Random(seed);
            for (int attempt = 0; attempt < PATIENCE; attempt++) {
                var dims = new HashMap<String, Long>();
                boolean first = k == 0 && attempt == 0;
                program.dims().forEach(dim -> dims.put(dim, settings.sizes().getOrDefault(dim, first ? Long.valueOf(USUAL_SIZE) : SIZES.get(random.nextInt(SIZES.size())))));
                if (!Interpreter.broken(program.checks(), dims).isEmpty()) continue;
                var world = world(dims, random, k % 2 == 0 || attempt > 2, seed, first);
                if (Double.isFinite(Interpreter.evaluate(graph, List.of(loss), world).get(loss).get())) return world;
            }
            throw new IllegalArgumentException("%s: no sizes were found that its checks %s allow and its loss is finite for; say them with --bind".formatted(program.name(), program.checks()));
        }

        /// Weights begin as seed says and are then moved a little: at their very first values biases are 0, which is a kink of every relu.
        private World world(Map<String, Long> dims, Random random, boolean positive, long seed, boolean first) {
            var inputs = new HashMap<String, Array>();
            for (Value door : doors) {
                String name = ((Input) door.op()).name();
                Dim ends = program.lengths().get(name);
                inputs.put(name, ends == null ? draw(door, dims, random, positive ? 0 : -1.5, positive ? 1 : 1.5) : Padding.ends(shape(door, dims), ends.evaluate(dims::get), random, first));
            }
            for (Value u : directions) inputs.put(((Input) u.op()).name(), draw(u, dims, random, -1, 1));
            var parameters = new HashMap<>(FirstValues.of(program.parameters(), seed));
            for (Parameter p : program.parameters().all())
                if (p.role() == Parameter.Role.WEIGHT) parameters.computeIfPresent(p.name(), (_, array) -> new Array(array.shape(), Arrays.stream(array.data()).map(v -> v + 0.1 * (random.nextDouble() - 0.5)).toArray()));
            return new World(dims, inputs, parameters, seed, 1);
        }

        private static int[] shape(Value door, Map<String, Long> dims) {
            return door.type().shape().stream().mapToInt(d -> Math.toIntExact(d.evaluate(dims::get))).toArray();
        }

        /// Ids are 0 or 1, which every table and every count of classes above one has.
        private static Array draw(Value door, Map<String, Long> dims, Random random, double low, double high) {
            var array = Array.zeros(shape(door, dims));
            for (int i = 0; i < array.data().length; i++) array.data()[i] = door.type().dtype() == DType.f32 ? random.nextDouble(low, high) : random.nextInt(2);
            return array;
        }
    }
}
