package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// `x^y = e^(y log |x|)` with the logarithm in two floats, since its error is multiplied by y; then sign and special cases.
record Power(Code code, Lanes l) {
    /// An unevaluated sum, the second part below the last place of the first.
    private record Pair(Expr high, Expr low) {}

    Expr pow(Expr x, Expr y) {
        Expr size = code.let("size", l.abs(x));
        Pair log = log(size);
        Expr high = code.let("high", l.mul(y, log.high));
        Expr rounding = code.let("rounding", l.fma(y, log.high, l.neg(high)));
        Expr low = code.let("low", l.fma(y, log.low, rounding));
        Expr finite = code.let("finite", l.select(l.equal(low, low), low, l.literal(0f)));
        Expr power = new Exponential(code, l).ofSum(high, finite);
        return atZero(y, signed(x, y, power));
    }

    /// Dekker's sums: `a + b` exactly, for |a| ≥ |b| or a = 0.
    private Pair sum(Expr a, Expr b) {
        Expr high = code.let("high", l.add(a, b));
        Expr low = code.let("low", l.sub(b, l.sub(high, a)));
        return new Pair(high, low);
    }

    private Pair log(Expr x) {
        var logarithm = new Logarithm(code, l);
        Logarithm.Split s = logarithm.split(x);
        Expr square = code.let("square", l.mul(s.f(), s.f()));
        Expr squareLow = code.let("squareLow", l.fma(s.f(), s.f(), l.neg(square)));
        Expr third = code.let("third", l.mul(l.mul(logarithm.cubic(s.f()), s.f()), square));
        Pair fraction = sum(s.f(), code.let("half", l.mul(square, l.literal(-0.5f))));
        Pair whole = sum(code.let("scale", l.mul(s.n(), l.literal(Exponential.LN2_HIGH))), fraction.high);
        Expr small = code.let("small", l.fma(squareLow, l.literal(-0.5f), l.add(third, fraction.low)));
        Expr smaller = code.let("small", l.fma(s.n(), l.literal(Exponential.LN2_LOW), l.add(small, whole.low)));
        Pair log = sum(whole.high, smaller);
        Expr ends = logarithm.atEnds(x, log.high);
        return new Pair(ends, log.low);
    }

    /// For x < 0: minus for odd y, NaN for y that is not whole.
    private Expr signed(Expr x, Expr y, Expr power) {
        var rounding = new Rounding(code, l);
        Expr half = code.let("half", l.mul(y, l.literal(0.5f)));
        Expr even = l.equal(rounding.round(half), half);
        Expr turned = code.let("turned", l.select(even, power, l.neg(power)));
        Expr negative = code.let("negative", l.select(l.equal(rounding.round(y), y), turned, l.literal(Float.NaN)));
        return code.let("signed", l.select(l.less(x, l.literal(0f)), negative, power));
    }

    /// Everything to the power of 0 is 1.
    private Expr atZero(Expr y, Expr power) {
        return code.let("pow", l.select(l.equal(y, l.literal(0f)), l.literal(1f), power));
    }
}
