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

/// Rows of a table by number: `y[i.., j..] = table[ids[i..], j..]`.
public record Gather(Value table, Value ids) implements Op.Indexed {
    public static final Spec SPEC = Spec.of("gather", "`y[i.., j..] = table[ids[i..], j..]`: rows by number. Its gradient is a `scatter_add`.")
            .sample("embedding", (_, d) -> new Gather(d.real(Dim.of(5), d.dim()), d.ids(5, d.dim())))
            .sample("two ids axes, scalars", (_, d) -> new Gather(d.real(Dim.of(4)), d.ids(4, d.dim(), Dim.of(2))))
            .law("a product with one-hot rows", (g, d) -> {
                var ids = d.ids(5, d.dim());
                var table = d.real(Dim.of(5), d.dim());
                return new Sides(g.add(new Gather(table, ids)), g.add(ContractSamples.dense(oneHot(g, ids, 5), table)));
            })
            .rejects("gather needs i32, got f32[2]", g -> new Gather(Ops.fill(g, 0, Dim.of(3), Dim.of(4)), Ops.fill(g, 0, Dim.of(2))))
            .rejects("gather: a table of rows, got f32", g -> new Gather(Ops.scalar(g, 0), Ops.constant(g, DType.i32, 0)));

    public Gather {
        Fit.dtype("gather", ids, DType.i32);
        Fit.require(table.type().rank() > 0, "gather: a table of rows, got %s", table.type());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        var shape = new ArrayList<>(ids.type().shape());
        shape.addAll(table.type().shape().subList(1, table.type().rank()));
        return table.type().withShape(shape);
    }

    @Override
    public List<Value> operands() {
        return List.of(table, ids);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Gather(operands.get(0), operands.get(1));
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows(g.add(new ScatterAdd(ids, dy, table.type().dim(0))), null);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var table = operands.get(0);
        var ids = operands.get(1);
        var y = Array.zeros(env.shape(type()));
        int row = ids.data().length == 0 ? 0 : y.data().length / ids.data().length;
        for (int i = 0; i < ids.data().length; i++) System.arraycopy(table.data(), row(ids.data()[i], table.shape()[0]) * row, y.data(), i * row, row);
        return y;
    }

    /// `y[i, r] = 1` where `ids[i] = r`, else 0.
    static Value oneHot(Graph g, Value ids, int rows) {
        var shape = List.of(ids.type().dim(0), Dim.of(rows));
        var type = new TensorType(DType.i32, shape);
        return Ops.cast(g, Ops.map(g, Functions.EQUAL, g.add(new Iota(type, 1)), Ops.spread(g, ids, shape, List.of(1))), DType.f32);
    }

    static int row(double id, int rows) {
        Fit.require(id >= 0 && id < rows, "row %.0f of a table of %d", id, rows);
        return (int) id;
    }
}
