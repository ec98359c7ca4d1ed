package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// What flows into the result of a function whose derivative is written by hand: the place of it, until differentiation puts the real value there.
/// @param of whose result it flows into; each call has its own
public record Cotangent(String of, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("cotangent", "What flows into the result of a function with a derivative written by hand: a place that differentiation fills. Zero until then.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return Array.zeros(env.shape(type));
    }

    @Override
    public String attributes() {
        return of;
    }
}
