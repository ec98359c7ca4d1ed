package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import java.util.List;

/// The vector code of every scalar function, by name. Operands are locals; the result is a local or an expression of one operation.
final class VectorCode {
    private final Code code;
    private final Lanes l;
    private final Exponential exponential;
    private final Logarithm logarithm;

    VectorCode(Code code, Lanes lanes) {
        this.code = code;
        this.l = lanes;
        this.exponential = new Exponential(code, lanes);
        this.logarithm = new Logarithm(code, lanes);
    }

    Expr apply(Fn fn, List<Expr> x) {
        return switch (fn.arity()) {
            case 1 -> unary(fn, x.getFirst());
            case 2 -> binary(fn, x.get(0), x.get(1));
            default -> select(x.get(0), x.get(1), x.get(2));
        };
    }

    private Expr unary(Fn fn, Expr x) {
        return switch (fn.name()) {
            case "neg" -> l.neg(x);
            case "abs" -> l.abs(x);
            case "sign" -> sign(x);
            case "exp" -> exponential.exp(x);
            case "expm1" -> exponential.expm1(x);
            case "log" -> logarithm.log(x);
            case "log1p" -> logarithm.log1p(x);
            case "sqrt" -> l.sqrt(x);
            case "rsqrt" -> l.div(l.literal(1f), l.sqrt(x));
            case "tanh" -> exponential.tanh(x);
            case "sigmoid" -> exponential.sigmoid(x);
            case "erf" -> new ErrorFunctionCode(code, l).erf(x);
            case "sin" -> new Trigonometry(code, l).sin(x);
            case "cos" -> new Trigonometry(code, l).cos(x);
            case "floor" -> new Rounding(code, l).floor(x);
            case "round" -> new Rounding(code, l).round(x);
            default -> throw unknown(fn);
        };
    }

    private Expr binary(Fn fn, Expr x, Expr y) {
        if (isMask(x)) return logic(fn, x, y);
        return switch (fn.name()) {
            case "add" -> l.add(x, y);
            case "sub" -> l.sub(x, y);
            case "mul" -> l.mul(x, y);
            case "div" -> l.div(x, y);
            case "pow" -> new Power(code, l).pow(x, y);
            case "min" -> l.min(x, y);
            case "max" -> l.max(x, y);
            case "mod" -> mod(x, y);
            case "less" -> l.less(x, y);
            case "lessEqual" -> l.lessEqual(x, y);
            case "equal" -> l.equal(x, y);
            default -> throw unknown(fn);
        };
    }

    private Expr logic(Fn fn, Expr x, Expr y) {
        return switch (fn.name()) {
            case "min" -> l.both(x, y);
            case "max" -> l.either(x, y);
            case "equal" -> l.either(l.both(x, y), l.not(l.either(x, y)));
            default -> throw unknown(fn);
        };
    }

    private Expr select(Expr condition, Expr x, Expr y) {
        if (isMask(x)) return l.either(l.both(condition, x), l.both(l.not(condition), y));
        return l.select(condition, x, y);
    }

    private boolean isMask(Expr x) {
        return x.type().equals(l.maskType());
    }

    /// Zero and NaN are their own sign.
    private Expr sign(Expr x) {
        boolean real = x.type().equals(l.floatType());
        Expr zero = real ? l.literal(0f) : l.literal(0);
        Expr one = real ? l.literal(1f) : l.literal(1);
        Expr minusOne = real ? l.literal(-1f) : l.literal(-1);
        Expr below = code.let("below", l.select(l.less(x, zero), minusOne, x));
        return l.select(l.less(zero, x), one, below);
    }

    private Expr mod(Expr x, Expr y) {
        Expr quotient = code.let("quotient", l.div(x, y));
        Expr whole = code.let("whole", new Rounding(code, l).floor(quotient));
        return l.fma(l.neg(whole), y, x);
    }

    private static IllegalArgumentException unknown(Fn fn) {
        return new IllegalArgumentException("no vector code for " + fn + "; there is some for " + Functions.ALL);
    }
}
