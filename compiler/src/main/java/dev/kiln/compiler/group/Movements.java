package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Interleave;
import dev.kiln.compiler.op.Last;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Put;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.ScatterAdd;
import dev.kiln.compiler.op.Slice;

/// Movements that are done by copying when no reader absorbs them.
final class Movements {
    static boolean copies(Value v) {
        return switch (v.op()) {
            case Reshape _, Pad _, Concat _, Interleave _, Slice _, Permute _, Broadcast _ -> true;
            case Const _, Gather _, ScatterAdd _, Last _, Put _ -> true;
            default -> false;
        };
    }

    private Movements() {}
}
