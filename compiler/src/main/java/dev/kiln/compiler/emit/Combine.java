package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsKey;

/// How a reduction begins and goes on.
record Combine(Lanes lanes, Node.Reduction reduction) {
    static float start(Node.Reduction reduction) {
        return reduction == Node.Reduction.SUM ? 0f : Float.NEGATIVE_INFINITY;
    }

    Expr start() {
        return lanes.literal(start(reduction));
    }

    Expr apply(Expr soFar, Expr next) {
        return reduction == Node.Reduction.SUM ? lanes.add(soFar, next) : lanes.max(soFar, next);
    }

    /// The 16 lanes at a place of scratch, combined: lane i with lane i + 8, then i + 4, i + 2, i + 1.
    Expr tree(Expr scratch, Expr at) {
        return tree(scratch, at, 0, 1);
    }

    private Expr tree(Expr scratch, Expr at, int lane, int step) {
        if (step == RowsKey.SCRATCH) return scratch.at(at.plus(lane));
        return apply(tree(scratch, at, lane, 2 * step), tree(scratch, at, lane + step, 2 * step));
    }
}
