package dev.kiln.testkit.gradient;

import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.compiler.check.PropertyCase.Choice;
import dev.kiln.compiler.check.PropertyCase.Door;
import dev.kiln.compiler.check.PropertyCase.Drawing;
import dev.kiln.compiler.check.TestCase;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.FirstValues;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.ProofRun;
import dev.kiln.testkit.shrink.Shrinker;
import dev.kiln.testkit.shrink.Values;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Runs a `property`: the smallest sizes first, then the largest, then drawn ones; a failure is shrunk in sizes and values.
public final class PropertyRun {
    private static final int USUAL_TRIES = 20;
    private static final List<Long> BIASED = List.of(1L, 2L, 3L, 5L, 7L, 8L, 9L, 15L, 16L, 17L);
    private static final int BUDGET = 2000;

    private final PropertyCase property;
    private final long seed;

    private PropertyRun(PropertyCase property, long seed) {
        this.property = property;
        this.seed = seed;
    }

    /// What a property came to.
    /// @param findings every derivative that was looked at, until the failure
    public record Outcome(String title, int tries, List<Finding> findings, Optional<Counterexample> failure) {
        public Outcome {
            findings = List.copyOf(findings);
        }

        public boolean failed() {
            return failure.isPresent();
        }
    }

    /// The smallest case found that fails.
    /// @param message what is wrong, several lines
    /// @param blame   the node, of a wrong gradient
    /// @param sizes   one for each choice of the property
    /// @param inputs  what was drawn, by name
    /// @param was     the sizes before shrinking
    public record Counterexample(String message, Optional<Blame> blame, List<Long> sizes, Map<String, Array> inputs, String was, long seed) {
        public Counterexample {
            sizes = List.copyOf(sizes);
            inputs = Map.copyOf(inputs);
        }

        /// `x = [[1.0]] (was 8x5x3), seed 4711`.
        public String smallest() {
            return Values.print(inputs) + (was.isEmpty() ? "" : " (was " + was + ")") + ", seed " + seed;
        }

        @Override
        public String toString() {
            return message.stripTrailing() + System.lineSeparator() + "  smallest case: " + smallest();
        }
    }

    public static Outcome of(PropertyCase property, long seed) {
        return of(property, seed, USUAL_TRIES);
    }

    public static Outcome of(PropertyCase property, long seed, int tries) {
        return new PropertyRun(property, seed).run(property.choices().isEmpty() ? Math.min(tries, 5) : tries);
    }

    /// The same claim at one case again: sizes, and values in place of drawn ones.
    public static Outcome again(PropertyCase property, List<Long> sizes, Map<String, Array> inputs, long seed) {
        var attempt = new PropertyRun(property, seed).attempt(sizes, inputs, seed);
        return new Outcome(property.title(), 1, attempt.findings, attempt.fault.map(f -> new Counterexample(f.message, f.blame, sizes, attempt.inputs, "", seed)));
    }

    private Outcome run(int tries) {
        var findings = new ArrayList<Finding>();
        for (int k = 0; k < tries; k++) {
            var sizes = sizes(k);
            var attempt = attempt(sizes, Map.of(), seed + k);
            findings.addAll(attempt.findings);
            if (attempt.fault.isPresent()) return new Outcome(property.title(), k + 1, findings, Optional.of(shrink(sizes, attempt, seed + k)));
        }
        return new Outcome(property.title(), tries, findings, Optional.empty());
    }

    private List<Long> sizes(int k) {
        var random = new Random(seed * 31 + k);
        return property.choices().stream().map(c -> k == 0 ? c.low() : k == 1 ? c.high() : biased(c, random)).toList();
    }

    private static long biased(Choice c, Random random) {
        var some = BIASED.stream().filter(n -> n >= c.low() && n <= c.high()).toList();
        return some.isEmpty() || random.nextInt(3) == 0 ? random.nextLong(c.low(), c.high() + 1) : some.get(random.nextInt(some.size()));
    }

    private record Fault(String message, Optional<Blame> blame) {}

    private record Attempt(Map<String, Array> inputs, List<Door> doors, List<Finding> findings, Optional<Fault> fault) {
        /// The inputs that hold fractions.
        Set<String> real() {
            return doors.stream().filter(door -> door.input().type().dtype() == DType.f32).map(PropertyRun::name).collect(Collectors.toSet());
        }

        /// Whether all values lie where the property draws them.
        boolean allows(Map<String, Array> values) {
            return doors.stream().allMatch(door -> Arrays.stream(values.get(name(door)).data()).allMatch(v -> v >= door.low() && v <= door.high()));
        }
    }

    /// @param given values in place of drawn ones
    private Attempt attempt(List<Long> sizes, Map<String, Array> given, long seed) {
        Drawing drawing = property.at().apply(sizes);
        if (!drawing.problems().isEmpty()) return new Attempt(Map.of(), List.of(), List.of(), Optional.of(new Fault("cannot be built at the sizes %s: %s".formatted(sizes, drawing.problems()), Optional.empty())));
        var random = new Random(seed);
        var inputs = new HashMap<String, Array>();
        for (Door door : drawing.doors()) inputs.put(name(door), draw(door, drawing, random));
        inputs.putAll(given);
        var world = new World(drawing.dims(), inputs, FirstValues.of(drawing.parameters(), seed), seed, 1);
        var findings = new ArrayList<Finding>();
        Optional<Fault> fault = ProofRun.failures(drawing.graph(), drawing.expectations(), world).stream().findFirst().map(text -> new Fault(text, Optional.empty()));
        for (var claim : drawing.gradients()) if (fault.isEmpty()) fault = gradient(drawing, claim, world, seed, findings);
        if (fault.isEmpty() && readsPadding(drawing, world)) fault = Optional.of(new Fault("a result depends on what stands behind the end of a row", Optional.empty()));
        return new Attempt(inputs, drawing.doors(), findings, fault);
    }

