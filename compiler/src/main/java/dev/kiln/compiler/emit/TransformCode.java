package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.TransformKey;
import java.util.List;
import java.util.function.IntFunction;

/// The matrices of a transform as sums along one axis, a few results at a time: those that share most of their sums. Each input is read once for all of them.
record TransformCode(Code code, Lanes lanes, TransformKey key) {
    private static final int LAST = TransformKey.PRODUCTS - 1;

    /// The results that are made together, one or two: those at 0 and infinity, and at a point and its opposite; of results, those that are both even or both odd.
    static List<List<Integer>> together(TransformKey key) {
        if (key.kind() != TransformKey.Kind.OUTPUT) return List.of(List.of(0, LAST), List.of(1, 2), List.of(3, 4));
        return switch (key.results()) {
            case 2 -> List.of(List.of(0, 1));
            case 3 -> List.of(List.of(0, 2), List.of(1));
            case 4 -> List.of(List.of(0, 2), List.of(1, 3));
            default -> List.of(List.of(0, 2), List.of(1, 3), List.of(4));
        };
    }

    /// How many inputs a result has.
    static int inputs(TransformKey key) {
        return key.kind() == TransformKey.Kind.FILTER ? key.taps() : TransformKey.PRODUCTS;
    }

    /// Results that are made together.
    List<Expr> of(List<Integer> numbers, IntFunction<Expr> in) {
        return switch (key.kind()) {
            case FILTER -> filter(numbers.getFirst(), in);
            case INPUT -> input(numbers.getFirst(), in);
            case OUTPUT -> output(numbers, in);
        };
    }

    /// `1/4·g(0)` and the last tap, `-1/6·g(±1)` or `1/24·g(±2)`.
    private List<Expr> filter(int first, IntFunction<Expr> g) {
        if (first == 0) return List.of(lanes.mul(on(g.apply(0)), number(1 / 4.0)), g.apply(key.taps() - 1));
        return first == 1 ? sumAndDifference(atOne(0, g), atOne(1, g)) : sumAndDifference(atTwo(0, g), atTwo(1, g));
    }

    private Expr atOne(int first, IntFunction<Expr> g) {
        Expr sum = on(g.apply(first));
        for (int tap = first + 2; tap < key.taps(); tap += 2) sum = lanes.add(sum, g.apply(tap));
        return lanes.mul(sum, number(-1 / 6.0));
    }

    private Expr atTwo(int first, IntFunction<Expr> g) {
        Expr sum = lanes.mul(on(g.apply(first)), number((1 << first) / 24.0));
        for (int tap = first + 2; tap < key.taps(); tap += 2) sum = lanes.fma(on(g.apply(tap)), number((1 << tap) / 24.0), sum);
        return sum;
    }

    private List<Expr> input(int first, IntFunction<Expr> d) {
        return switch (first) {
            case 0 -> List.of(lanes.fma(on(d.apply(0)), number(4), lanes.fma(on(d.apply(2)), number(-5), d.apply(4))), lanes.fma(on(d.apply(1)), number(4), lanes.fma(on(d.apply(3)), number(-5), d.apply(5))));
            case 1 -> sumAndDifference(lanes.fma(on(d.apply(2)), number(-4), d.apply(4)), lanes.fma(on(d.apply(1)), number(-4), d.apply(3)));
            default -> {
                Expr even = code.let("even", lanes.sub(on(d.apply(4)), d.apply(2)));
                Expr odd = code.let("odd", lanes.sub(on(d.apply(3)), d.apply(1)));
                yield List.of(lanes.fma(odd, number(2), even), lanes.fma(odd, number(-2), even));
            }
        };
    }

    /// `y[k] = m1 + (-1)ᵏ·m2 + 2ᵏ·(m3 + (-1)ᵏ·m4)`, and `m0` in the first, `m5` in the last.
    private List<Expr> output(List<Integer> numbers, IntFunction<Expr> m) {
        var near = new Expr[2];
        var far = new Expr[2];
        for (int odd = 0; odd < 2; odd++) {
            int parity = odd;
            if (numbers.stream().noneMatch(k -> k % 2 == parity)) continue;
            near[odd] = code.let("near" + odd, odd == 0 ? lanes.add(on(m.apply(1)), m.apply(2)) : lanes.sub(on(m.apply(1)), m.apply(2)));
            far[odd] = code.let("far" + odd, odd == 0 ? lanes.add(on(m.apply(3)), m.apply(4)) : lanes.sub(on(m.apply(3)), m.apply(4)));
        }
        return numbers.stream().map(k -> {
            Expr sum = k == 0 ? lanes.add(lanes.add(on(m.apply(0)), near[0]), far[0]) : lanes.fma(far[k % 2], number(1 << k), near[k % 2]);
            return k == key.results() - 1 ? lanes.add(sum, m.apply(LAST)) : sum;
        }).toList();
    }

    private List<Expr> sumAndDifference(Expr a, Expr b) {
        Expr even = code.let("even", a);
        Expr odd = code.let("odd", b);
        return List.of(lanes.add(even, odd), lanes.sub(even, odd));
    }

    private Expr on(Expr vector) {
        return code.receiver(vector);
    }

    private Expr number(double value) {
        return lanes.literal((float) value);
    }
}
