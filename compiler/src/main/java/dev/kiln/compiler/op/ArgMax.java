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
import java.util.List;

/// The position of the greatest element along one axis; the first of several.
public record ArgMax(Value x, int axis) implements Op.Reduction {
    public static final Spec SPEC = Spec.of("argmax", "`y[kept..]` = the first i with `x[.., i, ..] = max over i`, as i32. A NaN counts as the greatest. No gradient.")
            .sample("last", (_, d) -> new ArgMax(d.real(d.dim(), d.dim()), 1))
            .sample("first", (_, d) -> new ArgMax(d.real(d.dim(), d.dim()), 0))
            .law("the element there is the maximum", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                var there = Ops.map(g, Functions.EQUAL, g.add(new Iota(x.type().withDtype(DType.i32), 1)), Ops.spread(g, g.add(new ArgMax(x, 1)), x.type().shape(), List.of(1)));
                return new Sides(Ops.sum(g, Ops.select(g, there, x, Ops.fill(g, 0, x.type().shape())), 1), Ops.max(g, x, 1));
            })
            .rejects("argmax: axis 2 of f32[3, 2], which has 2", g -> new ArgMax(Ops.fill(g, 0, Dim.of(3), Dim.of(2)), 2));

    public ArgMax {
        Fit.dtype("argmax", x, DType.f32);
        Fit.axes("argmax", x, List.of(axis));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return new TensorType(DType.i32, Fit.without(x.type().shape(), List.of(axis)));
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new ArgMax(operands.getFirst(), axis);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows((Value) null);
    }

    @Override
    public Value tangent(Graph g, Value y, List<Value> dx) {
        return null;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        int step = x.strides()[axis];
        var y = Array.zeros(env.shape(type()));
        var steps = Cells.steps(x.shape().length, List.of(axis), y);
        Cells.each(x.shape(), (at, flat) -> {
            int out = Cells.dot(at, steps);
            double best = x.data()[flat + ((int) y.data()[out] - at[axis]) * step];
            if (x.data()[flat] > best || (Double.isNaN(x.data()[flat]) && !Double.isNaN(best))) y.data()[out] = at[axis];
        });
        return y;
    }

    @Override
    public String attributes() {
        return "axis " + axis;
    }
}
