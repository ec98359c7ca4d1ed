package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// Threefry-2x32 with 13 rounds, as `dev.kiln.runtime.Threefry` writes it, on lanes of ints.
record Chance(Code code, Lanes l) {
    private static final int PARITY = 0x1BD11BDA;
    private static final int ROUNDS = 13;
    private static final int[] ROTATIONS = {13, 15, 26, 6, 17, 29, 16, 24};

    /// The uniform number of element `index` (not negative) under the key.
    Expr uniform(Expr key0, Expr key1, Expr index) {
        Expr[] keys = {key0, key1, code.let("key2", l.xor(l.xor(key0, key1), l.literal(PARITY)))};
        Expr x = code.let("x", l.add(index, key0));
        Expr y = key1;
        for (int round = 0; round < ROUNDS; round++) {
            x = code.let("x", l.add(x, y));
            y = code.let("y", l.xor(l.rotateLeft(y, ROTATIONS[round % ROTATIONS.length]), x));
            if (round % 4 == 3) {
                int injection = (round + 1) / 4;
                x = code.let("x", l.add(x, keys[injection % 3]));
                y = code.let("y", l.add(y, l.add(keys[(injection + 1) % 3], l.literal(injection))));
            }
        }
        return code.let("uniform", l.mul(l.toFloat(l.shiftRightUnsigned(x, 8)), l.literal(0x1p-24f)));
    }
}
