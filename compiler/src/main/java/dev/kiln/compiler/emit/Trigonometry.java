package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import java.lang.constant.ClassDesc;

/// sin and cos: `x = n π/2 + r` with |r| ≤ π/4 (π/2 in three parts, good for |x| up to 10⁵), then a polynomial for each quadrant (N. Juffa). Beyond 10⁵ the runtime does it.
@SuppressWarnings("FloatingPointLiteralPrecision") // as published
record Trigonometry(Code code, Lanes l) {
    private static final float MAGIC = 12582912f;
    private static final float FAR = 1e5f;
    private static final ClassDesc FAR_ANGLES = ClassDesc.of("dev.kiln.runtime.FarAngles");

    Expr sin(Expr x) {
        return beyond(x, quadrants(x, 0), "sin");
    }

    /// The sine a quarter turn ahead.
    Expr cos(Expr x) {
        return beyond(x, quadrants(x, 1), "cos");
    }

    private Expr beyond(Expr x, Expr near, String name) {
        l.rarely(l.less(l.literal(FAR), l.abs(x)), FAR_ANGLES, name, x, near);
        return near;
    }

    private Expr quadrants(Expr x, int ahead) {
        Expr shifted = code.let("shifted", l.fma(x, l.literal(0x1.45f306p-1f), l.literal(MAGIC)));
        Expr n = code.let("n", l.sub(shifted, l.literal(MAGIC)));
        Expr high = code.let("r", l.fma(n, l.literal(-0x1.921fb0p+00f), x));
        Expr middle = code.let("r", l.fma(n, l.literal(-0x1.5110b4p-22f), high));
        Expr r = code.let("r", l.fma(n, l.literal(-0x1.846988p-48f), middle));
        Expr quadrant = code.let("quadrant", l.add(l.bits(shifted), l.literal(ahead)));
        Expr square = code.let("square", l.mul(r, r));
        Expr odd = Polynomial.horner(code, l, square, 2.86567956e-6f, -1.98559923e-4f, 8.33338592e-3f, -1.66666672e-1f);
        Expr sine = code.let("sine", l.fma(odd, l.mul(r, square), r));
        Expr cosine = Polynomial.horner(code, l, square, 2.44677067e-5f, -1.38877297e-3f, 4.16666567e-2f, -5.00000000e-1f, 1f);
        Expr isSine = l.equal(l.and(quadrant, l.literal(1)), l.literal(0));
        Expr value = code.let("value", l.select(isSine, sine, cosine));
        // the upper two quadrants are negative: bit 1 becomes the sign
        return code.let("turned", l.floats(l.xor(l.bits(value), l.shiftLeft(l.and(quadrant, l.literal(2)), 30))));
    }
}
