package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kiln.compiler.emit.Emitted;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Grouped;
import dev.kiln.compiler.layout.LaidOut;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.pack.Packed;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.schedule.Scheduled;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Random;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Compiles a graph and holds every width, and one and two threads, against the interpreter: equal bits among them, close to the oracle.
final class Agreement {
    private final Graph g = new Graph();
    private final List<Value> inputs = new ArrayList<>();
    private final List<Parameter> parameters = new ArrayList<>();
    private final List<Output> outputs = new ArrayList<>();
    private final Set<String> even = new HashSet<>();
    private final Map<String, Integer> sizes = new LinkedHashMap<>();
    private final Random random = new Random(7);
    private UnaryOperator<Program> middle = p -> p;
    private double tolerance = 1e-4;
    private OptionalInt lines = OptionalInt.empty();

    Graph graph() {
        return g;
    }

    Agreement size(String dim, int size) {
        sizes.put(dim, size);
        return this;
    }

    Agreement through(UnaryOperator<Program> stages) {
        middle = stages;
        return this;
    }

    Agreement within(double relative) {
        tolerance = relative;
        return this;
    }

    /// Images that pass from one contraction to the next are made a few lines at a time if they have so many floats.
    Agreement linesFrom(int floats) {
        lines = OptionalInt.of(floats);
        return this;
    }

    static Dim dim(Object d) {
        return d instanceof Integer i ? Dim.of(i) : d instanceof Dim dim ? dim : Dim.variable((String) d);
    }

    static List<Dim> shape(Object... dims) {
        return Arrays.stream(dims).map(Agreement::dim).toList();
    }

    Value input(String name, Object... dims) {
        var v = g.add(new Input(name, new TensorType(DType.f32, shape(dims))));
        inputs.add(v);
        return v;
    }

    Value labels(String name, Object... dims) {
        var v = g.add(new Input(name, new TensorType(DType.i32, shape(dims))));
        inputs.add(v);
        return v;
    }

    Value param(String name, Object... dims) {
        var type = new TensorType(DType.f32, shape(dims));
        parameters.add(new Parameter(name, type, Parameter.Init.constant(0), true, Parameter.Role.WEIGHT));
        return g.add(new Param(name, type));
    }

    /// A matrix that about keeps the length of what it multiplies: a loop over time neither fades nor runs into chaos, where any rounding shows.
    Value recurrent(String name, Object rows, Object columns) {
        even.add(name);
        return param(name, rows, columns);
    }

    Agreement out(String name, Value v) {
        outputs.add(new Output(name, v, Output.Role.USER));
        return this;
    }

    Agreement update(String parameter, Value v) {
        outputs.add(new Output(parameter, v, Output.Role.UPDATE));
        return this;
    }

    private Scheduled scheduled(Program program) {
        var laidOut = LaidOut.of(Grouped.of(program));
        return lines.isPresent() ? Scheduled.of(laidOut, lines.getAsInt()) : Scheduled.of(laidOut);
    }

    private Packed pack(Program program) {
        var scheduled = scheduled(program);
        scheduled.verify();
        var planned = Planned.of(scheduled);
        planned.verify();
        return Packed.of(Emitted.of(planned, "test.nn", Map.of("source", "test.nn")), new SourceFile("test.nn", ""), List.of());
    }

    private Entry entry() {
        return new Entry("predict", g, inputs, outputs);
    }

    private Program program(Entry entry) {
        var dims = new LinkedHashSet<String>();
        for (var v : inputs) for (var d : v.type().shape()) dims.addAll(d.variables());
        return middle.apply(new Program("Probe", 1, List.of(entry), new Parameters(parameters), List.copyOf(dims), List.of(), List.of(), Map.of()));
    }

    /// What runs, as `kiln dump --after schedule` shows it.
    String schedule() {
        return schedule(program(entry()));
    }

    private String schedule(Program program) {
        return scheduled(program).dump();
    }

    /// Where everything lies.
    Plan plan() {
        return Planned.of(scheduled(program(entry()))).entries().getFirst();
    }

    /// What lies in the arena, as `kiln dump --after memory` shows it.
    String memory() {
        return Planned.of(scheduled(program(entry()))).dump();
    }

    /// Compiles what would take too long to run.
    void compiles() {
        pack(program(entry()));
    }

