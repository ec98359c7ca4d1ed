package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Sum;
import java.util.List;
import java.util.Optional;

/// The reductions a `Rows` kernel knows.
final class Reductions {
    /// The dims of the operand that are reduced, for a reduction.
    static Optional<List<Integer>> axes(Value v) {
        return switch (v.op()) {
            case Sum(_, var axes) -> Optional.of(axes);
            case Max(_, var axes) -> Optional.of(axes);
            default -> Optional.empty();
        };
    }

    private Reductions() {}
}
