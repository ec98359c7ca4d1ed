package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Normalisations against plain formulas.
class NormaliseTest {
    private static final String BATCH = """
            network Net() {
              in x: f32[N, 3, H]
              out y = x |> BatchNorm(decay: 0.8)
            }
            train Net {
              loss mean(y^2)
              optimizer SGD(0.1)
            }
            """;

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7})
    void batchNormUsesTheRunningStatisticsAtInference(int n) {
        var lab = Lab.of(BATCH, 4);
        Array x = Lab.drawn(new Random(1), -2, 2, n, 3, 5);
        Array expected = Array.zeros(n, 3, 5);
        for (int i = 0; i < x.data().length; i++) {
            int c = i / 5 % 3;
            double scale = lab.parameter("gamma").data()[c] / Math.sqrt(lab.parameter("running_var").data()[c] + 1e-5);
            expected.data()[i] = scale * (x.data()[i] - lab.parameter("running_mean").data()[c]) + lab.parameter("beta").data()[c];
        }
        Close.assertClose("batch norm", expected, lab.predict(x));
    }

    @Test
    void batchNormMovesItsStatisticsInTrainingOnly() {
        var lab = Lab.of(BATCH, 4);
        Array x = Lab.drawn(new Random(1), -2, 2, 4, 3, 5);
        var step = lab.run("train", Map.of("x", x));
        for (int c = 0; c < 3; c++) {
            double mean = 0;
            double square = 0;
            for (int n = 0; n < 4; n++) for (int h = 0; h < 5; h++) mean += x.get(n, c, h) / 20;
            for (int n = 0; n < 4; n++) for (int h = 0; h < 5; h++) square += Math.pow(x.get(n, c, h) - mean, 2);
            double oldMean = lab.parameter("running_mean").data()[c];
            double oldVar = lab.parameter("running_var").data()[c];
            assertEquals(0.8 * oldMean + 0.2 * mean, update(step.updates(), "running_mean", c), 1e-12);
            assertEquals(0.8 * oldVar + 0.2 * square / 19, update(step.updates(), "running_var", c), 1e-12);
        }
        assertEquals(Map.of(), lab.run("predict", Map.of("x", x)).updates());
    }

    private static double update(Map<String, Array> updates, String end, int c) {
        return updates.entrySet().stream().filter(e -> e.getKey().endsWith(end)).findFirst().orElseThrow().getValue().data()[c];
    }

    @Test
    void rmsNormDividesByTheRootOfTheMeanSquare() {
        var lab = Lab.of("network Net() { in x: f32[N, 5]  out y = x |> RmsNorm }", 4);
        Array x = Lab.drawn(new Random(1), -2, 2, 3, 5);
        Array y = lab.predict(x);
        for (int n = 0; n < 3; n++) {
            double square = 0;
            for (int c = 0; c < 5; c++) square += x.get(n, c) * x.get(n, c) / 5;
            for (int c = 0; c < 5; c++) assertEquals(lab.parameter("gain").get(c) * x.get(n, c) / Math.sqrt(square + 1e-6), y.get(n, c), 1e-12);
        }
    }

    @Test
    void layerNormOfASampleDoesNotKnowTheOthers() {
        var lab = Lab.of("network Net() { in x: f32[N, 2, 5]  out y = x |> LayerNorm }", 4);
        Array x = Lab.drawn(new Random(1), -2, 2, 3, 2, 5);
        Array expected = Array.zeros(3, 2, 5);
        for (int r = 0; r < 6; r++) {
            double mean = 0;
            double variance = 0;
            for (int c = 0; c < 5; c++) mean += x.data()[5 * r + c] / 5;
            for (int c = 0; c < 5; c++) variance += Math.pow(x.data()[5 * r + c] - mean, 2) / 5;
            for (int c = 0; c < 5; c++)
                expected.data()[5 * r + c] = lab.parameter("gain").data()[c] * (x.data()[5 * r + c] - mean) / Math.sqrt(variance + 1e-5) + lab.parameter("bias").data()[c];
        }
        Close.assertClose("layer norm", expected, lab.predict(x));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 6})
    void aGroupOfChannelsIsNormalisedTogether(int groups) {
        var lab = Lab.of("network Net() { in x: f32[N, 6, H]  out y = x |> GroupNorm(%d) }".formatted(groups), 4);
        Array x = Lab.drawn(new Random(1), -2, 2, 2, 6, 5);
        Close.assertClose("group norm", groupNorm(lab, x, groups), lab.predict(x));
    }

    @Test
    void instanceNormIsGroupNormOfSingleChannels() {
        var lab = Lab.of("network Net() { in x: f32[N, 6, H]  out y = x |> InstanceNorm }", 4);
        Array x = Lab.drawn(new Random(1), -2, 2, 3, 6, 5);
        Close.assertClose("instance norm", groupNorm(lab, x, 6), lab.predict(x));
    }

    /// x is `[N, 6, 5]`: a group is a run of 30 / groups numbers.
    private static Array groupNorm(Lab lab, Array x, int groups) {
        int run = 30 / groups;
        Array y = Array.zeros(x.shape());
        for (int first = 0; first < x.data().length; first += run) {
            double mean = 0;
            double variance = 0;
            for (int i = first; i < first + run; i++) mean += x.data()[i] / run;
            for (int i = first; i < first + run; i++) variance += Math.pow(x.data()[i] - mean, 2) / run;
            for (int i = first; i < first + run; i++) {
                int c = i / 5 % 6;
                y.data()[i] = lab.parameter("gamma").data()[c] * (x.data()[i] - mean) / Math.sqrt(variance + 1e-5) + lab.parameter("beta").data()[c];
            }
        }
        return y;
    }

    @Test
    void dropoutIsGoneAtInferenceAndKeepsTheMeanInTraining() {
        var lab = Lab.of("""
                network Net() { in x: f32[N, 50]  param w: f32[50] init 1  out y = x * w |> Dropout(0.25) }
                train Net { loss mean(y)  optimizer SGD(0.1) }
                """, 4);
        Array x = new Array(new int[] {40, 50}, new Random(1).doubles(2000, 1, 1.0001).toArray());
        for (int i = 0; i < 50; i++) lab.parameter("w").data()[i] = 1;
        Close.assertClose("identity", x, lab.predict(x));
        Array sampled = lab.run("sample", Map.of("x", x)).outputs().get("y");
        double zeros = Arrays.stream(sampled.data()).filter(v -> v == 0).count() / 2000.0;
        assertEquals(0.25, zeros, 0.04);
        assertEquals(1, Arrays.stream(sampled.data()).average().orElseThrow(), 0.06);
    }
}
