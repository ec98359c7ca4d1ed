package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;

/// erf by two minimax polynomials (N. Juffa): near zero `x + x R(x²)`, beyond 0.9277 `1 - e^P(|x|)`, with `P = ln 2 · t Q(t)`.
@SuppressWarnings("FloatingPointLiteralPrecision") // as published
record ErrorFunctionCode(Code code, Lanes l) {
    Expr erf(Expr x) {
        Expr size = code.let("size", l.abs(x));
        Expr square = code.let("square", l.mul(x, x));
        Expr r = Polynomial.horner(code, l, square, -5.96761703e-4f, 4.99119423e-3f, -2.67681349e-2f, 1.12819925e-1f, -3.76125336e-1f, 1.28379166e-1f);
        Expr near = code.let("near", l.fma(r, x, x));
        // 2^(t Q) is below half a unit of 1 from 4 on
        Expr t = code.let("t", l.select(l.less(l.literal(4f), size), l.literal(4f), size));
        Expr q = Polynomial.horner(code, l, t, -2.493748440e-5f, 5.528365934e-4f, -5.603376150e-3f, 3.499202273e-2f, -1.540479136e-1f, -9.158901671e-1f, -1.628395157f);
        Expr far = code.let("far", l.sub(l.literal(1f), new Exponential(code, l).powerOfTwo(q, t)));
        Expr signed = code.let("signed", Polynomial.withSign(l, far, x));
        return code.let("erf", l.select(l.less(l.literal(0.927734375f), size), signed, near));
    }
}
