package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Act;

/// The end of a tile. Comparisons with NaN fail, so each choice keeps the operand and with it a NaN of either sign.
record ActCode(Lanes lanes, Act act) {
    /// @param c a local
    Expr apply(Expr c) {
        return switch (act) {
            case Act.None _ -> c;
            case Act.Relu _ -> lanes.select(lanes.less(c, lanes.literal(0f)), lanes.literal(0f), c);
            case Act.Clip(float low, float high) -> clip(c, low, high);
            case Act.Scale(float factor) -> lanes.mul(c, lanes.literal(factor));
        };
    }

    private Expr clip(Expr c, float low, float high) {
        Expr below = lanes.select(lanes.less(lanes.literal(high), c), lanes.literal(high), c);
        return lanes.select(lanes.less(c, lanes.literal(low)), lanes.literal(low), below);
    }
}
