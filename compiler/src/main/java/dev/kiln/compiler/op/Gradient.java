package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// The gradient of the entry's loss with respect to a parameter: what optimizers are written on. The stage `differentiate` puts the derived values in its place.
public record Gradient(String parameter, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("gradient", "The gradient of the loss with respect to `parameter`; the stage `differentiate` replaces it.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        throw new IllegalStateException("the gradient of '%s' is not derived yet: this graph has not been differentiated".formatted(parameter));
    }

    @Override
    public String attributes() {
        return parameter;
    }
}
