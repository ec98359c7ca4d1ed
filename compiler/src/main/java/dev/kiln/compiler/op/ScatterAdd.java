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
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;

/// Adds rows into a table by number: `y[r, j..] = Σ over i.. with ids[i..] = r of rows[i.., j..]`.
public record ScatterAdd(Value ids, Value rows, Dim extent) implements Op.Indexed {
    public static final Spec SPEC = Spec.of("scatter_add", "`y[r, j..] = Σ over i.. with ids[i..] = r of rows[i.., j..]`: the transpose of `gather`; rows nobody names are zero.")
            .sample("rows", (_, d) -> {
                Dim n = d.dim();
                return new ScatterAdd(d.ids(4, n), d.real(n, d.dim()), Dim.of(4));
            })
            .sample("two ids axes, scalars", (_, d) -> {
                Dim n = d.dim();
                return new ScatterAdd(d.ids(3, n, Dim.of(2)), d.real(n, Dim.of(2)), Dim.of(3));
            })
            .law("a product with one-hot columns", (g, d) -> {
                var ids = d.ids(4, d.dim());
                var rows = d.real(ids.type().dim(0), d.dim());
                return new Sides(g.add(new ScatterAdd(ids, rows, Dim.of(4))), g.add(ContractSamples.dense(Ops.permute(g, Gather.oneHot(g, ids, 4), List.of(1, 0)), rows)));
            })
            .rejects("scatter_add: rows f32[3, 4] for ids i32[2]", g -> new ScatterAdd(g.add(new Iota(TensorType.i32(Dim.of(2)), 0)), Ops.fill(g, 0, Dim.of(3), Dim.of(4)), Dim.of(5)));

    public ScatterAdd {
        Fit.dtype("scatter_add", ids, DType.i32);
        int lead = ids.type().rank();
        Fit.require(rows.type().rank() >= lead && rows.type().shape().subList(0, lead).equals(ids.type().shape()), "scatter_add: rows %s for ids %s", rows.type(), ids.type());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        var shape = new ArrayList<>(List.of(extent));
        shape.addAll(rows.type().shape().subList(ids.type().rank(), rows.type().rank()));
        return rows.type().withShape(shape);
    }

    @Override
    public List<Value> operands() {
        return List.of(ids, rows);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new ScatterAdd(operands.get(0), operands.get(1), extent);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        return Ops.flows(null, g.add(new Gather(dy, ids)));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var ids = operands.get(0);
        var rows = operands.get(1);
        var y = Array.zeros(env.shape(type()));
        int row = ids.data().length == 0 ? 0 : rows.data().length / ids.data().length;
        for (int i = 0; i < ids.data().length; i++) {
            int to = Gather.row(ids.data()[i], y.shape()[0]) * row;
            for (int j = 0; j < row; j++) y.data()[to + j] += rows.data()[i * row + j];
        }
        return y;
    }

    @Override
    public String attributes() {
        return extent.toString();
    }
}
