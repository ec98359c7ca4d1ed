package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// The number a dim stands for, as an f32 scalar: what means divide by.
public record Size(Dim dim) implements Op.Source {
    public static final Spec SPEC = Spec.of("size", "The number a dim stands for, as an f32 scalar.")
            .sample("product", (_, d) -> new Size(d.dim().times(d.dim())));

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return TensorType.scalar(DType.f32);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return Array.scalar((double) env.size(dim));
    }

    @Override
    public String attributes() {
        return dim.toString();
    }
}
