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

/// A table with some of its rows replaced. Where the table may be written over, the other rows are neither read nor written.
public record Put(Value table, Value ids, Value rows) implements Op.Indexed {
    public static final Spec SPEC = Spec.of("put", "`y[ids[i], j..] = rows[i, j..]`, the last of several with one number; rows nobody names are those of the table.")
            .sample("rows", (_, d) -> {
                Dim n = d.dim();
                Dim e = d.dim();
                return new Put(d.real(Dim.of(5), e), d.ids(5, n), d.real(n, e));
            })
            .sample("numbers", (_, d) -> {
                Dim n = d.dim();
                return new Put(d.real(Dim.of(40)), d.ids(40, n), d.real(n));
            })
            .law("what is there stays there", (g, d) -> {
                var table = d.real(Dim.of(5), d.dim());
                var ids = d.ids(5, d.dim());
                return new Sides(g.add(new Put(table, ids, g.add(new Gather(table, ids)))), table);
            })
            .rejects("put: rows f32[3, 4] for ids i32[3] of a table f32[5, 2]", g -> new Put(Ops.fill(g, 0, Dim.of(5), Dim.of(2)), g.add(new Iota(TensorType.i32(Dim.of(3)), 0)), Ops.fill(g, 0, Dim.of(3), Dim.of(4))))
            .rejects("put needs i32, got f32[3]", g -> new Put(Ops.fill(g, 0, Dim.of(5)), Ops.fill(g, 0, Dim.of(3)), Ops.fill(g, 0, Dim.of(3))));

    public Put {
        Fit.dtype("put", ids, DType.i32);
        boolean fits = ids.type().rank() == 1 && table.type().rank() > 0 && rows.type().equals(ofTable(table, ids.type().dim(0)));
        Fit.require(fits, "put: rows %s for ids %s of a table %s", rows.type(), ids.type(), table.type());
    }

    private static TensorType ofTable(Value table, Dim count) {
        var shape = new ArrayList<>(table.type().shape());
        shape.set(0, count);
        return table.type().withShape(shape);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return table.type();
    }

    @Override
    public List<Value> operands() {
        return List.of(table, ids, rows);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Put(operands.get(0), operands.get(1), operands.get(2));
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        var zeros = Ops.fill(g, 0, rows.type().shape());
        var shown = Ops.broadcast(g, Last.isLast(g, ids), rows.type().shape(), List.of(0));
        return Ops.flows(g.add(new Put(dy, ids, zeros)), null, Ops.select(g, shown, g.add(new Gather(dy, ids)), zeros));
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var table = operands.get(0);
        var ids = operands.get(1);
        var y = Cells.fill(table.shape(), (_, flat) -> table.data()[flat]);
        int row = ids.data().length == 0 ? 0 : operands.get(2).data().length / ids.data().length;
        for (int i = 0; i < ids.data().length; i++) System.arraycopy(operands.get(2).data(), i * row, y.data(), Gather.row(ids.data()[i], table.shape()[0]) * row, row);
        return y;
    }
}
