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
    @CsvSource({"1, 3, 1, 0", "3, 2, 2, 1", "2, 5, 3, 1"})
    void depthwiseIsAConvolutionWithAGroupForEachChannel(int c, int kernel, int stride, int pad) {
        var depthwise = Lab.of("""
                network Net() {
                  in x: f32[N, %d, 9, 7]
                  out y = x |> Depthwise2d(kernel: %d, stride: %d, pad: %d)
                }
                """.formatted(c, kernel, stride, pad), 11);
        Array k = depthwise.parameter(".K");
        Array x = Lab.drawn(new Random(6), -1, 1, 2, c, 9, 7);
        Close.assertClose("depthwise", convolution(x, new Array(new int[] {c, 1, kernel, kernel}, k.data()), depthwise.parameter(".b").data(), stride, pad, 1, c), depthwise.predict(x));
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
        for (String layer : List.of("Conv2d(4)", "Conv2d(4, groups: 2, stride: 2, pad: 1)", "Depthwise2d(bias: false)")) {
            var lab = Lab.of("network Net() { in x: f32[N, 2, 9, 9]  out y = x |> " + layer + " }", 1);
            List<Value> contractions = lab.entry("predict").live().stream().filter(v -> v.op() instanceof Contract).toList();
            assertEquals(1, contractions.size(), layer);
        }
    }
}
