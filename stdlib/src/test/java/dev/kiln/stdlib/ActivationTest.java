package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import java.util.Random;
import java.util.function.DoubleUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Activations against the formulas of the papers, at their kinks, near zero, and where they saturate.
class ActivationTest {
    private static final double[] POINTS = {-1000, -88, -6, -3, -2.5, -1, -0.7, -1e-4, 0, 1e-4, 0.3, 1, 2.5, 3, 6, 7, 88, 1000};

    private static double sigmoid(double z) {
        return z < 0 ? Math.exp(z) / (1 + Math.exp(z)) : 1 / (1 + Math.exp(-z));
    }

    private static double softplus(double z) {
        return z > 30 ? z : Math.log1p(Math.exp(z));
    }

    private static double clip(double z) {
        return Math.min(Math.max(z, 0), 1);
    }

    /// Φ by the midpoint rule on the density: slow, and not the series the compiler uses.
    private static double normal(double z) {
        if (z < -9) return 0;
        if (z > 9) return 1;
        int steps = 200_000;
        double sum = 0;
        double width = (z + 9) / steps;
        for (int i = 0; i < steps; i++) {
            double t = -9 + (i + 0.5) * width;
            sum += Math.exp(-t * t / 2) * width;
        }
        return sum / Math.sqrt(2 * Math.PI);
    }

    static Stream<Arguments> formulas() {
        return Stream.of(
                formula("relu", z -> Math.max(z, 0)), formula("relu(max: 6)", z -> Math.min(Math.max(z, 0), 6)), formula("clip(low: -2, high: 3)", z -> Math.min(Math.max(z, -2), 3)),
                formula("leaky_relu", z -> z > 0 ? z : 0.01 * z), formula("leaky_relu(alpha: 0.3, max: 2)", z -> Math.min(z > 0 ? z : 0.3 * z, 2)),
                formula("threshold_relu", z -> z > 1 ? z : 0), formula("threshold_relu(theta: -1)", z -> z > -1 ? z : 0),
                formula("sigmoid", ActivationTest::sigmoid), formula("hard_sigmoid", z -> clip(0.2 * z + 0.5)), formula("tanh", Math::tanh), formula("tanh_shrink", z -> z - Math.tanh(z)),
                formula("swish", z -> z * sigmoid(z)), formula("swish(beta: 1.5)", z -> z * sigmoid(1.5 * z)), formula("hard_swish", z -> z * clip(z / 6 + 0.5)),
                formula("softplus", ActivationTest::softplus), formula("softsign", z -> z / (1 + Math.abs(z))), formula("mish", z -> z * Math.tanh(softplus(z))),
                formula("elu", z -> z > 0 ? z : Math.exp(z) - 1), formula("elu(alpha: 0.4)", z -> z > 0 ? z : 0.4 * (Math.exp(z) - 1)),
                formula("selu", z -> 1.0507009873554805 * (z > 0 ? z : 1.6732632423543772 * (Math.exp(z) - 1))),
                formula("gelu", z -> z * normal(z)), formula("gelu_tanh", z -> z / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (z + 0.044715 * z * z * z)))));
    }

    private static Arguments formula(String activation, DoubleUnaryOperator plain) {
        return Arguments.of(activation, plain);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("formulas")
    void everyPointHasTheValueOfTheFormula(String activation, DoubleUnaryOperator plain) {
        Array y = Lab.of("network Net() { in x: f32[N]  out y = x |> %s }".formatted(activation), 1).predict(new Array(new int[] {POINTS.length}, POINTS));
        for (int i = 0; i < POINTS.length; i++) assertEquals(plain.applyAsDouble(POINTS[i]), y.get(i), 1e-7 * Math.max(1, Math.abs(POINTS[i])), activation + " at " + POINTS[i]);
    }

    @Test
    void aLearnedSlopeBelowZeroForEachChannel() {
        var lab = Lab.of("network Net() { in x: f32[N, 2, 3]  out y = x |> PReLU }", 1);
        Array x = new Array(new int[] {1, 2, 3}, new double[] {-2, 0, 3, -0.5, 1, -7});
        Array y = lab.predict(x);
        for (int c = 0; c < 2; c++) for (int s = 0; s < 3; s++) assertEquals(x.get(0, c, s) >= 0 ? x.get(0, c, s) : lab.parameter("alpha").get(c) * x.get(0, c, s), y.get(0, c, s), 1e-12);
    }

    @Test
    void theLargestPieceWins() {
        var lab = Lab.of("network Net() { in x: f32[N, 3]  out y = x |> Maxout(2, pieces: 4) }", 1);
        Array x = Lab.drawn(new Random(5), -2, 2, 3, 3);
        Array y = lab.predict(x);
        for (int n = 0; n < 3; n++)
            for (int u = 0; u < 2; u++) {
                double best = Double.NEGATIVE_INFINITY;
                for (int p = 0; p < 4; p++) {
                    double z = lab.parameter("b").get(u, p);
                    for (int i = 0; i < 3; i++) z += x.get(n, i) * lab.parameter("W").get(i, u, p);
                    best = Math.max(best, z);
                }
                assertEquals(best, y.get(n, u), 1e-12);
            }
    }

    @Test
    void halvesGateOneAnother() {
        Array y = Lab.of("network Net() { in x: f32[N, 4]  out y = glu(x) }", 1).predict(new Array(new int[] {1, 4}, new double[] {2, -3, 0.5, -1}));
        assertEquals(2 * sigmoid(0.5), y.get(0, 0), 1e-12);
        assertEquals(-3 * sigmoid(-1), y.get(0, 1), 1e-12);
    }

    @Test
    void theGreatestMagnitudeIsTheNorm() {
        Array y = Lab.of("network Net() { in x: f32[N, 3]  out y = linf(x) }", 1).predict(new Array(new int[] {2, 3}, new double[] {2, -3, 0.5, 0, 0, 0}));
        assertEquals(3, y.get(0));
        assertEquals(0, y.get(1));
    }
}
