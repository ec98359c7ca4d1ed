package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The greatest element over some axes.
public record Max(Value x, List<Integer> axes) implements Op.Reduction {
    public static final Spec SPEC = Spec.of("max", "`y[kept..] = max over axes of x[..]`; NaN if one is. The gradient goes to the first of several maxima, in row-major order.")
            .sample("last", (_, d) -> new Max(d.real(d.dim(), d.dim()), List.of(1)))
            .sample("first", (_, d) -> new Max(d.real(d.dim(), d.dim()), List.of(0)))
            .sample("two of three", (_, d) -> new Max(d.real(d.dim(), Dim.of(3), d.dim()), List.of(0, 2)))
            .law("a shift goes through", (g, d) -> {
                Dim n = d.dim();
                Dim k = d.dim();
                var x = d.real(n, k);
                var shift = d.real(n);
                return new Sides(Ops.max(g, Ops.add(g, x, Ops.broadcast(g, shift, List.of(n, k), List.of(0))), 1), Ops.add(g, Ops.max(g, x, 1), shift));
            })
            .law("of x and -x it is that of |x|", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                return new Sides(Ops.max(g, Ops.concat(g, 1, x, Ops.neg(g, x)), 1), Ops.max(g, Ops.map(g, Functions.ABS, x), 1));
            })
            .rejects("max: axes [1, 0] are not ascending", g -> new Max(Ops.fill(g, 0, Dim.of(3), Dim.of(2)), List.of(1, 0)));

    public Max {
        axes = List.copyOf(axes);
        Fit.dtype("max", x, DType.f32);
        Fit.axes("max", x, axes);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(Fit.without(x.type().shape(), axes));
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Max(operands.getFirst(), axes);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        if (axes.size() != 1) return List.of(merged(g, dy));
        var shape = x.type().shape();
        var first = Ops.spread(g, g.add(new ArgMax(x, axes.getFirst())), shape, axes);
        var isFirst = Ops.map(g, Functions.EQUAL, g.add(new Iota(x.type().withDtype(DType.i32), axes.getFirst())), first);
        return List.of(Ops.select(g, isFirst, Ops.spread(g, dy, shape, axes), Ops.fill(g, 0, shape)));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var y = Array.zeros(env.shape(type()));
        Arrays.fill(y.data(), Double.NEGATIVE_INFINITY);
        var steps = Cells.steps(x.shape().length, axes, y);
        Cells.each(x.shape(), (at, flat) -> y.data()[Cells.dot(at, steps)] = Math.max(y.data()[Cells.dot(at, steps)], x.data()[flat]));
        return y;
    }

    @Override
    public String attributes() {
        return Ops.axes(axes);
    }

    /// Over several axes: bring them to the end, make them one, and go back.
    private Value merged(Graph g, Value dy) {
        int rank = x.type().rank();
        var order = new ArrayList<>(Fit.others(rank, axes));
        int kept = order.size();
        order.addAll(axes);
        var last = Ops.permute(g, x, order);
        var shape = new ArrayList<>(last.type().shape().subList(0, kept));
        shape.add(last.type().shape().subList(kept, rank).stream().reduce(Dim.ONE, Dim::times));
        var one = new Max(Ops.reshape(g, last, shape), List.of(kept));
        var back = Ops.reshape(g, one.gradient(g, g.add(one), dy).getFirst(), last.type().shape());
        return Ops.permute(g, back, IntStream.range(0, rank).map(order::indexOf).boxed().toList());
    }
}
