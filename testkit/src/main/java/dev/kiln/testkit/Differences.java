package dev.kiln.testkit;

import java.util.function.DoubleUnaryOperator;

/// A derivative by central differences with a shrinking step, extrapolated to step zero (Ridders 1982; Richardson's scheme), with an estimate of its own error.
public record Differences(double value, double error) {
    private static final int STEPS = 10;
    private static final double SHRINK = 1.6;

    /// The derivative of `f` at 0, beginning with the step `h`.
    public static Differences at0(DoubleUnaryOperator f, double h) {
        var table = new double[STEPS][STEPS];
        var best = new Differences(Double.NaN, Double.POSITIVE_INFINITY);
        for (int i = 0; i < STEPS; i++, h /= SHRINK) {
            table[i][0] = (f.applyAsDouble(h) - f.applyAsDouble(-h)) / (2 * h);
            double factor = 1;
            for (int j = 1; j <= i; j++) {
                factor *= SHRINK * SHRINK;
                table[i][j] = (table[i][j - 1] * factor - table[i - 1][j - 1]) / (factor - 1);
                double error = Math.max(Math.abs(table[i][j] - table[i][j - 1]), Math.abs(table[i][j] - table[i - 1][j - 1]));
                if (error <= best.error) best = new Differences(table[i][j], error);
            }
            if (i > 0 && Math.abs(table[i][i] - table[i - 1][i - 1]) >= 2 * best.error && best.error < 1e-9 * Math.abs(best.value)) break;
        }
        return best;
    }
}
