package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// Stands for a state, or for the element of a sequence, in one step of a [Loop] that is being elaborated. [Cut] replaces it; no finished graph holds one.
record Now(int number, TensorType type) implements Op.Source {
    private static final Spec SPEC = Spec.of("now", "A state or the element of a sequence in the present step.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        throw new IllegalStateException("a step was not made part of its loop");
    }

    @Override
    public String attributes() {
        return Integer.toString(number);
    }
}
