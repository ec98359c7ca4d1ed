package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsKey;

/// How a reduction along a row begins, goes on and ends. The lanes of a sum are what has been summed. Those of a maximum are ints in the order of the floats (in scratch as the bits of floats): -∞ is the
/// least int, then come the numbers, -0 below +0, then +∞ and above it every NaN. The greatest int takes one operation beside the three that make one of a float; the greatest float, NaN and -0 considered, takes six.
record RowCombine(Code code, Lanes lanes, Node.Reduction reduction) {
    private static final int MAGNITUDE = 0x7fffffff;
    /// Below the int of -∞ there were NaNs; without them it is the least of all.
    private static final int NANS = 0x7fffff;

    static float start(Node.Reduction reduction) {
        return reduction == Node.Reduction.SUM ? 0f : Float.intBitsToFloat(Integer.MIN_VALUE);
    }

    Expr start() {
        return reduction == Node.Reduction.SUM ? lanes.literal(0f) : lanes.literal(Integer.MIN_VALUE);
    }

    Expr load(Expr scratch, Expr at) {
        Expr floats = lanes.load(scratch, at);
        return reduction == Node.Reduction.SUM ? floats : lanes.bits(floats);
    }

    void store(Expr scratch, Expr at, Expr soFar) {
        lanes.store(scratch, at, reduction == Node.Reduction.SUM ? soFar : lanes.floats(soFar));
    }

    /// With one more element.
    Expr apply(Expr soFar, Expr next) {
        if (reduction == Node.Reduction.SUM) return lanes.add(soFar, next);
        Expr bits = code.let("bits", lanes.bits(next));
        return lanes.max(soFar, lanes.sub(turned(bits), lanes.literal(NANS)));
    }

    /// What two have combined.
    Expr join(Expr soFar, Expr other) {
        return reduction == Node.Reduction.SUM ? lanes.add(soFar, other) : lanes.max(soFar, other);
    }

    /// The value of 16 lanes at a place of scratch: lane i with lane i + 8, then i + 4, i + 2, i + 1.
    Expr tree(Expr scratch, Expr at) {
        Expr all = tree(scratch, at, 0, 1);
        if (reduction == Node.Reduction.SUM) return all;
        Expr bits = code.let("bits", lanes.add(all, lanes.literal(NANS)));
        return lanes.floats(turned(bits));
    }

    private Expr tree(Expr scratch, Expr at, int lane, int step) {
        if (step == RowsKey.SCRATCH) return load(scratch, at.plus(lane));
        return join(tree(scratch, at, lane, 2 * step), tree(scratch, at, lane + step, 2 * step));
    }

    /// The more negative a float, the greater are its bits: these are turned round, and back.
    private Expr turned(Expr bits) {
        return lanes.xor(bits, lanes.and(lanes.shiftRight(bits, 31), lanes.literal(MAGNITUDE)));
    }
}
