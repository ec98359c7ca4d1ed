package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.stream.Collectors;

/// A number, or a small literal tensor in row-major order. Booleans are 0 and 1.
public record Const(TensorType type, List<Double> data) implements Op.Source {
    private static final int SHOWN = 8;

    public static final Spec SPEC = Spec.of("const", "A number or a small literal tensor.")
            .sample("scalar", (_, _) -> scalar(DType.f32, 0.5))
            .sample("vector", (_, _) -> new Const(TensorType.f32(3), List.of(1.0, -2.0, 0.25)))
            .rejects("const f32[3] has 3 elements, not 2", _ -> new Const(TensorType.f32(3), List.of(1.0, 2.0)));

    public Const {
        data = List.copyOf(data);
        Fit.require(type.size().is(data.size()), "const %s has %s elements, not %d", type, type.size(), data.size());
    }

    public static Const scalar(DType dtype, double value) {
        return new Const(TensorType.scalar(dtype), List.of(value));
    }

    public boolean isScalar(double value) {
        return type.isScalar() && data.getFirst() == value;
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return new Array(env.shape(type), data.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Override
    public String attributes() {
        var shown = data.stream().limit(SHOWN).map(d -> type.dtype() == DType.f32 ? d.toString() : Long.toString(Math.round(d))).collect(Collectors.joining(", "));
        return data.size() > SHOWN ? shown + ", …" : shown;
    }
}
