package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Node;

/// How a reduction of columns begins and goes on.
record Combine(Lanes lanes, Node.Reduction reduction) {
    Expr start() {
        return lanes.literal(reduction == Node.Reduction.SUM ? 0f : Float.NEGATIVE_INFINITY);
    }

    Expr apply(Expr soFar, Expr next) {
        return reduction == Node.Reduction.SUM ? lanes.add(soFar, next) : lanes.max(soFar, next);
    }
}
