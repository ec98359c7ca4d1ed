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
import java.util.HashMap;
import java.util.List;

/// Which of several equal numbers is the last: one place to meet at for all of them, found in time that does not depend on how large the numbers are.
public record Last(Value ids) implements Op.Indexed {
    public static final Spec SPEC = Spec.of("last", "`y[i]` = the greatest k with `ids[k] = ids[i]`, as i32. No gradient.")
            .sample("few numbers", (_, d) -> new Last(d.ids(3, d.dim())))
            .sample("many numbers", (_, d) -> new Last(d.ids(100, d.dim())))
            .law("the number there is the same", (g, d) -> {
                var ids = d.ids(5, d.dim());
                return new Sides(Ops.cast(g, g.add(new Gather(ids, g.add(new Last(ids)))), DType.f32), Ops.cast(g, ids, DType.f32));
            })
            .law("the last of the last are themselves", (g, d) -> {
                var last = g.add(new Last(d.ids(5, d.dim())));
                return new Sides(Ops.cast(g, g.add(new Last(last)), DType.f32), Ops.cast(g, last, DType.f32));
            })
            .rejects("last: ids of one axis, got i32", g -> new Last(Ops.constant(g, DType.i32, 0)))
            .rejects("last needs i32, got f32[2]", g -> new Last(Ops.fill(g, 0, Dim.of(2))));

    public Last {
        Fit.dtype("last", ids, DType.i32);
        Fit.require(ids.type().rank() == 1, "last: ids of one axis, got %s", ids.type());
    }

    /// Whether each of the numbers is the last of its kind.
    static Value isLast(Graph g, Value ids) {
        return Ops.map(g, Functions.EQUAL, g.add(new Last(ids)), g.add(new Iota(ids.type(), 0)));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return ids.type();
    }

    @Override
    public List<Value> operands() {
        return List.of(ids);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Last(operands.getFirst());
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
        var ids = operands.getFirst().data();
        var last = new HashMap<Double, Integer>();
        for (int i = 0; i < ids.length; i++) last.put(ids[i], i);
        return Cells.fill(env.shape(type()), (_, flat) -> last.get(ids[flat]));
    }
}
