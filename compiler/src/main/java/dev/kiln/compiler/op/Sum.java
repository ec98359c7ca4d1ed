package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// The sum over some axes.
public record Sum(Value x, List<Integer> axes) implements OverAxes {
    public static final Spec SPEC = Spec.of("sum", "`y[kept..] = Σ over axes of x[..]`: the sum over some axes, which vanish.")
            .sample("last", (_, d) -> new Sum(d.real(d.dim(), d.dim()), List.of(1)))
            .sample("first", (_, d) -> new Sum(d.real(d.dim(), d.dim()), List.of(0)))
            .sample("middle and last of four", (_, d) -> new Sum(d.real(d.dim(), Dim.of(3), Dim.of(2), d.dim()), List.of(1, 3)))
            .sample("all", (_, d) -> new Sum(d.real(d.dim(), d.dim()), List.of(0, 1)))
            .law("sum of a broadcast is a multiple", (g, d) -> {
                Dim n = d.dim();
                Dim k = d.dim();
                var x = d.real(n);
                return new Sides(Ops.sum(g, Ops.broadcast(g, x, List.of(n, k), List.of(0)), 1), Ops.mul(g, x, Ops.fill(g, Ops.size(g, k), List.of(n))));
            })
            .rejects("sum: axis 1 of f32[3], which has 1", g -> new Sum(Ops.fill(g, 0, Dim.of(3)), List.of(1)))
            .rejects("sum needs numbers, got bool", g -> new Sum(Ops.constant(g, DType.bool, 1), List.of()));

    public Sum {
        axes = List.copyOf(axes);
        Fit.require(x.type().dtype() != DType.bool, "sum needs numbers, got %s", x.type());
        Fit.axes("sum", x, axes);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Sum(operands.getFirst(), axes);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(Ops.spread(g, dy, x.type().shape(), axes));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var y = Array.zeros(env.shape(type()));
        var steps = Cells.steps(x.shape().length, axes, y);
        Cells.each(x.shape(), (at, flat) -> y.data()[Cells.dot(at, steps)] += x.data()[flat]);
        return y;
    }
}
