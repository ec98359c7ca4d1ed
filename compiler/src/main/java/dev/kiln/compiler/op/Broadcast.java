package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// Repeats x along new axes: axis k of x becomes axis `axes[k]` of the result.
public record Broadcast(Value x, List<Dim> shape, List<Integer> axes) implements Op.Movement {
    public static final Spec SPEC = Spec.of("broadcast", "`y[i..] = x[i at axes..]`: axis k of x becomes axis `axes[k]` of the result; along the other axes x is repeated.")
            .sample("row to matrix", (_, d) -> {
                Dim k = d.dim();
                return new Broadcast(d.real(k), List.of(d.dim(), k), List.of(1));
            })
            .sample("column to matrix", (_, d) -> {
                Dim n = d.dim();
                return new Broadcast(d.real(n), List.of(n, d.dim()), List.of(0));
            })
            .sample("scalar", (_, d) -> new Broadcast(d.real(), List.of(d.dim(), d.dim()), List.of()))
            .law("an outer product with ones", (g, d) -> {
                var x = d.real(d.dim());
                Dim k = d.dim();
                var shape = List.of(x.type().dim(0), k);
                return new Sides(Ops.broadcast(g, x, shape, List.of(0)), g.add(ContractSamples.dense(Ops.reshape(g, x, List.of(x.type().dim(0), Dim.ONE)), Ops.fill(g, 1, Dim.ONE, k))));
            })
            .rejects("broadcast: axis 0 of f32[3] does not fit axis 1 of [2, 4]", g -> new Broadcast(Ops.fill(g, 0, Dim.of(3)), List.of(Dim.of(2), Dim.of(4)), List.of(1)))
            .rejects("broadcast: axes [1, 0] are not ascending", g -> new Broadcast(Ops.fill(g, 0, Dim.of(3), Dim.of(2)), List.of(Dim.of(2), Dim.of(3)), List.of(1, 0)));

    public Broadcast {
        shape = List.copyOf(shape);
        axes = List.copyOf(axes);
        Fit.sameRank("broadcast", "axes", axes.size(), x);
        for (int k = 0; k < axes.size(); k++) {
            Fit.require(k == 0 || axes.get(k - 1) < axes.get(k), "broadcast: axes %s are not ascending", axes);
            Fit.require(axes.get(k) >= 0 && axes.get(k) < shape.size() && shape.get(axes.get(k)).equals(x.type().dim(k)), "broadcast: axis %d of %s does not fit axis %d of %s", k, x.type(), axes.get(k), shape);
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(shape);
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Broadcast(operands.getFirst(), shape, axes);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return List.of(Ops.sum(g, dy, repeated()));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var steps = Cells.steps(shape.size(), repeated(), x);
        return Cells.read(env.shape(type()), x, steps);
    }

    @Override
    public String attributes() {
        return Ops.axes(axes);
    }

    /// The axes of the result along which x is repeated.
    public List<Integer> repeated() {
        return Fit.others(shape.size(), axes);
    }
}
