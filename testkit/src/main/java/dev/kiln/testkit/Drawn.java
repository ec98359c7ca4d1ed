package dev.kiln.testkit;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleSupplier;

/// Draws what a sample asks for: sizes from a given list (so that a failing case shrinks), everything else from a seed. Operands become inputs x0, x1, … of the graph.
public final class Drawn implements Draw {
    private final Graph graph;
    private final List<Integer> sizes;
    private final Random random;
    private final Map<String, Long> dims = new HashMap<>();
    private final Map<Value, Array> operands = new LinkedHashMap<>();
    private boolean symbolic = true;
    private int next;

    public Drawn(Graph graph, List<Integer> sizes, long seed) {
        this.graph = graph;
        this.sizes = List.copyOf(sizes);
        this.random = new Random(seed);
    }

    /// From now on every dim is a number.
    public Drawn withoutSymbols() {
        symbolic = false;
        return this;
    }

    /// Every second size is a symbolic dim.
    @Override
    public Dim dim() {
        int size = sizes.get(next % sizes.size());
        if (next++ % 2 != 0 || !symbolic) return Dim.of(size);
        String name = "N" + dims.size();
        dims.put(name, (long) size);
        return Dim.variable(name);
    }

    @Override
    public int pick(int low, int high) {
        return low + random.nextInt(high - low + 1);
    }

    @Override
    public long size(Dim dim) {
        return dim.evaluate(dims::get);
    }

    /// Values on a jittered grid in random order: any two are at least half a step apart.
    @Override
    public Value real(double low, double high, Dim... shape) {
        var value = input(DType.f32, shape);
        int count = Math.toIntExact(size(value.type().size()));
        var grid = new ArrayList<Double>();
        for (int i = 0; i < count; i++) grid.add(low + (high - low) * (i + 0.25 + 0.5 * random.nextDouble()) / count);
        Collections.shuffle(grid, random);
        var values = grid.iterator();
        operands.put(value, fill(value, values::next));
        return value;
    }

    @Override
    public Value ids(int bound, Dim... shape) {
        var value = input(DType.i32, shape);
        operands.put(value, fill(value, () -> random.nextInt(bound)));
        return value;
    }

    @Override
    public Value truth(Dim... shape) {
        var value = input(DType.bool, shape);
        operands.put(value, fill(value, () -> random.nextInt(2)));
        return value;
    }

    /// An f32 input of the type of `value`: what flows into it.
    public Value cotangent(Value value) {
        return real(-1, 1, value.type().shape().toArray(Dim[]::new));
    }

    private Value input(DType dtype, Dim... shape) {
        return graph.add(new Input("x" + operands.size(), TensorType.of(dtype, shape)));
    }

    private Array fill(Value value, DoubleSupplier element) {
        var array = Array.zeros(value.type().shape().stream().mapToInt(d -> Math.toIntExact(size(d))).toArray());
        for (int i = 0; i < array.data().length; i++) array.data()[i] = element.getAsDouble();
        return array;
    }

    /// The inputs drawn so far.
    public List<Value> inputs() {
        return List.copyOf(operands.keySet());
    }

    public List<Value> realInputs() {
        return operands.keySet().stream().filter(v -> v.type().dtype() == DType.f32).toList();
    }

    /// A run on what was drawn.
    public World world() {
        var inputs = new HashMap<String, Array>();
        operands.forEach((v, array) -> inputs.put(((Input) v.op()).name(), array));
        return new World(dims, inputs, parameters(), 1, 0);
    }

    /// Parameters that the graph itself names.
    private Map<String, Array> parameters() {
        var parameters = new HashMap<String, Array>();
        for (var v : graph.values())
            if (v.op() instanceof Param p) parameters.put(p.name(), fill(v, () -> new Random(p.name().hashCode()).nextDouble()));
        return parameters;
    }

    public Array array(Value input) {
        return operands.get(input);
    }

    @Override
    public String toString() {
        return "dims %s, operands %s".formatted(dims, operands.keySet().stream().map(Value::type).toList());
    }
}
