package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// `y[.., i, ..] = i` along one axis.
public record Iota(TensorType type, int axis) implements Op.Source {
    public static final Spec SPEC = Spec.of("iota", "`y[.., i, ..] = i`: the position along one axis, i32.")
            .sample("columns", (_, d) -> new Iota(TensorType.i32(d.dim(), d.dim()), 1))
            .law("0 to n - 1 sum to n (n - 1) / 2", (g, d) -> {
                Dim n = d.dim();
                return new Sides(Ops.sum(g, Ops.cast(g, g.add(new Iota(TensorType.i32(n), 0)), DType.f32), 0), Ops.size(g, n.times(n.minus(1)).floorDiv(2)));
            })
            .rejects("iota: axis 2 of i32[2, 3], which has 2", _ -> new Iota(TensorType.i32(Dim.of(2), Dim.of(3)), 2))
            .rejects("iota is i32, not f32[4]", _ -> new Iota(TensorType.f32(4), 0));

    public Iota {
        Fit.require(type.dtype() == DType.i32, "iota is i32, not %s", type);
        Fit.require(axis >= 0 && axis < type.rank(), "iota: axis %d of %s, which has %d", axis, type, type.rank());
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return Cells.fill(env.shape(type), (at, _) -> at[axis]);
    }

    @Override
    public String attributes() {
        return "axis " + axis;
    }
}
