package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// What the caller hands over at the door called `name`.
public record Input(String name, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("input", "What the caller hands over at the door called `name`.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return env.input(name);
    }

    @Override
    public String attributes() {
        return name;
    }
}
