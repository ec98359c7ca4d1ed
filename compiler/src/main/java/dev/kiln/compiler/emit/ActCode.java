package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Act;
import java.util.function.UnaryOperator;

/// The end of a tile. Comparisons with NaN fail, so each choice keeps the operand and with it a NaN of either sign.
///
/// Literals are locals, made once for all accumulators: a class with too many calls of the Vector API is beyond the JVM's quick compiler, and a method that this one
/// has compiled without profiles but cannot compile with them stays slow for good.
///
/// @param apply what becomes of an accumulator, a local, which may be set on the way
record ActCode(UnaryOperator<Expr> apply) {
    static ActCode of(Code code, Lanes lanes, Act act) {
        return switch (act) {
            case Act.None _ -> new ActCode(c -> c);
            case Act.Relu _ -> {
                Expr zero = code.let("zero", lanes.literal(0f));
                yield new ActCode(c -> lanes.select(lanes.less(c, zero), zero, c));
            }
            case Act.Clip(float low, float high) -> {
                Expr bottom = code.let("low", lanes.literal(low));
                Expr top = code.let("high", lanes.literal(high));
                yield new ActCode(c -> {
                    code.set(c, lanes.select(lanes.less(top, c), top, c));
                    return lanes.select(lanes.less(c, bottom), bottom, c);
                });
            }
            case Act.Scale(float factor) -> {
                Expr by = code.let("factor", lanes.literal(factor));
                yield new ActCode(c -> lanes.mul(c, by));
            }
        };
    }
}