    /// Whether anything that is claimed of changes with the padding.
    private static boolean readsPadding(Drawing drawing, World world) {
        if (drawing.lengths().isEmpty()) return false;
        var claimed = Stream.concat(drawing.expectations().stream().map(TestCase.Expectation::actual), drawing.gradients().stream().map(PropertyCase.Gradient::value)).toList();
        var spoilt = Padding.spoilt(world, drawing.doors().stream().map(Door::input).toList(), drawing.lengths());
        var before = Interpreter.evaluate(drawing.graph(), claimed, world);
        var after = Interpreter.evaluate(drawing.graph(), claimed, spoilt);
        return claimed.stream().anyMatch(v -> !Arrays.equals(before.get(v).data(), after.get(v).data()));
    }

    private static Optional<Fault> gradient(Drawing drawing, PropertyCase.Gradient claim, World world, long seed, List<Finding> findings) {
        var graph = drawing.graph();
        Value y = claim.value();
        var wrt = graph.reachable(List.of(y)).stream().filter(v -> v.type().dtype() == DType.f32 && (v.op() instanceof Input || v.op() instanceof Param)).toList();
        Value dy = graph.add(new Input("flowing into " + y.id(), y.type()));
        var inputs = new HashMap<>(world.inputs());
        var shape = world.shape(y.type());
        inputs.put("flowing into " + y.id(), new Array(shape, new Random(seed).doubles(Array.size(shape), 0.3, 1.3).toArray()));
        var flowing = new World(world.dims(), inputs, world.parameters(), world.seed(), world.step());
        var found = new GradientCheck(graph, flowing, seed).ofPullback(y, dy, wrt);
        findings.addAll(found);
        var failed = found.stream().filter(Finding::failed).toList();
        if (failed.isEmpty()) return Optional.empty();
        var blame = Blame.of(graph, flowing, y, failed.stream().map(Finding::wrt).toList(), seed);
        return Optional.of(new Fault(blame.map(Blame::toString).orElse(failed.getFirst().toString()), blame));
    }

    private static String name(Door door) {
        return ((Input) door.input().op()).name();
    }

    private static Array draw(Door door, Drawing drawing, Random random) {
        int[] shape = door.input().type().shape().stream().mapToInt(d -> Math.toIntExact(d.evaluate(drawing.dims()::get))).toArray();
        if (drawing.lengths().containsKey(name(door))) return Padding.ends(shape, (long) door.high(), random, false);
        var array = Array.zeros(shape);
        boolean real = door.input().type().dtype() == DType.f32;
        for (int i = 0; i < array.data().length; i++)
            array.data()[i] = !real ? random.nextInt((int) door.low(), (int) door.high() + 1) : door.low() == door.high() ? door.low() : random.nextDouble(door.low(), door.high());
        return array;
    }

    /// Every size towards its smallest, then every value towards a simple one.
    private Counterexample shrink(List<Long> sizes, Attempt first, long seed) {
        var small = new Shrinker<>(this::smaller, tried -> alike(attempt(tried, Map.of(), seed), first), BUDGET).smallest(sizes);
        var drawn = attempt(small, Map.of(), seed);
        var values = new Shrinker<Map<String, Array>>(given -> Values.simpler(given, drawn.real()), given -> drawn.allows(given) && alike(attempt(small, given, seed), first), BUDGET).smallest(drawn.inputs);
        var best = attempt(small, values, seed);
        var was = first.inputs.values().stream().map(a -> Arrays.stream(a.shape()).mapToObj(String::valueOf).collect(Collectors.joining("x"))).filter(s -> !s.isEmpty()).collect(Collectors.joining(", "));
        var fault = best.fault.orElseThrow();
        var blame = fault.blame.map(b -> b.diagnosed(diagnosis(first, seed)));
        return new Counterexample(blame.map(Blame::toString).orElse(fault.message), blame, small, best.inputs, was, seed);
    }

    /// What an error looks like shows best where there is much of it.
    private Optional<String> diagnosis(Attempt first, long seed) {
        var largest = attempt(property.choices().stream().map(c -> Math.min(c.high(), c.low() + 3)).toList(), Map.of(), seed);
        return (alike(largest, first) ? largest : first).fault.flatMap(Fault::blame).flatMap(Blame::diagnosis);
    }

    private Stream<List<Long>> smaller(List<Long> sizes) {
        return IntStream.range(0, sizes.size()).boxed().flatMap(i -> candidates(property.choices().get(i).low(), sizes.get(i)).map(candidate -> {
            var smaller = new ArrayList<>(sizes);
            smaller.set(i, candidate);
            return List.copyOf(smaller);
        }));
    }

    private static Stream<Long> candidates(long low, long now) {
        return Stream.iterate(low, size -> size < now, size -> size + Math.max(1, (now - size) / 2));
    }

    /// The same thing is wrong.
    private static boolean alike(Attempt a, Attempt b) {
        return a.fault.isPresent() && b.fault.isPresent() && a.fault.get().blame.map(Blame::place).equals(b.fault.get().blame.map(Blame::place));
    }
}
