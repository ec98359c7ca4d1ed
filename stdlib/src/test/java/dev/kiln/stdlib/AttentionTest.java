package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Attention against plain loops over samples, heads, queries and keys.
class AttentionTest {
    private static final int WIDTH = 6;

    @ParameterizedTest
    @CsvSource({"1, 1, 1, 1", "2, 3, 5, 2", "3, 4, 1, 6", "1, 1, 7, 3"})
    void headsReadTheMemory(int n, int t, int s, int heads) {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  in memory: f32[N, S, 4]  out y = CrossAttention(%d)(x, memory) }".formatted(heads), 3);
        Array x = Lab.drawn(new Random(1), -1, 1, n, t, WIDTH);
        Array memory = Lab.drawn(new Random(2), -1, 1, n, s, 4);
        Array y = lab.run("predict", Map.of("x", x, "memory", memory)).outputs().get("y");
        Close.assertClose("attention", attention(lab, x, memory, heads, false), y);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 1", "2, 5, 2", "1, 4, 3"})
    void causalHeadsReadThePast(int n, int t, int heads) {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  out y = x |> SelfAttention(%d, causal: true) }".formatted(heads), 3);
        Array x = Lab.drawn(new Random(1), -1, 1, n, t, WIDTH);
        Close.assertClose("attention", attention(lab, x, x, heads, true), lab.predict(x));
    }

    @Test
    void whatComesLaterChangesNothingBefore() {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  out y = x |> EncoderBlock(2, width: 5, causal: true) }", 3);
        Array x = Lab.drawn(new Random(1), -1, 1, 1, 4, WIDTH);
        Array before = lab.predict(x);
        for (int c = 0; c < WIDTH; c++) x.data()[3 * WIDTH + c] = 50;
        Array after = lab.predict(x);
        for (int i = 0; i < 3 * WIDTH; i++) assertEquals(before.data()[i], after.data()[i], 1e-12);
    }

    @Test
    void sinesAndCosinesAlternate() {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  out y = sinusoidal(x) }", 3);
        Array y = lab.predict(Array.zeros(1, 9, WIDTH));
        for (int t = 0; t < 9; t++)
            for (int c = 0; c < WIDTH; c++) {
                double angle = t / Math.pow(10_000, 2 * (c / 2) / 6.0);
                assertEquals(c % 2 == 0 ? Math.sin(angle) : Math.cos(angle), y.get(0, t, c), 1e-9);
            }
    }

    /// The four dense layers in the order of the text: query, key, value, and the one that mixes the heads.
    private static Array attention(Lab lab, Array x, Array memory, int heads, boolean causal) {
        Array q = dense(lab, "query.dense_1", x);
        Array k = dense(lab, "key.dense_1", memory);
        Array v = dense(lab, "value.dense_1", memory);
        int n = x.shape()[0];
        int queries = x.shape()[1];
        int keys = memory.shape()[1];
        int size = WIDTH / heads;
        Array mixed = Array.zeros(n, queries, WIDTH);
        for (int i = 0; i < n; i++)
            for (int h = 0; h < heads; h++)
                for (int t = 0; t < queries; t++) {
                    double[] weight = new double[causal ? t + 1 : keys];
                    double mass = 0;
                    for (int s = 0; s < weight.length; s++) {
                        double score = 0;
                        for (int d = h * size; d < (h + 1) * size; d++) score += q.get(i, t, d) * k.get(i, s, d);
                        weight[s] = Math.exp(score / Math.sqrt(size));
                        mass += weight[s];
                    }
                    for (int s = 0; s < weight.length; s++)
                        for (int d = h * size; d < (h + 1) * size; d++) mixed.data()[(i * queries + t) * WIDTH + d] += weight[s] / mass * v.get(i, s, d);
                }
        return dense(lab, ".mixed", mixed);
    }

    private static Array dense(Lab lab, String name, Array x) {
        Array w = lab.parameter(name + ".W");
        Array b = lab.parameter(name + ".b");
        int in = w.shape()[0];
        int out = w.shape()[1];
        int rows = x.data().length / in;
        Array y = Array.zeros(x.shape()[0], x.shape()[1], out);
        for (int r = 0; r < rows; r++)
            for (int o = 0; o < out; o++) {
                double sum = b.data()[o];
                for (int i = 0; i < in; i++) sum += x.data()[r * in + i] * w.data()[i * out + o];
                y.data()[r * out + o] = sum;
            }
        return y;
    }
}
