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
import java.util.List;

/// Running sums along one axis, from its first element on or from its last.
public record CumSum(Value x, int axis, boolean fromLast) implements Op.Reduction, Op.Composed {
    public static final Spec SPEC = Spec.of("cumsum", "`y[.., t, ..] = Σ over u <= t of x[.., u, ..]`: running sums; `from last` takes u >= t. Its gradient runs the other way. An axis of n costs n² additions a row.")
            .function(x -> new CumSum(x, x.type().rank() - 1, false))
            .sample("last", (_, d) -> new CumSum(d.real(d.dim(), d.dim()), 1, false))
            .sample("first", (_, d) -> new CumSum(d.real(d.dim(), d.dim()), 0, false))
            .sample("middle, from last", (_, d) -> new CumSum(d.real(d.dim(), Dim.of(4), d.dim()), 1, true))
            .law("both ways together hold x once more than its sum", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                var both = Ops.add(g, g.add(new CumSum(x, 1, false)), g.add(new CumSum(x, 1, true)));
                return new Sides(both, Ops.add(g, x, Ops.spread(g, Ops.sum(g, x, 1), x.type().shape(), List.of(1))));
            })
            .law("of ones it counts from one", (g, d) -> {
                Dim n = d.dim();
                var position = Ops.cast(g, g.add(new Iota(TensorType.i32(n), 0)), DType.f32);
                return new Sides(g.add(new CumSum(Ops.fill(g, 1, n), 0, false)), Ops.add(g, position, Ops.fill(g, 1, n)));
            })
            .rejects("cumsum: axis 1 of f32[3], which has 1", g -> new CumSum(Ops.fill(g, 0, Dim.of(3)), 1, false))
            .rejects("cumsum needs f32, got i32", g -> new CumSum(Ops.constant(g, DType.i32, 1), 0, false));

    public CumSum {
        Fit.dtype("cumsum", x, DType.f32);
        Fit.axes("cumsum", x, List.of(axis));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type();
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new CumSum(operands.getFirst(), axis, fromLast);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(g.add(new CumSum(dy, axis, !fromLast)));
    }

    /// A sum over what a triangle selects: unlike a product with ones and zeros it keeps a NaN out of the sums that do not take it.
    @Override
    public Value compose(Graph g) {
        int added = x.type().rank();
        var shape = new ArrayList<>(x.type().shape());
        shape.add(shape.get(axis));
        var of = new TensorType(DType.i32, shape);
        var u = g.add(new Iota(of, axis));
        var t = g.add(new Iota(of, added));
        var taken = fromLast ? Ops.map(g, Functions.LESS_EQUAL, t, u) : Ops.map(g, Functions.LESS_EQUAL, u, t);
        var sum = Ops.sum(g, Ops.select(g, taken, Ops.spread(g, x, shape, List.of(added)), Ops.fill(g, 0, shape)), axis);
        var order = new ArrayList<>(Fit.others(added, List.of(added - 1)));
        order.add(axis, added - 1);
        return Ops.permute(g, sum, order);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        int step = x.strides()[axis];
        return Cells.fill(x.shape(), (at, flat) -> {
            double sum = 0;
            int until = fromLast ? x.shape()[axis] : at[axis] + 1;
            for (int u = fromLast ? at[axis] : 0; u < until; u++) sum += x.data()[flat + (u - at[axis]) * step];
            return sum;
        });
    }

    @Override
    public String attributes() {
        return "axis " + axis + (fromLast ? " from last" : "");
    }
}
