package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Parameter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What weights begin with: mean and variance of many drawn ones against the papers' formulas.
class InitialiserTest {
    private static final int[] SHAPE = {120, 90};

    private static float[] drawn(String distribution) {
        Parameter w = Lab.check("network Net() { in x: f32[N, 120]  param w: f32[120, 90] init %s  out y = x @ w }".formatted(distribution)).models().getFirst().program().parameters().find("w").orElseThrow();
        return w.initialiser().values(3, w.name(), SHAPE);
    }

    /// Of 10800 draws the mean lies within 4 of its deviations, and the variance within 6 % (4 deviations of a normal sample's variance).
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "he(fan_in: 120) | 0 | 0.0166667", "he(fan_in: 90, slope: 0.5) | 0 | 0.0177778", "lecun(120) | 0 | 0.00833333", "xavier_normal(120, 90) | 0 | 0.00952381", "xavier_uniform(120, 90) | 0 | 0.00952381",
        "normal(mean: 2, variance: 0.5) | 2 | 0.5", "uniform(-1, 3) | 1 | 1.3333333", "truncated_normal(mean: 1, variance: 2) | 1 | 1.548", "constant(0.25) | 0.25 | 0", "zeros() | 0 | 0", "ones() | 1 | 0"})
    void drawsHaveTheMeanAndVarianceOfTheFormula(String distribution, double mean, double variance) {
        float[] values = drawn(distribution);
        double m = 0;
        double v = 0;
        for (float x : values) m += x / values.length;
        for (float x : values) v += (x - m) * (x - m) / values.length;
        assertEquals(mean, m, 4 * Math.sqrt(variance / values.length) + 1e-7, distribution);
        assertEquals(variance, v, 0.06 * variance + 1e-9, distribution);
    }

    @Test
    void aTruncatedNormalStaysWithinTwoDeviations() {
        for (float x : drawn("truncated_normal(mean: 1, variance: 4)")) assertTrue(Math.abs(x - 1) <= 4.0001, () -> Float.toString(x));
    }

    /// 120 rows cannot be orthogonal in 90 columns; the columns can.
    @Test
    void columnsOfAnOrthogonalMatrixAreUnitVectorsAtRightAngles() {
        float[] w = drawn("orthogonal(gain: 2)");
        for (int i = 0; i < 90; i += 13)
            for (int j = 0; j < 90; j += 13) {
                double dot = 0;
                for (int r = 0; r < 120; r++) dot += (double) w[90 * r + i] * w[90 * r + j];
                assertEquals(i == j ? 4 : 0, dot, 1e-4);
            }
    }
}
