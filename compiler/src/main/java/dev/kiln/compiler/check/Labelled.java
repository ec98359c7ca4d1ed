package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Value;
import java.util.List;

/// A tensor whose axes are indices of a formula.
record Labelled(Value value, List<IndexVariable> axes) {
    Labelled {
        axes = List.copyOf(axes);
        if (axes.size() != value.type().rank()) throw new IllegalArgumentException("%s has %d axes, not %s".formatted(value.type(), value.type().rank(), axes));
    }
}
