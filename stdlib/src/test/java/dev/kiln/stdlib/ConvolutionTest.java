package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.testkit.Close;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Convolutions against plain loops.
class ConvolutionTest {
    @ParameterizedTest
    @CsvSource({
        "1, 1, 5, 7, 1, 1, 1, 0, 1, 1", "2, 3, 7, 5, 4, 3, 1, 1, 1, 1", "3, 2, 8, 9, 5, 3, 2, 1, 1, 1", "1, 4, 11, 9, 6, 3, 1, 2, 2, 2",
        "2, 6, 5, 6, 9, 2, 2, 0, 1, 3", "1, 3, 17, 16, 3, 5, 3, 2, 1, 3", "2, 1, 3, 3, 2, 3, 1, 2, 1, 1"})
    void agreesWithLoops(int n, int c, int h, int w, int filters, int kernel, int stride, int pad, int dilation, int groups) {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, %d, %d, W]
                  out y = x |> Conv2d(%d, kernel: %d, stride: %d, pad: %d, dilation: %d, groups: %d)
                }
                """.formatted(c, h, filters, kernel, stride, pad, dilation, groups), 3);
        Array x = Lab.drawn(new Random(5), -1, 1, n, c, h, w);
        Close.assertClose("conv", convolution(x, lab.parameter(".K"), lab.parameter(".b").data(), stride, pad, dilation, groups), lab.predict(x));
    }

    private static Array convolution(Array x, Array k, double[] bias, int stride, int pad, int dilation, int groups) {
        int filters = k.shape()[0];
        int share = k.shape()[1];
        int kernel = k.shape()[2];
        int rows = places(x.shape()[2], kernel, stride, pad, dilation);
        int columns = places(x.shape()[3], kernel, stride, pad, dilation);
        Array y = Array.zeros(x.shape()[0], filters, rows, columns);
        for (int n = 0; n < x.shape()[0]; n++)
            for (int f = 0; f < filters; f++)
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++) {
                        double sum = bias[f];
                        int first = f / (filters / groups) * share;
                        for (int c = 0; c < share; c++)
                            for (int u = 0; u < kernel; u++)
                                for (int v = 0; v < kernel; v++) {
                                    int r = stride * i + dilation * u - pad;
                                    int s = stride * j + dilation * v - pad;
                                    boolean inside = r >= 0 && r < x.shape()[2] && s >= 0 && s < x.shape()[3];
                                    if (inside) sum += x.get(n, first + c, r, s) * k.get(f, c, u, v);
                                }
                        y.data()[y.offset(n, f, i, j)] = sum;
                    }
        return y;
    }

    private static int places(int size, int kernel, int stride, int pad, int dilation) {
        return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
    }

    @ParameterizedTest
    @CsvSource({"1, 3, 1, 0, 1, 1", "3, 2, 2, 1, 1, 1", "2, 5, 3, 1, 1, 1", "3, 3, 1, 2, 2, 2", "1, 3, 2, 1, 1, 5", "2, 1, 1, 0, 1, 3"})
    void depthwiseIsAConvolutionWithAGroupForEachChannel(int c, int kernel, int stride, int pad, int dilation, int multiplier) {
        var depthwise = Lab.of("""
                network Net() {
                  in x: f32[N, %d, 9, 7]
                  out y = x |> Depthwise2d(kernel: %d, stride: %d, pad: %d, dilation: %d, multiplier: %d)
                }
                """.formatted(c, kernel, stride, pad, dilation, multiplier), 11);
        Array k = depthwise.parameter(".K");
        Array x = Lab.drawn(new Random(6), -1, 1, 2, c, 9, 7);
        Array grouped = new Array(new int[] {c * multiplier, 1, kernel, kernel}, k.data());
        Close.assertClose("depthwise", convolution(x, grouped, depthwise.parameter(".b").data(), stride, pad, dilation, c), depthwise.predict(x));
    }

    @ParameterizedTest
    @CsvSource({
        "1, 1, 7, 1, 3, 1, 0, 1", "2, 3, 16, 5, 3, 2, 1, 1", "1, 4, 17, 3, 2, 3, 0, 2", "3, 2, 5, 17, 5, 1, same, 1", "2, 3, 11, 2, 3, 2, same, 2", "2, 3, 9, 4, 3, 1, causal, 1",
        "1, 2, 15, 3, 2, 1, causal, 4", "1, 2, 9, 3, 3, 2, causal, 1", "1, 1, 1, 1, 1, 1, 0, 1"})
    void signalsAgreeWithLoops(int n, int c, int t, int filters, int kernel, int stride, String pad, int dilation) {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, %d, %d]
                  out y = x |> Conv1d(%d, kernel: %d, stride: %d, pad: %s, dilation: %d)
                }
                """.formatted(c, t, filters, kernel, stride, pad, dilation), 3);
        Array x = Lab.drawn(new Random(5), -1, 1, n, c, t);
        int reach = dilation * (kernel - 1);
        int before = switch (pad) {
            case "causal" -> reach;
            case "same" -> reach / 2;
            default -> Integer.parseInt(pad);
        };
        int steps = (t + before + (pad.equals("causal") ? 0 : before) - reach - 1) / stride + 1;
        Array k = lab.parameter(".K");
        Array y = Array.zeros(n, filters, steps);
        for (int m = 0; m < n; m++)
            for (int f = 0; f < filters; f++)
                for (int s = 0; s < steps; s++) {
                    double sum = lab.parameter(".b").get(f);
                    for (int d = 0; d < c; d++)
                        for (int u = 0; u < kernel; u++) {
                            int at = stride * s + dilation * u - before;
                            if (at >= 0 && at < t) sum += x.get(m, d, at) * k.get(f, d, u);
                        }
                    y.data()[y.offset(m, f, s)] = sum;
                }
        Close.assertClose("conv1d", y, lab.predict(x));
    }

    @Test
    void aCausalConvolutionDoesNotSeeWhatComesLater() {
        var lab = Lab.of("network Net() { in x: f32[N, 2, T]  out y = x |> Conv1d(3, pad: causal, dilation: 2) |> tanh |> Conv1d(2, kernel: 2, pad: causal) }", 4);
        Array x = Lab.drawn(new Random(1), -1, 1, 1, 2, 9);
        Array other = new Array(x.shape(), x.data().clone());
        for (int c = 0; c < 2; c++) for (int t = 5; t < 9; t++) other.data()[x.offset(0, c, t)] = 7;
        Array y = lab.predict(x);
        Array changed = lab.predict(other);
        assertEquals("f32[N, 2, T]", lab.entry("predict").output("y").orElseThrow().value().type().toString());
        for (int f = 0; f < 2; f++) for (int t = 0; t < 5; t++) assertEquals(y.get(0, f, t), changed.get(0, f, t), "step " + t);
    }

    @ParameterizedTest
    @CsvSource({"1, 1, 3, 4, 5, 1, 3, 1, 0, 1", "2, 3, 5, 4, 7, 4, 3, 2, 1, 1", "1, 2, 7, 6, 5, 3, 2, 1, 1, 3", "1, 2, 1, 1, 1, 5, 1, 1, 0, 1"})
    void volumesAgreeWithLoops(int n, int c, int depth, int h, int w, int filters, int kernel, int stride, int pad, int dilation) {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, %d, %d, %d, %d]
                  out y = x |> Conv3d(%d, kernel: %d, stride: %d, pad: %d, dilation: %d)
                }
                """.formatted(c, depth, h, w, filters, kernel, stride, pad, dilation), 3);
        Array x = Lab.drawn(new Random(5), -1, 1, n, c, depth, h, w);
        Array k = lab.parameter(".K");
        Array y = Array.zeros(n, filters, places(depth, kernel, stride, pad, dilation), places(h, kernel, stride, pad, dilation), places(w, kernel, stride, pad, dilation));
        for (int m = 0; m < n; m++)
            for (int f = 0; f < filters; f++)
                for (int l = 0; l < y.shape()[2]; l++)
                    for (int i = 0; i < y.shape()[3]; i++)
                        for (int j = 0; j < y.shape()[4]; j++) {
                            double sum = lab.parameter(".b").get(f);
                            for (int d = 0; d < c; d++)
                                for (int t = 0; t < kernel; t++)
                                    for (int u = 0; u < kernel; u++)
                                        for (int v = 0; v < kernel; v++) {
                                            int q = stride * l + dilation * t - pad;
                                            int r = stride * i + dilation * u - pad;
                                            int s = stride * j + dilation * v - pad;
                                            boolean inside = q >= 0 && q < depth && r >= 0 && r < h && s >= 0 && s < w;
                                            if (inside) sum += x.get(m, d, q, r, s) * k.get(f, d, t, u, v);
                                        }
                            y.data()[y.offset(m, f, l, i, j)] = sum;
                        }
        Close.assertClose("conv3d", y, lab.predict(x));
    }

    /// Each pixel adds its multiple of the kernel where it falls.
    @ParameterizedTest
    @CsvSource({"1, 1, 3, 4, 1, 2, 2, 0, 0", "2, 3, 4, 3, 5, 3, 2, 1, 1", "1, 2, 5, 1, 3, 3, 1, 1, 0", "2, 2, 2, 3, 17, 4, 2, 1, 0", "1, 3, 3, 2, 2, 2, 3, 0, 2", "1, 1, 1, 1, 1, 1, 1, 0, 0"})
    void aTransposedConvolutionAgreesWithLoops(int n, int c, int h, int w, int filters, int kernel, int stride, int pad, int extra) {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, %d, %d, %d]
                  out y = x |> ConvTranspose2d(%d, kernel: %d, stride: %d, pad: %d, extra: %d)
                }
                """.formatted(c, h, w, filters, kernel, stride, pad, extra), 3);
        Array x = Lab.drawn(new Random(5), -1, 1, n, c, h, w);
        Array k = lab.parameter(".K");
        Array y = Array.zeros(n, filters, stride * (h - 1) + kernel - 2 * pad + extra, stride * (w - 1) + kernel - 2 * pad + extra);
        for (int at = 0; at < y.data().length; at++) y.data()[at] = lab.parameter(".b").get(at / (y.shape()[2] * y.shape()[3]) % filters);
        for (int m = 0; m < n; m++)
            for (int d = 0; d < c; d++)
                for (int r = 0; r < h; r++)
                    for (int s = 0; s < w; s++)
                        for (int f = 0; f < filters; f++)
                            for (int u = 0; u < kernel; u++)
                                for (int v = 0; v < kernel; v++) {
                                    int i = stride * r + u - pad;
                                    int j = stride * s + v - pad;
                                    boolean inside = i >= 0 && i < y.shape()[2] && j >= 0 && j < y.shape()[3];
                                    if (inside) y.data()[y.offset(m, f, i, j)] += x.get(m, d, r, s) * k.get(d, f, u, v);
                                }
        Close.assertClose("transposed", y, lab.predict(x));
    }

    @Test
    void zerosMayStandOnOneSideOnly() {
        var lab = Lab.of("network Net() { in x: f32[N, 1, 2, 2]  out y = x |> zero_pad2d(top: 1, right: 2) }", 1);
        Array x = new Array(new int[] {1, 1, 2, 2}, new double[] {1, 2, 3, 4});
        Close.assertClose("padded", new Array(new int[] {1, 1, 3, 4}, new double[] {0, 0, 0, 0, 1, 2, 0, 0, 3, 4, 0, 0}), lab.predict(x));
    }

    @Test
    void sameKeepsTheImageAndHalvesItWithStrideTwo() {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, 2, H, W]
                  out y = x |> Conv2d(3, kernel: 5, pad: same)
                  out half = x |> Conv2d(3, pad: same, stride: 2)
                }
                """, 1);
        var predict = lab.entry("predict");
        assertEquals("f32[N, 3, H, W]", predict.output("y").orElseThrow().value().type().toString());
        assertEquals("f32[N, 3, floor((H + 1) / 2), floor((W + 1) / 2)]", predict.output("half").orElseThrow().value().type().toString());
    }

    @Test
    void aConvolutionIsOneContraction() {
        for (String layer : List.of("Conv2d(4)", "Conv2d(4, groups: 2, stride: 2, pad: 1)", "Depthwise2d(bias: false)", "Depthwise2d(multiplier: 3)", "ConvTranspose2d(3)")) {
            var lab = Lab.of("network Net() { in x: f32[N, 2, 9, 9]  out y = x |> " + layer + " }", 1);
            List<Value> contractions = lab.entry("predict").live().stream().filter(v -> v.op() instanceof Contract).toList();
            assertEquals(1, contractions.size(), layer);
        }
    }
}
