package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// Helpers of straight-line code.
final class Polynomial {
    private Polynomial() {}

    /// `c0 xⁿ + c1 xⁿ⁻¹ + … + cn` by Horner's rule; the highest power comes first.
    static Expr horner(Code code, Lanes l, Expr x, float... coefficients) {
        Expr p = code.let("p", l.literal(coefficients[0]));
        for (int i = 1; i < coefficients.length; i++) p = code.let("p", l.fma(p, x, l.literal(coefficients[i])));
        return p;
    }

    /// x within the bounds; NaN stays, since it is neither below nor above.
    static Expr clamp(Code code, Lanes l, Expr x, float low, float high) {
        Expr above = code.let("clamped", l.select(l.less(x, l.literal(low)), l.literal(low), x));
        return code.let("clamped", l.select(l.less(l.literal(high), above), l.literal(high), above));
    }

    /// The size of one float with the sign of another.
    static Expr withSign(Lanes l, Expr size, Expr sign) {
        return l.floats(l.or(l.bits(size), l.and(l.bits(sign), l.literal(0x8000_0000))));
    }
}
