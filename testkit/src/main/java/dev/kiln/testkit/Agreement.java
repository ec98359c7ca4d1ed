package dev.kiln.testkit;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.emit.Emitted;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Grouped;
import dev.kiln.compiler.layout.LaidOut;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.pack.Packed;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.schedule.Scheduled;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.runtime.DivergedException;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A compiled network held against the interpreter's run of the plain program: close to it, and the same bits at every width and with any number of threads.
public final class Agreement {
    /// What chance in a run is seeded with.
    public static final long SEED = 11;
    private static final List<Width> WIDTHS = List.of(Width.W1, Width.W128, Width.W256, Width.W512);

    private final Compiled compiled;
    private final Program plain;
    private final Allowance allowance;
    private final int[] threads;

    /// @param plain     what the interpreter runs: differentiated, otherwise as it was written
    /// @param tolerance relative to the largest element of a result
    public Agreement(Compiled compiled, Program plain, double tolerance, int... threads) {
        this(compiled, plain, Allowance.relative(tolerance), threads);
    }

    /// @param allowance how far off results may be
    public Agreement(Compiled compiled, Program plain, Allowance allowance, int... threads) {
        this.compiled = compiled;
        this.plain = plain;
        this.allowance = allowance;
        this.threads = threads.clone();
    }

    /// The last stages, for a program that is normalised already.
    public static Compiled compile(Program program) {
        var scheduled = Scheduled.of(LaidOut.of(Grouped.of(program)));
        scheduled.verify();
        var planned = Planned.of(scheduled);
        planned.verify();
        return new Compiled(Packed.of(Emitted.of(planned, "test.nn", Map.of("source", "test.nn")), new SourceFile("test.nn", ""), List.of()));
    }

    /// Runs one entry. Doors that the runtime fills by itself (the number of the step) are in `inputs` too.
    public void check(String name, Map<String, Array> inputs, Map<String, Array> parameters) {
        var entry = plain.entry(name).orElseThrow();
        var world = world(entry, inputs, parameters);
        var values = Interpreter.evaluate(entry.graph(), entry.roots(), world);
        var wanted = new LinkedHashMap<Output, Array>();
        entry.outputs().forEach(o -> wanted.put(o, values.get(o.value())));
        var allowed = allowance.of(entry, world, wanted);
        Map<String, float[]> first = null;
        for (var width : WIDTHS)
            for (int n : threads) {
                var where = "%s at %s with %d threads".formatted(name, width, n);
                Map<String, float[]> found;
                try {
                    found = run(entry, inputs, parameters, Options.defaults().width(width).threads(n).warm(Warm.NEVER));
                } catch (IndexOutOfBoundsException | VerifyError e) {
                    throw new AssertionError(where, e);
                } catch (DivergedException e) {
                    if (wanted.entrySet().stream().noneMatch(o -> o.getKey().role() == Role.LOSS && mayDiverge(o.getValue().data(), allowed.get(o.getKey())))) throw new AssertionError(where, e);
                    continue;
                }
                wanted.forEach((output, array) -> close(where + ": " + key(output), array.data(), allowed.get(output), found.get(key(output))));
                if (first == null) first = found;
                for (var result : first.entrySet()) sameBits(where + ": " + result.getKey(), result.getValue(), found.get(result.getKey()));
            }
    }

    /// Whether a loss, or what rounding may make of it, is no finite float.
    private static boolean mayDiverge(double[] loss, double[] allowed) {
        return IntStream.range(0, loss.length).anyMatch(i -> !(Math.abs(loss[i]) + allowed[i] <= Float.MAX_VALUE));
    }

    private static String key(Output output) {
        return (output.role() == Role.UPDATE ? "new " : "") + output.name();
    }

    /// The run of an entry that the runtime does, too: the first step of training, seeded.
    public static World world(Entry entry, Map<String, Array> inputs, Map<String, Array> parameters) {
        boolean trains = entry.name().equals("train");
        return new World(Interpreter.dims(entry, inputs), inputs, parameters, trains || entry.name().equals("sample") ? SEED : 0, trains ? 1 : 0);
    }

