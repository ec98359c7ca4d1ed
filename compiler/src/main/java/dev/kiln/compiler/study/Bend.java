package dev.kiln.compiler.study;

import static dev.kiln.compiler.study.Health.FLAT;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Map;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// The shape of a scalar function that some values compute of another one, seen by trying it: what it is called plays no part.
///
/// @param steepest the greatest slope
record Bend(Kind kind, double steepest) {
    enum Kind {
        /// Flat on one side and of bounded slope on the other: a unit that stays on the flat side learns nothing.
        RECTIFIER,
        /// Flat on both sides, and bounded: a unit far out learns slowly.
        SQUASHING,
        /// Anything else.
        OTHER
    }

    /// How far out a function is tried.
    private static final double FAR = 30;
    private static final double NEAR = 10;
    private static final int STEPS_EACH = 20;

    /// The shape of `end` as a function of `source`.
    static Bend of(Value source, Value end) {
        int steps = (int) (2 * FAR * STEPS_EACH);
        var y = new double[steps + 1];
        for (int i = 0; i <= steps; i++) {
            var value = at(end, source, -FAR + (double) i / STEPS_EACH);
            if (value.isEmpty() || !Double.isFinite(value.getAsDouble())) return new Bend(Kind.OTHER, 0);
            y[i] = value.getAsDouble();
        }
        var slopes = IntStream.range(0, steps).mapToDouble(i -> Math.abs(y[i + 1] - y[i]) * STEPS_EACH).toArray();
        double steepest = IntStream.range(0, steps).mapToDouble(i -> slopes[i]).max().orElse(0);
        int edge = (int) ((FAR - NEAR) * STEPS_EACH);
        double inside = IntStream.range(edge, steps - edge).mapToDouble(i -> slopes[i]).max().orElse(0);
        boolean left = slopes[0] < FLAT;
        boolean right = slopes[steps - 1] < FLAT;
        if (steepest < FLAT || steepest > 2 * inside || (!left && !right)) return new Bend(Kind.OTHER, steepest);
        return new Bend(left && right ? Kind.SQUASHING : Kind.RECTIFIER, steepest);
    }

    /// What `v` is where `source` is `x`; empty when it depends on more.
    private static OptionalDouble at(Value v, Value source, double x) {
        if (v.equals(source)) return OptionalDouble.of(x);
        return switch (v.op()) {
            case Const c when c.type().isScalar() -> OptionalDouble.of(c.data().getFirst());
            case Broadcast b -> at(b.x(), source, x);
            case Map m -> {
                var operands = m.operands().stream().map(operand -> at(operand, source, x)).toList();
                yield operands.stream().allMatch(OptionalDouble::isPresent)
                        ? OptionalDouble.of(m.fn().apply(operands.stream().mapToDouble(OptionalDouble::getAsDouble).toArray()))
                        : OptionalDouble.empty();
            }
            case Cast c -> {
                var operand = at(c.x(), source, x);
                yield operand.isPresent() ? OptionalDouble.of(c.of(operand.getAsDouble())) : operand;
            }
            default -> OptionalDouble.empty();
        };
    }
}
