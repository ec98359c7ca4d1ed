package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// What a body of a loop is given in each step: its states, then its steps, then its constants, counted in this order.
public record Port(int index, TensorType type) implements Op.Source {
    public static final Spec SPEC = Spec.of("port", "What the body of a loop is given in each step: its states, then its steps, then its constants, counted in this order.");

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        return env.port(index);
    }

    @Override
    public String attributes() {
        return String.valueOf(index);
    }
}