    /// What one entry gives, by name; new values of parameters are called `new …`.
    public Map<String, float[]> results(String name, Map<String, Array> inputs, Map<String, Array> parameters, Options options) {
        return run(plain.entry(name).orElseThrow(), inputs, parameters, options);
    }

    private Map<String, float[]> run(Entry entry, Map<String, Array> inputs, Map<String, Array> parameters, Options options) {
        var weights = compiled.weights(1);
        parameters.forEach((parameter, array) -> set(weights, parameter, array));
        var results = new LinkedHashMap<String, float[]>();
        if (entry.name().equals("train")) {
            try (var trainer = compiled.trainer(SEED, options)) {
                parameters.forEach((parameter, array) -> set(trainer.weights(), parameter, array));
                collect(entry, trainer.step(tensors(entry, inputs)), results);
                for (var update : entry.outputs(Role.UPDATE)) results.put("new " + update.name(), values(trainer.weights().get(update.name())));
            }
            return results;
        }
        try (var network = compiled.network(weights, options)) {
            collect(entry, run(network, entry.name(), tensors(entry, inputs)), results);
        }
        for (var update : entry.outputs(Role.UPDATE)) results.put("new " + update.name(), values(weights.get(update.name())));
        return results;
    }

    private static Tensor[] run(Network network, String entry, Tensor... inputs) {
        return switch (entry) {
            case "predict" -> network.predict(inputs);
            case "sample" -> network.sample(SEED, inputs);
            case "evaluate" -> network.evaluate(inputs);
            default -> throw new IllegalArgumentException("no entry is called " + entry);
        };
    }

    private static void set(Weights weights, String parameter, Array array) {
        weights.set(parameter, Tensor.of(floats(array.data()), array.shape()));
    }

    /// The number of the step is not passed where the runtime knows it.
    private static Tensor[] tensors(Entry entry, Map<String, Array> inputs) {
        boolean counted = entry.name().equals("train") || entry.name().equals("evaluate");
        var tensors = new ArrayList<Tensor>();
        for (var door : entry.inputs()) {
            var name = ((Input) door.op()).name();
            if (counted && name.equals("step")) continue;
            var array = inputs.get(name);
            tensors.add(door.type().dtype() == DType.i32 ? Tensor.of(Arrays.stream(array.data()).mapToInt(v -> (int) v).toArray(), array.shape()) : Tensor.of(floats(array.data()), array.shape()));
        }
        return tensors.toArray(Tensor[]::new);
    }

    private static void collect(Entry entry, Tensor[] found, Map<String, float[]> results) {
        var outputs = entry.outputs().stream().filter(o -> o.role() != Role.UPDATE).toList();
        if (found.length != outputs.size()) throw new AssertionError("%d outputs instead of %d".formatted(found.length, outputs.size()));
        for (int i = 0; i < found.length; i++) results.put(outputs.get(i).name(), values(found[i]));
    }

    private static float[] values(Tensor tensor) {
        return tensor.isInt() ? floats(Arrays.stream(tensor.ints()).asDoubleStream().toArray()) : tensor.floats();
    }

    private static float[] floats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < floats.length; i++) floats[i] = (float) values[i];
        return floats;
    }

    private static void close(String what, double[] wanted, double[] allowed, float[] found) {
        if (wanted.length != found.length) throw new AssertionError("%s: %d elements instead of %d".formatted(what, found.length, wanted.length));
        for (int i = 0; i < wanted.length; i++) {
            boolean same = allowed[i] == Double.POSITIVE_INFINITY || (Double.isNaN(wanted[i]) ? Float.isNaN(found[i]) : wanted[i] == found[i] || Math.abs(wanted[i] - found[i]) <= allowed[i]);
            if (!same) throw new AssertionError("%s: element %d is %s instead of %s, %.1e apart where rounding explains %.1e".formatted(what, i, found[i], wanted[i], Math.abs(wanted[i] - found[i]), allowed[i]));
        }
    }

    private static void sameBits(String what, float[] first, float[] found) {
        for (int i = 0; i < first.length; i++)
            if (Float.floatToIntBits(first[i]) != Float.floatToIntBits(found[i])) throw new AssertionError("%s: element %d is %s, scalar kernels on one thread gave %s".formatted(what, i, found[i], first[i]));
    }
}
