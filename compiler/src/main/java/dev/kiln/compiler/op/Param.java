package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// The parameter or state called `name`, as it was when the run began.
public record Param(String name, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("param", "The parameter or state called `name`, as it was when the run began.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return env.parameter(name);
    }

    @Override
    public String attributes() {
        return name;
    }
}
