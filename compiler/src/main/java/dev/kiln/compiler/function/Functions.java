package dev.kiln.compiler.function;

import static dev.kiln.compiler.function.Formula.apply;
import static dev.kiln.compiler.function.Formula.less;
import static dev.kiln.compiler.function.Formula.literal;
import static dev.kiln.compiler.function.Formula.minus;
import static dev.kiln.compiler.function.Formula.neg;
import static dev.kiln.compiler.function.Formula.over;
import static dev.kiln.compiler.function.Formula.plus;
import static dev.kiln.compiler.function.Formula.select;
import static dev.kiln.compiler.function.Formula.times;
import static dev.kiln.compiler.function.Formula.x;
import static dev.kiln.compiler.function.Formula.y;

import dev.kiln.compiler.function.Fn.Domain;
import dev.kiln.compiler.function.Fn.Meaning;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.DoubleBinaryOperator;
import java.util.function.DoubleUnaryOperator;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/// The table of scalar functions.
///
/// At a tie the gradient of `max` and `min` goes to the second operand, so `relu(z) = max(z, 0)` has derivative 0 at 0; that of `abs` is 0 at 0.
/// Exact functions (0 ulps beyond the rounding of one operation) say 0.5.
public final class Functions {
    private static final Supplier<Optional<Formula>> NONE = Optional::empty;

    public static final Fn NEG = unary("neg", Typing.NUMBER, a -> -a, () -> literal(-1), -9, 9, 0.5, 1, "`-x`.")
            .law("neg is its own inverse", () -> neg(neg(x())), () -> x());
    public static final Fn ABS = unary("abs", Typing.NUMBER, Math::abs, () -> apply(Functions.SIGN, x()), -9, 9, 0.5, 1, "`|x|`; its derivative at 0 is 0.")
            .kinkAt(v -> Math.abs(v[0]))
            .law("even", () -> apply(Functions.ABS, neg(x())), () -> apply(Functions.ABS, x()));
    public static final Fn SIGN = flat("sign", Typing.NUMBER, Math::signum, 5, "-1, 0 or 1.").kinkAt(v -> Math.abs(v[0]));
    public static final Fn EXP = unary("exp", Typing.REAL, Math::exp, () -> y(), -87, 88, 2, 25, "`e^x`; infinity above 88.72, 0 below -104.")
            .law("sum to product", () -> apply(Functions.EXP, plus(x(), literal(1))), () -> times(literal(Math.E), apply(Functions.EXP, x())));
    public static final Fn EXPM1 = unary("expm1", Typing.REAL, Math::expm1, () -> plus(y(), literal(1)), -9, 9, 3, 28, "`e^x - 1`, exact near 0.");
    public static final Fn LOG = unary("log", Typing.REAL, Math::log, () -> over(literal(1), x()), 1e-3, 100, 2, 34, "Natural logarithm; `log(0)` is minus infinity, below 0 NaN.")
            .law("inverse of exp", () -> apply(Functions.LOG, apply(Functions.EXP, apply(Functions.LOG, x()))), () -> apply(Functions.LOG, x()));
    public static final Fn LOG1P = unary("log1p", Typing.REAL, Math::log1p, () -> over(literal(1), plus(literal(1), x())), -0.9, 100, 3, 42, "`log(1 + x)`, exact near 0.");
    public static final Fn SQRT = unary("sqrt", Typing.REAL, Math::sqrt, () -> over(literal(0.5), y()), 1e-3, 100, 0.5, 1, "Square root; below 0 NaN.")
            .law("square", () -> times(apply(Functions.SQRT, x()), apply(Functions.SQRT, x())), () -> x());
    public static final Fn RSQRT = unary("rsqrt", Typing.REAL, a -> 1 / Math.sqrt(a), () -> times(literal(-0.5), over(y(), x())), 1e-3, 100, 1.5, 3, "`1 / sqrt(x)`.");
    public static final Fn TANH = unary("tanh", Typing.REAL, Math::tanh, () -> minus(literal(1), times(y(), y())), -9, 9, 4, 22, "Hyperbolic tangent; squashes the reals into (-1, 1).")
            .law("odd", () -> apply(Functions.TANH, neg(x())), () -> neg(apply(Functions.TANH, x())));
    public static final Fn SIGMOID = unary("sigmoid", Typing.REAL, a -> 1 / (1 + Math.exp(-a)), () -> times(y(), minus(literal(1), y())), -80, 80, 4, 18, "`1 / (1 + e^-x)`; squashes the reals into (0, 1).")
            .law("reflection", () -> apply(Functions.SIGMOID, neg(x())), () -> minus(literal(1), apply(Functions.SIGMOID, x())));
    public static final Fn ERF = unary("erf", Typing.REAL, ErrorFunction::erf, () -> times(literal(2 / Math.sqrt(Math.PI)), apply(Functions.EXP, neg(times(x(), x())))), -4, 4, 4, 52, "Error function `2/√π ∫₀ˣ e^(-t²) dt`; gelu is `x/2 (1 + erf(x/√2))`.")
            .law("odd", () -> apply(Functions.ERF, neg(x())), () -> neg(apply(Functions.ERF, x())));
    public static final Fn SIN = unary("sin", Typing.REAL, Math::sin, () -> apply(Functions.COS, x()), -100, 100, 4, 33, "Sine of radians.")
            .law("odd", () -> apply(Functions.SIN, neg(x())), () -> neg(apply(Functions.SIN, x())));
    public static final Fn COS = unary("cos", Typing.REAL, Math::cos, () -> neg(apply(Functions.SIN, x())), -100, 100, 4, 33, "Cosine of radians.")
            .law("even", () -> apply(Functions.COS, neg(x())), () -> apply(Functions.COS, x()));
    public static final Fn FLOOR = flat("floor", Typing.REAL, Math::floor, 12, "The largest whole number not above x.").kinkAt(v -> Math.abs(v[0] - Math.rint(v[0])));
    public static final Fn ROUND = flat("round", Typing.REAL, Math::rint, 8, "The nearest whole number, the even one of two.").kinkAt(v -> 0.5 - Math.abs(v[0] - Math.rint(v[0])));

