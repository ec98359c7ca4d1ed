package dev.kiln.testkit.gradient;

/// Derivatives at 0 by differences, extrapolated to step zero (Richardson 1911; Ridders 1982), with an estimate of truncation and rounding.
/// A step is only trusted where all its samples lie on the smooth piece of t = 0. Where a kink is nearer than any trusted step, the derivatives from both sides are taken.
final class Differences {
    private static final double LARGEST = 2e-3;
    static final double SMALLEST = 1e-8;
    private static final double SHRINK = 6;
    private static final double ENOUGH = 1e-8;
    private static final int LEVELS = 3;
    /// How many times the estimate of an error may be wrong. A step that lies farther from the one before, or is worse than rounding makes it, shows that the longer step
    /// went over waves that it did not see.
    private static final double TRUSTED = 100;

    private Differences() {}

    /// @param largest the first step that is tried
    static Slope at0(Line line, double largest) {
        var start = line.zero();
        if (!Double.isFinite(start.value())) return new Slope.Unknown("the value is not finite");
        Slope.Smooth best = null;
        for (double h = largest; h >= SMALLEST; h /= SHRINK) {
            var now = central(line, start, h);
            if (now == null) continue;
            if (best != null && now.error() > best.error() && now.error() <= TRUSTED * rounding(line, h)) break;
            double apart = best == null ? 0 : Math.abs(now.value() - best.value());
            best = best == null || apart <= TRUSTED * best.error() ? now : new Slope.Smooth(now.value(), Math.max(now.error(), apart));
            if (best.error() <= ENOUGH * Math.abs(best.value()) || SHRINK * rounding(line, h) >= best.error()) break;
        }
        return best != null ? best : oneSided(line, start, largest);
    }

    /// A first step that crosses few of so many kinks.
    static double largest(int kinks) {
        return Math.clamp(1.0 / Math.max(1, kinks), 20 * SMALLEST, LARGEST);
    }

    /// Null when the samples do not all lie on the piece of the start.
    private static Slope.Smooth central(Line line, Line.Sample start, double h) {
        var table = new double[LEVELS];
        double step = h;
        for (int i = 0; i < LEVELS; i++, step /= 2) {
            var above = line.at(step);
            if (!above.pieces().sameAs(start.pieces())) return null;
            var below = line.at(-step);
            if (!below.pieces().sameAs(start.pieces())) return null;
            table[i] = (above.value() - below.value()) / (2 * step);
        }
        return extrapolated(table, 4, rounding(line, h));
    }

    /// Of the smallest of the differences that begin at h. It grows as the step shrinks, so a step whose rounding alone is more than an error at hand is not tried.
    private static double rounding(Line line, double h) {
        return line.noise() / (h / (1 << LEVELS));
    }

    /// Differences at h, h/2, h/4 whose error falls by `factor` and then by its powers.
    private static Slope.Smooth extrapolated(double[] table, double factor, double rounding) {
        double previous = table[LEVELS - 1];
        double power = factor;
        for (int level = 1; level < LEVELS; level++, power *= factor) {
            previous = table[LEVELS - 1];
            for (int i = LEVELS - 1; i >= level; i--) table[i] = (power * table[i] - table[i - 1]) / (power - 1);
        }
        double value = table[LEVELS - 1];
        double error = Math.abs(value - previous) + rounding;
        return Double.isFinite(value) ? new Slope.Smooth(value, error) : new Slope.Smooth(value, Double.POSITIVE_INFINITY);
    }

    private static Slope oneSided(Line line, Line.Sample start, double largest) {
        Side below = side(line, start, largest, -1);
        Side above = side(line, start, largest, 1);
        if (below == null || above == null) return new Slope.Unknown("kinks lie too close together");
        if (below.jumps || above.jumps) return new Slope.Unknown("the value jumps here");
        return new Slope.Kinked(below.slope.value(), above.slope.value(), Math.max(below.slope.error(), above.slope.error()), start.pieces().apart(below.pieces, above.pieces));
    }

    private record Side(Slope.Smooth slope, Pieces pieces, boolean jumps) {}

    private static Side side(Line line, Line.Sample start, double largest, int sign) {
        for (double h = largest; h >= SMALLEST; h /= SHRINK) {
            var table = new double[LEVELS];
            Pieces pieces = null;
            double step = h;
            boolean same = true;
            for (int i = 0; i < LEVELS && same; i++, step /= 2) {
                var there = line.at(sign * step);
                same = pieces == null || there.pieces().sameAs(pieces);
                pieces = there.pieces();
                table[i] = (there.value() - start.value()) / (sign * step);
            }
            if (!same) continue;
            boolean jumps = Math.abs(table[LEVELS - 1]) > 3 * Math.abs(table[0]) && Math.abs(table[LEVELS - 1] - table[0]) * h > 1e5 * line.noise();
            return new Side(extrapolated(table, 2, 2 * line.noise() / step), pieces, jumps);
        }
        return null;
    }
}
