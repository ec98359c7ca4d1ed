package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// log and log1p. `x = 2ⁿ (1 + f)` with 1 + f between √½ and √2, then `log x = n ln 2 + log(1 + f)`; the polynomial is that of Cephes logf (Moshier 1992).
@SuppressWarnings("FloatingPointLiteralPrecision") // as published
record Logarithm(Code code, Lanes l) {
    /// `x = 2ⁿ (1 + f)`; n is a float.
    record Split(Expr n, Expr f) {}

    /// For finite x > 0. Denormals are made normal first.
    Split split(Expr x) {
        Expr tiny = code.let("tiny", l.less(x, l.literal(Float.MIN_NORMAL)));
        Expr normal = code.let("normal", l.select(tiny, l.mul(x, l.literal(0x1p23f)), x));
        Expr bits = code.let("bits", l.bits(normal));
        Expr exponent = code.let("exponent", l.shiftRight(l.sub(bits, l.literal(Float.floatToRawIntBits(0.70710677f))), 23));
        Expr f = code.let("f", l.sub(l.floats(l.sub(bits, l.shiftLeft(exponent, 23))), l.literal(1f)));
        Expr whole = code.let("whole", l.toFloat(exponent));
        return new Split(code.let("n", l.select(tiny, l.sub(whole, l.literal(23f)), whole)), f);
    }

    /// P with `log(1 + f) = f - f²/2 + f³ P(f)`.
    Expr cubic(Expr f) {
        return Polynomial.horner(code, l, f, 7.0376836292e-2f, -1.1514610310e-1f, 1.1676998740e-1f, -1.2420140846e-1f, 1.4249322787e-1f,
                -1.6668057665e-1f, 2.0000714765e-1f, -2.4999993993e-1f, 3.3333331174e-1f);
    }

    Expr log(Expr x) {
        Split s = split(x);
        Expr square = code.let("square", l.mul(s.f, s.f));
        Expr third = code.let("third", l.mul(l.mul(cubic(s.f), s.f), square));
        Expr low = code.let("low", l.fma(s.n, l.literal(Exponential.LN2_LOW), third));
        Expr second = code.let("second", l.fma(square, l.literal(-0.5f), low));
        Expr sum = code.let("sum", l.fma(s.n, l.literal(Exponential.LN2_HIGH), l.add(s.f, second)));
        return atEnds(x, sum);
    }

    /// Minus infinity at 0, infinity at infinity, NaN below 0 and for NaN.
    Expr atEnds(Expr x, Expr log) {
        Expr positive = code.let("positive", l.select(l.less(x, l.literal(Float.POSITIVE_INFINITY)), log, x));
        Expr zero = code.let("zero", l.select(l.equal(x, l.literal(0f)), l.literal(Float.NEGATIVE_INFINITY), positive));
        return code.let("log", l.select(l.less(x, l.literal(0f)), l.literal(Float.NaN), zero));
    }

    /// `log u - (u - 1 - x) / u` with `u = 1 + x` rounded: the second term is what rounding lost. At the ends it is no number and left out.
    Expr log1p(Expr x) {
        Expr u = code.let("u", l.add(x, l.literal(1f)));
        Expr lost = code.let("lost", l.div(l.sub(l.sub(u, l.literal(1f)), x), u));
        Expr correction = code.let("correction", l.select(l.equal(lost, lost), lost, l.literal(0f)));
        return code.let("log1p", l.sub(log(u), correction));
    }
}
