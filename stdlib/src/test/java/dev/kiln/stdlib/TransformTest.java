package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.reference.Interpreter;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Transforms of data against plain loops over all rows.
class TransformTest {
    /// Three batches of different sizes are one table.
    @Test
    void standardiseKnowsTheRowsOfAllBatches() {
        var lab = Lab.of("network Net() { in x: f32[N, 3]  out y = x |> Standardise }  train Net { loss mean(y)  optimizer SGD(0) }", 2);
        Map<String, Array> state = new LinkedHashMap<>(lab.parameters());
        state.replaceAll((_, a) -> Array.zeros(a.shape()));
        var seen = new double[3][8];
        int rows = 0;
        for (int batch : new int[] {1, 5, 2}) {
            Array x = Lab.drawn(new Random(batch), -2, 5, batch, 3);
            for (int n = 0; n < batch; n++) for (int c = 0; c < 3; c++) seen[c][rows + n] = x.get(n, c);
            rows += batch;
            state.putAll(Interpreter.run(lab.entry("train"), Map.of("x", x), state, 7, 1).updates());
        }
        Array x = Lab.drawn(new Random(9), -2, 5, 2, 3);
        Array y = Interpreter.run(lab.entry("predict"), Map.of("x", x), state, 7, 1).outputs().get("y");
        for (int c = 0; c < 3; c++) {
            double mean = 0;
            double variance = 0;
            for (double v : seen[c]) mean += v / rows;
            for (double v : seen[c]) variance += (v - mean) * (v - mean) / rows;
            for (int n = 0; n < 2; n++) assertEquals((x.get(n, c) - mean) / Math.sqrt(variance + 1e-8), y.get(n, c), 1e-9);
        }
    }

    /// Correlated, on different scales; what comes out has the covariance of independent features, and the transform is symmetric, which PCA whitening is not.
    @Test
    void whitenedFeaturesAreUncorrelated() {
        var lab = Lab.of("network Net() { in x: f32[N, 5]  w = inverse_root(covariance(x), eps: 0)  out w  out y = covariance(x @ w) }", 2);
        Array z = Lab.drawn(new Random(3), -1, 1, 40, 5);
        double[] x = new double[200];
        for (int n = 0; n < 40; n++) for (int c = 0; c < 5; c++) x[5 * n + c] = (c + 1) * z.get(n, c) + (c > 0 ? 2 * z.get(n, c - 1) : 7);
        var out = lab.run("predict", Map.of("x", new Array(new int[] {40, 5}, x))).outputs();
        for (int i = 0; i < 5; i++)
            for (int j = 0; j < 5; j++) {
                assertEquals(i == j ? 1 : 0, out.get("y").get(i, j), 1e-6);
                assertEquals(out.get("w").get(i, j), out.get("w").get(j, i), 1e-6);
            }
    }

    /// Of correlated features on different scales: unit directions, largest first, orthogonal; along them the data are uncorrelated and of variance 1.
    @Test
    void principalComponentsAreOrthogonalAndWhiten() {
        var lab = Lab.of("network Net() { in x: f32[N, 5]  s = covariance(x)  u, size = principal(s, 4)  out u  out size  out left = s @ u  out y = covariance(x @ pca_whitening(s, 3, eps: 0)) }", 2);
        Array z = Lab.drawn(new Random(3), -1, 1, 40, 5);
        double[] x = new double[200];
        for (int n = 0; n < 40; n++) for (int c = 0; c < 5; c++) x[5 * n + c] = (c + 1) * z.get(n, c) + (c > 0 ? 2 * z.get(n, c - 1) : 7);
        var out = lab.run("predict", Map.of("x", new Array(new int[] {40, 5}, x))).outputs();
        for (int a = 0; a < 4; a++) {
            if (a > 0) assertTrue(out.get("size").get(a) < out.get("size").get(a - 1));
            for (int i = 0; i < 5; i++) assertEquals(out.get("size").get(a) * out.get("u").get(i, a), out.get("left").get(i, a), 1e-6);
            for (int b = 0; b < 4; b++) {
                double product = 0;
                for (int i = 0; i < 5; i++) product += out.get("u").get(i, a) * out.get("u").get(i, b);
                assertEquals(a == b ? 1 : 0, product, 1e-6);
                if (a < 3 && b < 3) assertEquals(a == b ? 1 : 0, out.get("y").get(a, b), 1e-6);
            }
        }
    }

    /// Equal variances and a direction without any: still orthogonal, and what has no variance stays zero.
    @Test
    void flatDirectionsGiveZeros() {
        var lab = Lab.of("network Net() { in x: f32[3, 3]  u, size = principal(x, 3)  out u  out size }", 2);
        var out = lab.run("predict", Map.of("x", new Array(new int[] {3, 3}, new double[] {2, 0, 0, 0, 2, 0, 0, 0, 0}))).outputs();
        assertArrayEquals(new double[] {2, 2, 0}, out.get("size").data(), 1e-9);
        assertEquals(0, out.get("u").get(0, 0) * out.get("u").get(0, 1) + out.get("u").get(1, 0) * out.get("u").get(1, 1), 1e-9);
        for (int i = 0; i < 3; i++) assertEquals(0, out.get("u").get(i, 2), 1e-9);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "1, 4, 3, 2", "5, 3, 9, 1", "4, 4, 7, 10", "6, 7, 3, 4"})
    void resizedPicturesAreMixedOfFourNeighbours(int h, int w, int height, int width) {
        var lab = Lab.of("network Net() { in x: f32[N, 2, %d, %d]  out y = x |> resize2d(height: %d, width: %d) }".formatted(h, w, height, width), 2);
        Array x = Lab.drawn(new Random(4), -1, 1, 2, 2, h, w);
        Array y = lab.predict(x);
        for (int i = 0; i < height; i++)
            for (int j = 0; j < width; j++) {
                double r = i * (h - 1.0) / Math.max(height - 1, 1);
                double s = j * (w - 1.0) / Math.max(width - 1, 1);
                int top = (int) Math.min(Math.floor(r + 1e-12), h - 1);
                int left = (int) Math.min(Math.floor(s + 1e-12), w - 1);
                int below = Math.min(top + 1, h - 1);
                int right = Math.min(left + 1, w - 1);
                double down = r - top;
                double across = s - left;
                double mixed = (1 - down) * ((1 - across) * x.get(1, 0, top, left) + across * x.get(1, 0, top, right)) + down * ((1 - across) * x.get(1, 0, below, left) + across * x.get(1, 0, below, right));
                assertEquals(mixed, y.get(1, 0, i, j), 1e-9);
            }
    }

    @Test
    void picturesAreMirroredAtRandomAndOnlyInTraining() {
        var lab = Lab.of("network Net() { in x: f32[N, 1, 2, 3]  y = x |> RandomMirror  out y }  train Net { loss mean(y^2)  metric corner(y)  optimizer SGD(0) }  fn corner(y: f32[N, C, H, W]) -> f32 = y[0, 0, 0, 0]", 2);
        Array x = Lab.drawn(new Random(4), -1, 1, 1, 1, 2, 3);
        assertArrayEquals(x.data(), lab.predict(x).data());
        int turned = 0;
        for (int step = 1; step <= 64; step++) {
            double corner = Interpreter.run(lab.entry("train"), Map.of("x", x), lab.parameters(), 7, step).outputs().get("corner").get();
            boolean mirrored = corner == x.get(0, 0, 0, 2);
            assertTrue(mirrored || corner == x.get(0, 0, 0, 0));
            turned += mirrored ? 1 : 0;
        }
        assertTrue(turned > 15 && turned < 49, turned + " of 64");
    }
}
