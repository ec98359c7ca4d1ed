package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import java.util.Map;
import java.util.Random;
import java.util.function.DoubleBinaryOperator;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// Losses and metrics against sums over rows and classes.
class LossTest {
    private static final int ROWS = 7;
    private static final int CLASSES = 4;
    private static final Array Z = Lab.drawn(new Random(6), -3, 3, ROWS, CLASSES);
    private static final Array T = Lab.drawn(new Random(7), -1, 1, ROWS, CLASSES);
    private static final double[] LABEL = {2, 0, 3, 3, 1, 0, 2};

    private static double value(String formula) {
        var lab = Lab.of("network Net() { in z: f32[N, 4]  in t: f32[N, 4]  in label: i32[N]  out y = %s }".formatted(formula), 1);
        return lab.run("predict", Map.of("z", Z, "t", T, "label", new Array(new int[] {ROWS}, LABEL))).outputs().get("y").get();
    }

    private static double logp(Array logits, int n, int c) {
        double sum = 0;
        for (int k = 0; k < CLASSES; k++) sum += Math.exp(logits.get(n, k));
        return logits.get(n, c) - Math.log(sum);
    }

    private static double rows(IntToDoubleFunction row) {
        return IntStream.range(0, ROWS).mapToDouble(row).sum() / ROWS;
    }

    private static double elements(DoubleBinaryOperator one) {
        return IntStream.range(0, ROWS * CLASSES).mapToDouble(i -> one.applyAsDouble(Z.data()[i], T.data()[i])).sum() / (ROWS * CLASSES);
    }

    private static double classes(IntToDoubleFunction one) {
        return IntStream.range(0, CLASSES).mapToDouble(one).sum();
    }

    private static void same(double expected, String formula) {
        assertEquals(expected, value(formula), 1e-9, formula);
    }

    @Test
    void lossesOfClasses() {
        double entropy = rows(n -> -logp(Z, n, (int) LABEL[n]));
        same(entropy, "cross_entropy(z, label)");
        same(0.8 * entropy + 0.2 * rows(n -> -classes(c -> logp(Z, n, c)) / CLASSES), "cross_entropy(z, label, smoothing: 0.2)");
        same(Math.exp(entropy), "perplexity(z, label)");
        same(rows(n -> -classes(c -> Math.exp(logp(T, n, c)) * logp(Z, n, c))), "soft_cross_entropy(z, softmax(t))");
        same(rows(n -> classes(c -> Math.exp(logp(Z, n, c)) * (logp(Z, n, c) - logp(T, n, c)))), "kl_divergence(z, t)");
        same(rows(n -> -Math.pow(1 - Math.exp(logp(Z, n, (int) LABEL[n])), 2) * logp(Z, n, (int) LABEL[n])), "focal(z, label)");
        same(rows(n -> IntStream.range(0, CLASSES).mapToDouble(c -> {
            double ahead = IntStream.rangeClosed(0, c).mapToDouble(k -> Math.exp(logp(Z, n, k)) - Math.exp(logp(T, n, k))).sum();
            return ahead * ahead;
        }).sum()), "earth_mover(z, softmax(t))");
    }

    @Test
    void lossesOfNumbers() {
        same(elements((z, t) -> (z - t) * (z - t)), "mse(z, t)");
        same(Math.sqrt(elements((z, t) -> (z - t) * (z - t))), "rmse(z, t)");
        same(elements((z, t) -> Math.abs(z - t)), "mae(z, t)");
        same(elements((z, t) -> Math.abs(z - t) < 0.4 ? (z - t) * (z - t) / 2 : 0.4 * (Math.abs(z - t) - 0.2)), "huber(z, t, delta: 0.4)");
        same(elements((z, t) -> Math.max(0, 1 - Math.signum(t) * z)), "hinge(z, sign(t))");
        same(elements((z, t) -> Math.log(1 + Math.exp(z)) - z / (1 + Math.exp(-t))), "binary_cross_entropy(z, sigmoid(t))");
        same(elements((z, t) -> (z > 0) == (t > 0.5) ? 1 : 0), "binary_accuracy(z, t)");
    }

    @Test
    void directionsOfRows() {
        same(rows(n -> 1 - classes(c -> Z.get(n, c) * T.get(n, c)) / Math.sqrt(classes(c -> Z.get(n, c) * Z.get(n, c)) * classes(c -> T.get(n, c) * T.get(n, c)))), "cosine_distance(z, t)");
    }
}