    public static final Fn ADD = binary("add", Typing.NUMBER, (a, b) -> a + b, () -> literal(1), () -> literal(1), 1, "`x + y`.")
            .law("commutes", () -> plus(x(0), x(1)), () -> plus(x(1), x(0)));
    public static final Fn SUB = binary("sub", Typing.NUMBER, (a, b) -> a - b, () -> literal(1), () -> literal(-1), 1, "`x - y`.")
            .law("against itself", () -> minus(x(0), x(0)), () -> literal(0));
    public static final Fn MUL = binary("mul", Typing.NUMBER, (a, b) -> a * b, () -> x(1), () -> x(0), 1, "`x * y`.")
            .law("commutes", () -> times(x(0), x(1)), () -> times(x(1), x(0)));
    public static final Fn DIV = fn("div", 2, Typing.REAL, of((a, b) -> a / b), List.of(flows(() -> over(literal(1), x(1))), flows(() -> neg(over(y(), x(1))))), List.of(new Domain(-9, 9), new Domain(0.5, 9)), 0.5, 1, "`x / y`.")
            .law("against itself", () -> over(x(1), x(1)), () -> literal(1));
    public static final Fn POW = fn("pow", 2, Typing.REAL, of(Math::pow), List.of(
            flows(() -> times(x(1), apply(Functions.POW, x(0), minus(x(1), literal(1))))),
            flows(() -> select(less(literal(0), x(0)), times(y(), apply(Functions.LOG, x(0))), literal(0)))),
            List.of(new Domain(0.1, 9), new Domain(-9, 9)), 4, 110, "`x^y`; for negative x the sign follows an even or odd whole y, and is NaN between. The derivative by y is 0 for x ≤ 0.")
            .law("square", () -> apply(Functions.POW, x(0), literal(2)), () -> times(x(0), x(0)));
    /// The derivatives of both read the result, which says as much as the first operand does: what a relu is applied to need not be kept.
    public static final Fn MIN = binary("min", Typing.ANY, Math::min, () -> select(less(y(), x(1)), literal(1), literal(0)), () -> select(less(y(), x(1)), literal(0), literal(1)), 1, "The smaller; NaN if one is. At a tie the gradient goes to y.")
            .kinkAt(v -> Math.abs(v[0] - v[1]))
            .law("commutes", () -> apply(Functions.MIN, x(0), x(1)), () -> apply(Functions.MIN, x(1), x(0)));
    public static final Fn MAX = binary("max", Typing.ANY, Math::max, () -> select(less(x(1), y()), literal(1), literal(0)), () -> select(less(x(1), y()), literal(0), literal(1)), 1, "The larger; NaN if one is. At a tie the gradient goes to y.")
            .kinkAt(v -> Math.abs(v[0] - v[1]))
            .law("commutes", () -> apply(Functions.MAX, x(0), x(1)), () -> apply(Functions.MAX, x(1), x(0)));
    public static final Fn MOD = fn("mod", 2, Typing.REAL, of((a, b) -> a - b * Math.floor(a / b)), List.of(flows(() -> literal(1)), flows(() -> neg(apply(Functions.FLOOR, over(x(0), x(1)))))), List.of(new Domain(-9, 9), new Domain(0.5, 9)), 2, 16, "`x - y floor(x / y)`: the remainder with the sign of y, for |x / y| up to 2²².")
            .kinkAt(v -> Math.abs(v[1]) * Math.abs(v[0] / v[1] - Math.rint(v[0] / v[1])));

