package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// exp and what is made of it. `x = n ln 2 + r` with |r| ≤ ln 2 / 2, then `e^x = 2^n e^r`. The polynomial for `(e^r - 1 - r) / r²` is fitted so that the largest relative error of `e^r` is least,
/// and that is 3.2e-9, a twentieth of what rounding the result costs.
@SuppressWarnings("FloatingPointLiteralPrecision") // as published
record Exponential(Code code, Lanes l) {
    /// 1.5 · 2²³: adding it rounds a float to a whole number, which then stands in the low bits.
    private static final float MAGIC = 12582912f;

    /// Of a float's exponent.
    private static final int BIAS = 127;

    private static final float LOG2_E = 1.44269504f;

    /// e to this is hardly more than 2⁻¹²⁶.
    private static final float LEAST_NORMAL = -87.336f;

    /// ln 2 in two parts, both positive so that -0 keeps its sign; the first has 15 bits.
    static final float LN2_HIGH = 0.693145751953125f;
    static final float LN2_LOW = 1.42860682e-6f;

    /// `x = n ln 2 + r`: n as an int, and `(e^r - 1 - r) / r²`.
    private record Reduced(Expr n, Expr r, Expr tail) {}

    private Reduced reduce(Expr x, Expr correction) {
        Expr shifted = code.let("shifted", l.fma(x, l.literal(LOG2_E), l.literal(MAGIC)));
        Expr whole = code.let("whole", l.sub(shifted, l.literal(MAGIC)));
        Expr low = remainder(x, whole);
        Expr r = correction == null ? low : code.let("r", l.add(low, correction));
        Expr n = code.let("n", l.sub(l.bits(shifted), l.literal(Float.floatToRawIntBits(MAGIC))));
        return new Reduced(n, r, tail(r));
    }

    private Expr remainder(Expr x, Expr whole) {
        Expr high = code.let("r", l.fma(whole, l.literal(-LN2_HIGH), x));
        return code.let("r", l.fma(whole, l.literal(-LN2_LOW), high));
    }

    private Expr tail(Expr r) {
        return Polynomial.horner(code, l, r, 0.0013820662f, 0.008368675f, 0.041668266f, 0.16666521f, 0.49999994f);
    }

    Expr exp(Expr x) {
        return ofSum(x, null);
    }

    /// `e^(x + correction)` for a correction that is tiny beside x. The power of two is applied in two halves: results below 2⁻¹²⁶ come out denormal, those above the
    /// largest float infinite.
    Expr ofSum(Expr x, Expr correction) {
        Reduced e = reduce(Polynomial.clamp(code, l, x, -104, 89), correction);
        Expr fraction = code.let("fraction", fraction(e.r, e.tail));
        Expr half = code.let("half", l.shiftRight(e.n, 1));
        Expr scaled = code.let("scaled", l.mul(fraction, power(half)));
        return code.let("exp", l.mul(scaled, power(code.let("rest", l.sub(e.n, half)))));
    }

    /// e^x for x that is 0, less or NaN: the bits of [#exp(Expr)] for half of its work, but 0 where those would be denormal. The low bits of the shifted float, whose upper ones are lost, hold n; below
    /// the least normal float whatever comes out is not taken.
    Expr ofNegative(Expr x) {
        Expr shifted = code.let("shifted", l.fma(x, l.literal(LOG2_E), l.literal(MAGIC)));
        Expr whole = code.let("whole", l.sub(shifted, l.literal(MAGIC)));
        Expr r = remainder(x, whole);
        Expr scaled = code.let("scaled", l.floats(l.add(l.bits(code.let("fraction", fraction(r, tail(r)))), l.shiftLeft(l.bits(shifted), 23))));
        return code.let("exp", l.select(l.less(x, l.literal(LEAST_NORMAL)), l.literal(0f), scaled));
    }

    /// `2^(x y)` for a product from -100 to 100, which is nowhere rounded: `x y = n + r` with |r| ≤ 1/2, and n goes to the exponent of `2^r`. The polynomial is that of
    /// Cephes exp2f. The bits of n shifted by 23 are those of the shifted float, whose upper ones are lost. What it makes of NaN is any float.
    Expr powerOfTwo(Expr x, Expr y) {
        Expr shifted = code.let("shifted", l.fma(x, y, l.literal(MAGIC)));
        Expr r = code.let("r", l.fma(x, y, l.sub(l.literal(MAGIC), shifted)));
        Expr fraction = code.let("fraction", Polynomial.horner(code, l, r, 1.535336188e-4f, 1.339887440e-3f, 9.618437357e-3f, 5.550332471e-2f, 2.402264791e-1f, 6.931472028e-1f, 1f));
        return code.let("power", l.floats(l.add(l.bits(fraction), l.shiftLeft(l.bits(shifted), 23))));
    }

