package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Random;
import dev.kiln.compiler.op.Size;

/// Values without operands: some lie in memory before anything runs, the others are computed anew by every reader.
public final class Sources {
    public static boolean inMemory(Value v) {
        return v.op() instanceof Input || v.op() instanceof Param || v.op() instanceof Port;
    }

    /// A number, a size, a position or chance: cheaper to make than to load.
    public static boolean inline(Value v) {
        return switch (v.op()) {
            case Const c -> c.type().shape().isEmpty();
            case Size _, Iota _, Random _ -> true;
            default -> false;
        };
    }

    private Sources() {}
}
