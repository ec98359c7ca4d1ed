package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What the caller hands over at the door called `name`.
/// @param door its shape as callers see it: where a check holds that two dims are equal, `type` speaks of one of them only
public record Input(String name, TensorType type, List<Dim> door) implements Op.Source {
    public static final Spec SPEC = Spec.of("input", "What the caller hands over at the door called `name`.");

    public Input {
        door = List.copyOf(door);
        if (door.size() != type.rank()) throw new IllegalArgumentException("input %s : %s has a door of %d axes".formatted(name, type, door.size()));
    }

    public Input(String name, TensorType type) {
        this(name, type, type.shape());
    }

    /// The names of the dims that a run learns here.
    public Set<String> dims() {
        var names = new LinkedHashSet<String>();
        for (Dim d : door) names.addAll(d.variables());
        return names;
    }

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
