package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import dev.kiln.testkit.gradient.ModelCheck;
import java.time.Duration;
import java.util.List;
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

    /// A row of one place has a mass of one, which is no floor to stand on.
    @Test
    void causalAnswersHaveNoKink() {
        var lab = Lab.of("network Net() { in q: f32[N, H, T, 3]  in k: f32[N, H, T, 3]  in v: f32[N, H, T, 2]  out y = attend(q, k, v, causal: true) }", 3);
        var report = ModelCheck.check(lab.program(), new ModelCheck.Settings(ModelCheck.Wrt.INPUT, 3, Duration.ofDays(1), 1, Map.of()), _ -> {});
        assertEquals(report.findings().size(), report.smooth(), report::counts);
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

    /// Values are their places: the answer is the weighted place, and of one key the place itself.
    @ParameterizedTest
    @CsvSource({"1, 1, false", "3, 4, false", "4, 4, true"})
    void anAnswerIsTheWeightedMeanOfTheValues(int t, int s, boolean causal) {
        var lab = Lab.of("network Net() { in q: f32[N, H, T, 3]  in k: f32[N, H, S, 3]  in v: f32[N, H, S, 1]  out y = attend(q, k, v, causal: %s) }".formatted(causal), 3);
        Array q = Lab.drawn(new Random(1), -1, 1, 2, 2, t, 3);
        Array k = Lab.drawn(new Random(2), -1, 1, 2, 2, s, 3);
        double[] places = new double[4 * s];
        for (int i = 0; i < places.length; i++) places[i] = i % s;
        Array y = lab.run("predict", Map.of("q", q, "k", k, "v", new Array(new int[] {2, 2, s, 1}, places))).outputs().get("y");
        for (int h = 0; h < 2; h++)
            for (int i = 0; i < t; i++) {
                double mass = 0;
                double mean = 0;
                for (int j = 0; j < (causal ? i + 1 : s); j++) {
                    double score = 0;
                    for (int d = 0; d < 3; d++) score += q.get(1, h, i, d) * k.get(1, h, j, d);
                    mass += Math.exp(score / Math.sqrt(3));
                    mean += j * Math.exp(score / Math.sqrt(3));
                }
                assertEquals(mean / mass, y.get(1, h, i, 0), 1e-9);
            }
    }

    @Test
    void aLearnedVectorIsAddedAtEachPlace() {
        var lab = Lab.of("network Net() { in x: f32[N, 4, 6]  out y = x |> LearnedPositions(5) }", 3);
        Array x = Lab.drawn(new Random(1), -1, 1, 2, 4, WIDTH);
        Array y = lab.predict(x);
        for (int n = 0; n < 2; n++) for (int t = 0; t < 4; t++) for (int c = 0; c < WIDTH; c++) assertEquals(x.get(n, t, c) + lab.parameter("table").get(t, c), y.get(n, t, c), 1e-12);
    }

    @Test
    void everyPlaceGoesThroughTheSameNet() {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  out y = x |> FeedForward(5) }", 3);
        Array x = Lab.drawn(new Random(1), -1, 1, 2, 3, WIDTH);
        Close.assertClose("feed-forward", forward(lab, "", x), lab.predict(x));
    }

    /// Each part behind a layer norm and beside a shortcut, in the order of the paper's decoder: here written out of the library's parts, with the same weights.
    @Test
    void aDecoderIsItsThreePartsBesideShortcuts() {
        var lab = Lab.of("network Net() { in x: f32[N, T, 6]  in memory: f32[N, S, 4]  out y = DecoderBlock(2, width: 5)(x, memory) }", 3);
        var parts = Lab.of("""
                network Net() {
                  in x: f32[N, T, 6]  in memory: f32[N, S, 4]
                  own = x + (x |> LayerNorm |> SelfAttention(2, causal: true))
                  both = own + CrossAttention(2)(own |> LayerNorm, memory)
                  out y = both + (both |> LayerNorm |> FeedForward(5))
                }
                """, 4);
        var inputs = Map.of("x", Lab.drawn(new Random(1), -1, 1, 2, 3, WIDTH), "memory", Lab.drawn(new Random(2), -1, 1, 2, 4, 4));
        var weights = List.copyOf(lab.parameters().values());
        int[] next = {0};
        parts.parameters().replaceAll((name, w) -> {
            Array same = weights.get(next[0]++);
            assertArrayEquals(w.shape(), same.shape(), name);
            return same;
        });
        Close.assertClose("decoder", parts.run("predict", inputs).outputs().get("y"), lab.run("predict", inputs).outputs().get("y"));
    }

    private static Array forward(Lab lab, String part, Array x) {
        Array h = dense(lab, part + "dense_1", x);
        for (int i = 0; i < h.data().length; i++) h.data()[i] *= 0.5 * (1 + erf(h.data()[i] / Math.sqrt(2)));
        return dense(lab, part + "dense_2", h);
    }

    /// The series of the error function, which converges everywhere.
    private static double erf(double z) {
        double term = z;
        double sum = z;
        for (int k = 1; k < 80; k++) {
            term *= -z * z / k;
            sum += term / (2 * k + 1);
        }
        return 2 / Math.sqrt(Math.PI) * sum;
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
