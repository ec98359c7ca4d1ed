package dev.kiln.compiler.graph;

import java.util.List;

/// Which element of an operand a contraction reads: one affine index for each of its dims.
public record Access(List<Affine> dims) {
    public Access {
        dims = List.copyOf(dims);
    }

    public boolean reads(int axis) {
        return dims.stream().anyMatch(d -> d.coefficient(axis) != 0);
    }

    public String print(List<Axis> axes) {
        return "[" + String.join(", ", dims.stream().map(d -> d.print(axes)).toList()) + "]";
    }
}
