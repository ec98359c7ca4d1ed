package dev.kiln.testkit;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Interleave;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/// A random well-typed graph over drawn inputs, biased to where rewriting goes wrong: values used twice, rank 0 and 1, movements after movements, constants, normal chains
/// of layers. Every value is an f32 whose elements stay small.
public final class RandomGraph {
    private static final List<Fn> SMOOTH = List.of(Functions.TANH, Functions.SIGMOID, Functions.NEG, Functions.SIN, Functions.ABS);
    private static final int LARGEST_RANK = 4;
    private static final int LARGEST_SIZE = 600;

    private final Graph graph;
    private final Drawn drawn;
    private final Random random;
    private final List<Value> pool = new ArrayList<>();

    public RandomGraph(Graph graph, Drawn drawn, long seed) {
        this.graph = graph;
        this.drawn = drawn;
        this.random = new Random(seed);
    }

    /// Adds `steps` values; gives all of them, the inputs first.
    public List<Value> grow(int steps) {
        pool.add(drawn.real(-1, 1, drawn.dim(), drawn.dim()));
        pool.add(drawn.real(-1, 1, drawn.dim(), Dim.of(3), drawn.dim()));
        pool.add(drawn.real(-1, 1));
        while (pool.size() < steps + 3) {
            var next = step(recent());
            if (next.type().rank() <= LARGEST_RANK && drawn.size(next.type().size()) <= LARGEST_SIZE) pool.add(next);
        }
        return List.copyOf(pool);
    }

    /// Late values are likelier, so that chains arise.
    private Value recent() {
        int back = (int) (pool.size() * Math.pow(random.nextDouble(), 2));
        return pool.get(pool.size() - 1 - Math.min(back, pool.size() - 1));
    }

    private Value step(Value x) {
        int rank = x.type().rank();
        int axis = rank == 0 ? 0 : random.nextInt(rank);
        return switch (rank == 0 ? random.nextInt(5) : random.nextInt(18)) {
            case 0, 1 -> Ops.map(graph, SMOOTH.get(random.nextInt(SMOOTH.size())), x);
            case 2 -> Ops.map(graph, random.nextBoolean() ? Functions.ADD : Functions.MUL, x, constant(x));
            case 3 -> Ops.map(graph, List.of(Functions.ADD, Functions.SUB, Functions.MUL, Functions.MAX).get(random.nextInt(4)), x, partner(x));
            case 4 -> Ops.broadcast(graph, x, added(x, axis), IntStream.range(0, rank + 1).boxed().filter(a -> a != axis).toList());
            case 5 -> Ops.mean(graph, x, List.of(axis));
            case 6 -> Ops.max(graph, x, axis);
            case 7 -> Ops.var(graph, x, axis);
            case 8 -> Ops.spread(graph, Ops.mean(graph, x, List.of(axis)), x.type().shape(), List.of(axis));
            case 9 -> Ops.permute(graph, x, order(rank));
            case 10 -> Ops.reshape(graph, x, List.of(x.type().size()));
            case 11 -> Ops.slice(graph, x, axis, Dim.ZERO, 1, x.type().dim(axis));
            case 12 -> Ops.slice(graph, x, axis, x.type().dim(axis).minus(1), -1, x.type().dim(axis));
            case 13 -> Ops.pad(graph, x, axis, Dim.of(random.nextInt(3)), Dim.of(random.nextInt(2)), random.nextInt(3) - 1);
            case 14 -> Ops.slice(graph, Ops.pad(graph, x, axis, Dim.ONE, Dim.of(2), 0.5), axis, Dim.ONE, 2, Interleave.phase(x.type().dim(axis), 0, 2));
            case 15 -> Ops.concat(graph, axis, x, partner(x));
            case 16 -> convolved(x, axis);
            default -> dense(x, axis);
        };
    }

    private Value constant(Value x) {
        return Ops.fill(graph, List.of(0.0, 1.0, -1.0, 2.0, 0.5).get(random.nextInt(5)), x.type().shape());
    }

    /// A value of the same shape.
    private Value partner(Value x) {
        var alike = pool.stream().filter(v -> v.type().equals(x.type())).toList();
        if (random.nextInt(3) > 0) return alike.get(random.nextInt(alike.size()));
        int rank = x.type().rank();
        if (rank == 0) return Ops.neg(graph, x);
        int axis = random.nextInt(rank);
        return Ops.broadcast(graph, drawn.real(-1, 1, x.type().dim(axis)), x.type().shape(), List.of(axis));
    }

    private List<Dim> added(Value x, int axis) {
        var shape = new ArrayList<>(x.type().shape());
        shape.add(axis, random.nextBoolean() ? Dim.of(drawn.pick(1, 3)) : pool.getFirst().type().dim(0));
        return shape;
    }

    private List<Integer> order(int rank) {
        var order = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        Collections.shuffle(order, random);
        return order;
    }

    /// The axis contracted with new weights, which put their columns last.
    private Value dense(Value x, int axis) {
        Dim columns = Dim.of(drawn.pick(1, 3));
        int rank = x.type().rank();
        var axes = new ArrayList<>(IntStream.range(0, rank).mapToObj(a -> new Axis("a" + a, x.type().dim(a))).toList());
        axes.add(new Axis("o", columns));
        var out = new ArrayList<>(IntStream.rangeClosed(0, rank).boxed().filter(a -> a != axis).toList());
        var ofX = new Access(IntStream.range(0, rank).mapToObj(Affine::axis).toList());
        return Ops.map(graph, Functions.TANH, graph.add(new Contract(x, drawn.real(-0.5, 0.5, x.type().dim(axis), columns), axes, ofX, new Access(List.of(Affine.axis(axis), Affine.axis(rank))), out)));
    }

    /// The axis convolved with three taps, stride 1 or 2, padding 1.
    private Value convolved(Value x, int axis) {
        int stride = drawn.pick(1, 2);
        int rank = x.type().rank();
        var axes = new ArrayList<>(IntStream.range(0, rank).mapToObj(a -> new Axis("a" + a, a == axis ? Interleave.phase(x.type().dim(a), 0, stride) : x.type().dim(a))).toList());
        axes.add(new Axis("u", Dim.of(3)));
        var ofX = new Access(IntStream.range(0, rank).mapToObj(a -> a == axis ? new Affine(Map.of(a, stride, rank, 1), -1, 1) : Affine.axis(a)).toList());
        return graph.add(new Contract(x, drawn.real(-0.5, 0.5, Dim.of(3)), axes, ofX, new Access(List.of(Affine.axis(rank))), IntStream.range(0, rank).boxed().toList()));
    }
}