    void check() {
        var entry = entry();
        var ready = program(entry);
        var compiled = new Compiled(pack(ready));
        var data = new LinkedHashMap<String, Array>();
        var tensors = new ArrayList<Tensor>();
        for (var v : inputs) feed(v, data, tensors);
        var weights = Weights.initial(compiled.model().parameters(), 1);
        var known = new LinkedHashMap<String, Array>();
        for (var p : parameters) {
            var values = floats(p.type());
            if (even.contains(p.name())) for (int i = 0; i < values.length; i++) values[i] /= (float) Math.sqrt(ints(p.type())[0]);
            weights.set(p.name(), Tensor.of(values, ints(p.type())));
            known.put(p.name(), new Array(ints(p.type()), doubles(values)));
        }
        var expected = Interpreter.run(entry, data, known, 1, 1);
        Map<String, float[]> first = null;
        for (var width : new Width[] {Width.W1, Width.W128, Width.W256, Width.W512})
            for (int threads = 1; threads <= 2; threads++) {
                var own = weights.copy();
                Tensor[] got;
                try (var network = Network.of(compiled.model().className(), compiled.loader(), own, Options.defaults().width(width).threads(threads).warm(Warm.NEVER))) {
                    if (outputs.stream().noneMatch(o -> o.role() == Output.Role.UPDATE)) network.predict(tensors.stream().map(Agreement::spoilt).toArray(Tensor[]::new));
                    got = network.predict(tensors.toArray(Tensor[]::new));
                }
                var results = new LinkedHashMap<String, float[]>();
                int i = 0;
                for (var output : outputs) {
                    var update = output.role() == Output.Role.UPDATE;
                    var tensor = update ? own.get(output.name()) : got[i++];
                    var wanted = update ? expected.updates().get(output.name()) : expected.outputs().get(output.name());
                    results.put(output.name(), tensor.isInt() ? asFloats(tensor.ints()) : tensor.floats());
                    close(output.name() + " at " + width + " with " + threads + " threads", wanted.data(), results.get(output.name()), ready);
                }
                if (first == null) first = results;
                for (var name : results.keySet()) assertArrayEquals(first.get(name), results.get(name), 0, name + ": bits at " + width + ", " + threads + " threads differ from scalar ones");
            }
    }

    /// What a call leaves in the arena must not be read by the next one.
    private static Tensor spoilt(Tensor t) {
        if (t.isInt()) return t;
        var nans = new float[t.size()];
        Arrays.fill(nans, Float.NaN);
        return Tensor.of(nans, t.shape());
    }

    private void close(String what, double[] expected, float[] actual, Program program) {
        assertEquals(expected.length, actual.length, what);
        double scale = 1e-6;
        for (double e : expected) if (Double.isFinite(e)) scale = Math.max(scale, Math.abs(e));
        for (int i = 0; i < expected.length; i++) {
            boolean same = Double.isNaN(expected[i]) ? Float.isNaN(actual[i]) : Math.abs(expected[i] - actual[i]) <= tolerance * scale || expected[i] == actual[i];
            if (!same) fail("%s: element %d is %s, expected %s%n%s".formatted(what, i, actual[i], expected[i], schedule(program)));
        }
    }

    private void feed(Value v, Map<String, Array> data, List<Tensor> tensors) {
        var name = ((Input) v.op()).name();
        if (v.type().dtype() == DType.i32) {
            var values = new int[Array.size(ints(v.type()))];
            for (int i = 0; i < values.length; i++) values[i] = random.nextInt(3);
            data.put(name, new Array(ints(v.type()), Arrays.stream(values).asDoubleStream().toArray()));
            tensors.add(Tensor.of(values, ints(v.type())));
            return;
        }
        var values = floats(v.type());
        data.put(name, new Array(ints(v.type()), doubles(values)));
        tensors.add(Tensor.of(values, ints(v.type())));
    }

    private int[] ints(TensorType type) {
        return type.shape().stream().mapToInt(d -> (int) d.evaluate(n -> sizes.get(n))).toArray();
    }

    private float[] floats(TensorType type) {
        var values = new float[Array.size(ints(type))];
        for (int i = 0; i < values.length; i++) values[i] = (float) random.nextGaussian();
        return values;
    }

    private static double[] doubles(float[] values) {
        var all = new double[values.length];
        for (int i = 0; i < all.length; i++) all[i] = values[i];
        return all;
    }

    private static float[] asFloats(int[] values) {
        var all = new float[values.length];
        for (int i = 0; i < all.length; i++) all[i] = values[i];
        return all;
    }
}