    public static final Fn LESS = comparison("less", Typing.ORDER, (a, b) -> a < b ? 1 : 0, "`x < y`.");
    public static final Fn LESS_EQUAL = comparison("lessEqual", Typing.ORDER, (a, b) -> a <= b ? 1 : 0, "`x <= y`.");
    public static final Fn EQUAL = comparison("equal", Typing.EQUALITY, (a, b) -> a == b ? 1 : 0, "`x == y`.");
    public static final Fn SELECT = fn("select", 3, Typing.CHOICE, v -> v[0] != 0 ? v[1] : v[2], List.of(NONE,
            flows(() -> select(x(0), literal(1), literal(0))), flows(() -> select(x(0), literal(0), literal(1)))),
            List.of(new Domain(0, 1), new Domain(-9, 9), new Domain(-9, 9)), 0.5, 1, "`x` chooses `y`, else `z`.");

    /// Every function, in the order of the documentation.
    public static final List<Fn> ALL = List.of(
            NEG, ABS, SIGN, EXP, EXPM1, LOG, LOG1P, SQRT, RSQRT, TANH, SIGMOID, ERF, SIN, COS, FLOOR, ROUND,
            ADD, SUB, MUL, DIV, POW, MIN, MAX, MOD, LESS, LESS_EQUAL, EQUAL, SELECT);

    private static final Map<String, Fn> BY_NAME = ALL.stream().collect(Collectors.toUnmodifiableMap(Fn::name, Function.identity()));

    private Functions() {}

    public static Optional<Fn> named(String name) {
        return Optional.ofNullable(BY_NAME.get(name));
    }

    private static Fn unary(String name, Typing typing, DoubleUnaryOperator meaning, Supplier<Formula> slope, double low, double high, double ulps, int operations, String doc) {
        return fn(name, 1, typing, v -> meaning.applyAsDouble(v[0]), List.of(flows(slope)), List.of(new Domain(low, high)), ulps, operations, doc);
    }

    /// A step function: nothing flows back.
    private static Fn flat(String name, Typing typing, DoubleUnaryOperator meaning, int operations, String doc) {
        return fn(name, 1, typing, v -> meaning.applyAsDouble(v[0]), List.of(NONE), List.of(new Domain(-9, 9)), 0.5, operations, doc);
    }

    private static Fn binary(String name, Typing typing, DoubleBinaryOperator meaning, Supplier<Formula> first, Supplier<Formula> second, int operations, String doc) {
        return fn(name, 2, typing, of(meaning), List.of(flows(first), flows(second)), Collections.nCopies(2, new Domain(-9, 9)), 0.5, operations, doc);
    }

    private static Fn comparison(String name, Typing typing, DoubleBinaryOperator meaning, String doc) {
        return fn(name, 2, typing, of(meaning), List.of(NONE, NONE), Collections.nCopies(2, new Domain(-9, 9)), 0.5, 2, doc)
                .kinkAt(v -> Math.abs(v[0] - v[1]));
    }

    private static Fn fn(String name, int arity, Typing typing, Meaning meaning, List<Supplier<Optional<Formula>>> slopes, List<Domain> domain, double ulps, int operations, String doc) {
        return new Fn(name, arity, typing, meaning, slopes, Optional.empty(), domain, ulps, operations, List.of(), doc);
    }

    private static Supplier<Optional<Formula>> flows(Supplier<Formula> slope) {
        return () -> Optional.of(slope.get());
    }

    private static Meaning of(DoubleBinaryOperator f) {
        return v -> f.applyAsDouble(v[0], v[1]);
    }
}
