package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// Uniform numbers in [0, 1). The key is the stable name of the place that draws: two draws of one key are one draw, so a mask is recomputed, never stored.
public record Random(String key, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("random", """
            Uniform in [0, 1): Threefry-2x32 with 13 rounds of (seed, step, key) at the element's row-major number.
            Equal bits on every machine, width and number of threads.""")
            .sample("mask", (_, d) -> new Random("mask", TensorType.f32(d.dim(), d.dim())))
            .law("never below 0, never 1", (g, d) -> {
                var x = g.add(new Random("mask", TensorType.f32(d.dim())));
                return new Sides(Ops.map(g, Functions.FLOOR, x), Ops.fill(g, 0, x.type().shape()));
            })
            .rejects("random is f32, not i32", _ -> new Random("mask", TensorType.scalar(DType.i32)));

    public Random {
        Fit.require(type.dtype() == DType.f32, "random is f32, not %s", type);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return Cells.fill(env.shape(type), (_, flat) -> env.uniform(key, flat));
    }

    @Override
    public String attributes() {
        return key;
    }
}
