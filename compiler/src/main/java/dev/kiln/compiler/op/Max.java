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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// The greatest element over some axes.
public record Max(Value x, List<Integer> axes) implements OverAxes {
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
    public Op withOperands(List<Value> operands) {
        return new Max(operands.getFirst(), axes);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        if (axes.size() != 1) return List.of(merged(g, dy));
        return List.of(Ops.select(g, isFirst(g), Ops.spread(g, dy, x.type().shape(), axes), Ops.fill(g, 0, x.type().shape())));
    }

    /// What the first maximum moves by.
    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        var along = dx.getFirst();
        if (axes.size() == 1) return Ops.sum(g, Ops.select(g, isFirst(g), along, Ops.fill(g, 0, along.type().shape())), axes);
        var one = new Max(last(g, x), List.of(x.type().rank() - axes.size()));
        return one.tangent(g, g.add(one), List.of(last(g, along)));
    }

    /// Which elements along the one axis are the first maxima.
    private Value isFirst(Graph g) {
        var first = Ops.spread(g, g.add(new ArgMax(x, axes.getFirst())), x.type().shape(), axes);
        return Ops.map(g, Functions.EQUAL, g.add(new Iota(x.type().withDtype(DType.i32), axes.getFirst())), first);
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

    /// Over several axes: bring them to the end, make them one, and go back.
    private Value merged(Graph g, Value dy) {
        var order = order();
        var one = new Max(last(g, x), List.of(order.size() - axes.size()));
        var back = Ops.reshape(g, one.gradient(g, g.add(one), dy).getFirst(), order.stream().map(x.type().shape()::get).toList());
        return Ops.permute(g, back, IntStream.range(0, order.size()).map(order::indexOf).boxed().toList());
    }

    /// `v`, shaped as x, with the axes of this maximum merged into a last one.
    private Value last(Graph g, Value v) {
        var last = Ops.permute(g, v, order());
        int kept = last.type().rank() - axes.size();
        var shape = new ArrayList<>(last.type().shape().subList(0, kept));
        shape.add(last.type().shape().subList(kept, last.type().rank()).stream().reduce(Dim.ONE, Dim::times));
        return Ops.reshape(g, last, shape);
    }

    private List<Integer> order() {
        var order = new ArrayList<>(Fit.others(x.type().rank(), axes));
        order.addAll(axes);
        return order;
    }
}
