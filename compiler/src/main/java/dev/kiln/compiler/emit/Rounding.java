package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// Whole numbers near x. From 2²³ on every float is whole.
record Rounding(Code code, Lanes l) {
    /// The nearest, of two the even one: adding and subtracting 2²³ rounds.
    Expr round(Expr x) {
        Expr size = code.let("size", l.abs(x));
        Expr whole = code.let("whole", l.sub(l.add(size, l.literal(0x1p23f)), l.literal(0x1p23f)));
        Expr signed = code.let("signed", Polynomial.withSign(l, whole, x));
        return code.let("round", l.select(l.less(size, l.literal(0x1p23f)), signed, x));
    }

    Expr floor(Expr x) {
        Expr nearest = round(x);
        return code.let("floor", l.select(l.less(x, nearest), l.sub(nearest, l.literal(1f)), nearest));
    }
}