    private Expr fraction(Expr r, Expr tail) {
        Expr square = code.let("square", l.mul(r, r));
        return l.fma(tail, square, l.add(r, l.literal(1f)));
    }

    /// 2ⁿ for n from -126 to 127.
    private Expr power(Expr n) {
        return l.floats(l.shiftLeft(l.add(n, l.literal(127)), 23));
    }

    Expr expm1(Expr x) {
        return expm1Within(Polynomial.clamp(code, l, x, -25, 89));
    }

    /// `e^x - 1 = 2 (2^(n-1) q + (2^(n-1) - 1/2))` with `q = e^r - 1`, and q itself for n = 0. Half the power, since 2¹²⁸ is no float.
    private Expr expm1Within(Expr x) {
        Reduced e = reduce(x, null);
        Expr q = code.let("q", l.fma(e.tail, code.let("square", l.mul(e.r, e.r)), e.r));
        Expr power = code.let("power", l.floats(l.shiftLeft(l.add(e.n, l.literal(126)), 23)));
        Expr half = code.let("half", l.fma(power, q, l.sub(power, l.literal(0.5f))));
        Expr full = code.let("full", l.add(half, half));
        return code.let("expm1", l.select(l.equal(e.n, l.literal(0)), q, full));
    }

    /// `tanh x = e / (e + 2)` with `e = e^2x - 1 = 2^n q + (2^n - 1)`; beyond 9.1 it is ±1. For n = 0 it is made of q itself, so that -0 keeps its sign.
    Expr tanh(Expr x) {
        Expr clamped = Polynomial.clamp(code, l, x, -9.1f, 9.1f);
        Expr twice = code.let("twice", l.add(clamped, clamped));
        Expr shifted = code.let("shifted", l.fma(twice, l.literal(LOG2_E), l.literal(MAGIC + BIAS)));
        Expr whole = code.let("whole", l.sub(shifted, l.literal(MAGIC + BIAS)));
        Expr r = remainder(twice, whole);
        Expr q = code.let("q", l.fma(tail(r), code.let("square", l.mul(r, r)), r));
        Expr power = code.let("power", l.floats(l.shiftLeft(l.bits(shifted), 23)));
        Expr full = code.let("full", l.fma(power, q, l.sub(power, l.literal(1f))));
        Expr e = code.let("e", l.select(l.equal(shifted, l.literal(MAGIC + BIAS)), q, full));
        return code.let("tanh", l.div(e, l.add(e, l.literal(2f))));
    }

    /// `c / (c + c e^-x)` with c = 2⁻⁶⁴: so every `c e^-x` is a float, and one power scales it, whose exponent is shifted there from the low bits of the shifted float.
    /// With `x = -n ln 2 - r`, beyond 40 it is 1, below -104 it is 0.
    Expr sigmoid(Expr x) {
        Expr clamped = Polynomial.clamp(code, l, x, -104, 40);
        Expr shifted = code.let("shifted", l.fma(clamped, l.literal(-LOG2_E), l.literal(MAGIC + BIAS - 64)));
        Expr whole = code.let("whole", l.sub(shifted, l.literal(MAGIC + BIAS - 64)));
        Expr high = code.let("r", l.fma(whole, l.literal(LN2_HIGH), clamped));
        Expr minus = code.let("r", l.fma(whole, l.literal(LN2_LOW), high));
        Expr tail = Polynomial.horner(code, l, minus, 0.0013820662f, -0.008368675f, 0.041668266f, -0.16666521f, 0.49999994f);
        Expr square = code.let("square", l.mul(minus, minus));
        Expr fraction = code.let("fraction", l.fma(tail, square, l.sub(l.literal(1f), minus)));
        Expr power = code.let("power", l.floats(l.shiftLeft(l.bits(shifted), 23)));
        return code.let("sigmoid", l.div(l.literal(0x1p-64f), l.fma(fraction, power, l.literal(0x1p-64f))));
    }
}
