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
import java.util.Collections;
import java.util.List;

/// The biased variance over some axes. A reduction of its own, since its gradient `2/n (x - mean) dy` is shorter than what its formula would give.
public record Var(Value x, List<Integer> axes) implements OverAxes, Op.Composed {
    public static final Spec SPEC = Spec.of("var", "`y[kept..] = 1/n Σ (x - mean)²` over axes: the biased variance; of no numbers NaN, as their mean is.")
            .sample("columns", (_, d) -> new Var(d.real(d.dim(), d.dim()), List.of(0)))
            .sample("rows", (_, d) -> new Var(d.real(d.dim(), d.dim()), List.of(1)))
            .sample("all but the second", (_, d) -> new Var(d.real(d.dim(), Dim.of(3), d.dim()), List.of(0, 2)))
            .law("a shift does nothing", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n, d.dim());
                return new Sides(Ops.var(g, Ops.add(g, x, Ops.fill(g, 7, x.type().shape())), 0), Ops.var(g, x, 0));
            })
            .law("mean of squares less square of mean", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                var mean = Ops.mean(g, x, List.of(1));
                return new Sides(Ops.var(g, x, 1), Ops.sub(g, Ops.mean(g, Ops.mul(g, x, x), List.of(1)), Ops.mul(g, mean, mean)));
            })
            .rejects("var needs f32, got i32", g -> new Var(Ops.constant(g, DType.i32, 1), List.of()));

    public Var {
        axes = List.copyOf(axes);
        Fit.dtype("var", x, DType.f32);
        Fit.axes("var", x, axes);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Var(operands.getFirst(), axes);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        var shape = x.type().shape();
        var centred = Ops.sub(g, x, Ops.spread(g, Ops.mean(g, x, axes), shape, axes));
        var scale = Ops.div(g, dy, Ops.fill(g, Ops.div(g, Ops.count(g, x, axes), Ops.scalar(g, 2)), y.type().shape()));
        return List.of(Ops.mul(g, centred, Ops.spread(g, scale, shape, axes)));
    }

    /// Two sums of one sweep. Shifting by an element of the data keeps the difference of squares from cancelling (Chan, Golub, LeVeque 1983).
    @Override
    public Value compose(Graph g) {
        var d = fromFirst(g);
        var mean = Ops.mean(g, d, axes);
        var square = Ops.mean(g, Ops.mul(g, d, d), axes);
        return Ops.map(g, Functions.MAX, Ops.sub(g, square, Ops.mul(g, mean, mean)), Ops.fill(g, 0, type().shape()));
    }

    /// The first element along the axes, in the shape of the variance.
    private Value first(Graph g) {
        var shape = x.type().shape();
        var extent = new ArrayList<>(shape);
        axes.forEach(a -> extent.set(a, Dim.ONE));
        return Ops.reshape(g, g.add(new Slice(x, Collections.nCopies(shape.size(), Dim.ZERO), Collections.nCopies(shape.size(), 1), extent)), type().shape());
    }

    private Value fromFirst(Graph g) {
        return Ops.sub(g, x, Ops.spread(g, first(g), x.type().shape(), axes));
    }

    /// `Σ x` by the mean of what the variance sums anyway.
    public Value sum(Graph g) {
        var mean = Ops.add(g, Ops.mean(g, fromFirst(g), axes), first(g));
        return Ops.mul(g, mean, Ops.fill(g, Ops.count(g, x, axes), type().shape()));
    }

    /// `2/n Σ (x - mean) dx`.
    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        var centred = Ops.sub(g, x, Ops.spread(g, Ops.mean(g, x, axes), x.type().shape(), axes));
        var half = Ops.mean(g, Ops.mul(g, centred, dx.getFirst()), axes);
        return Ops.add(g, half, half);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var mean = Array.zeros(env.shape(type()));
        var y = Array.zeros(env.shape(type()));
        double n = (double) x.data().length / y.data().length;
        var steps = Cells.steps(x.shape().length, axes, y);
        Cells.each(x.shape(), (at, flat) -> mean.data()[Cells.dot(at, steps)] += x.data()[flat] / n);
        Cells.each(x.shape(), (at, flat) -> {
            int out = Cells.dot(at, steps);
            double centred = x.data()[flat] - mean.data()[out];
            y.data()[out] += centred * centred;
        });
        for (int i = 0; i < y.data().length; i++) y.data()[i] /= n;
        return y;
    }
}
