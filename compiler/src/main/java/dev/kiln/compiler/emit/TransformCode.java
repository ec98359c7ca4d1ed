package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.TransformKey;
import java.util.List;
import java.util.function.IntFunction;

/// The matrices of F(4×4, 3×3) as sums along one axis, two results at a time: those that share most of their sums. Each input is read once in a pair.
record TransformCode(Code code, Lanes lanes, TransformKey.Kind kind) {
    /// The results that are made together.
    static List<List<Integer>> pairs(TransformKey.Kind kind) {
        return kind == TransformKey.Kind.OUTPUT ? List.of(List.of(0, 2), List.of(1, 3)) : List.of(List.of(0, 5), List.of(1, 2), List.of(3, 4));
    }

    /// How many inputs a result has.
    static int inputs(TransformKey.Kind kind) {
        return kind == TransformKey.Kind.FILTER ? 3 : 6;
    }

    /// How many results there are.
    static int results(TransformKey.Kind kind) {
        return kind == TransformKey.Kind.OUTPUT ? 4 : 6;
    }

    /// The two results of a pair.
    List<Expr> pair(int pair, IntFunction<Expr> in) {
        return switch (kind) {
            case FILTER -> filter(pair, in);
            case INPUT -> input(pair, in);
            case OUTPUT -> output(pair, in);
        };
    }

    private List<Expr> filter(int pair, IntFunction<Expr> g) {
        if (pair == 0) return List.of(lanes.mul(g.apply(0), number(1 / 4.0)), g.apply(2));
        double share = pair == 1 ? 1 / 6.0 : 1 / 12.0;
        Expr even = pair == 1 ? lanes.mul(lanes.add(g.apply(0), g.apply(2)), number(-1 / 6.0)) : lanes.fma(g.apply(2), number(1 / 6.0), lanes.mul(g.apply(0), number(1 / 24.0)));
        Expr odd = lanes.mul(g.apply(1), number(pair == 1 ? -share : share));
        return sumAndDifference(even, odd);
    }

    private List<Expr> input(int pair, IntFunction<Expr> d) {
        return switch (pair) {
            case 0 -> List.of(lanes.fma(d.apply(0), number(4), lanes.fma(d.apply(2), number(-5), d.apply(4))), lanes.fma(d.apply(1), number(4), lanes.fma(d.apply(3), number(-5), d.apply(5))));
            case 1 -> sumAndDifference(lanes.fma(d.apply(2), number(-4), d.apply(4)), lanes.fma(d.apply(1), number(-4), d.apply(3)));
            default -> {
                Expr even = code.let("even", lanes.sub(d.apply(4), d.apply(2)));
                Expr odd = code.let("odd", lanes.sub(d.apply(3), d.apply(1)));
                yield List.of(lanes.fma(odd, number(2), even), lanes.fma(odd, number(-2), even));
            }
        };
    }

    private List<Expr> output(int pair, IntFunction<Expr> m) {
        if (pair == 0) {
            Expr near = code.let("near", lanes.add(m.apply(1), m.apply(2)));
            Expr far = code.let("far", lanes.add(m.apply(3), m.apply(4)));
            return List.of(lanes.add(lanes.add(m.apply(0), near), far), lanes.fma(far, number(4), near));
        }
        Expr near = code.let("near", lanes.sub(m.apply(1), m.apply(2)));
        Expr far = code.let("far", lanes.sub(m.apply(3), m.apply(4)));
        return List.of(lanes.fma(far, number(2), near), lanes.add(lanes.fma(far, number(8), near), m.apply(5)));
    }

    private List<Expr> sumAndDifference(Expr a, Expr b) {
        Expr even = code.let("even", a);
        Expr odd = code.let("odd", b);
        return List.of(lanes.add(even, odd), lanes.sub(even, odd));
    }

    private Expr number(double value) {
        return lanes.literal((float) value);
    }
}
