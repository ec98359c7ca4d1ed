package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.testkit.Close;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Pools against plain loops.
class PoolingTest {
    @ParameterizedTest
    @CsvSource({"2, 2, 0, 8, 6", "3, 2, 1, 7, 7", "3, 1, 1, 5, 4", "2, 3, 0, 17, 16", "1, 1, 0, 3, 1"})
    void poolsAgreeWithLoops(int kernel, int stride, int pad, int h, int w) {
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, 3, %d, %d]
                  out most  = x |> MaxPool2d(%3$d, stride: %4$d, pad: %5$d)
                  out mean  = x |> AvgPool2d(%3$d, stride: %4$d, pad: %5$d)
                  out seen  = x |> AvgPool2d(%3$d, stride: %4$d, pad: %5$d, count_pad: false)
                }
                """.formatted(h, w, kernel, stride, pad), 1);
        Array x = Lab.drawn(new Random(2), -1, 1, 2, 3, h, w);
        var outputs = lab.run("predict", Map.of("x", x)).outputs();
        int rows = (h + 2 * pad - kernel) / stride + 1;
        int columns = (w + 2 * pad - kernel) / stride + 1;
        Array most = Array.zeros(2, 3, rows, columns);
        Array mean = Array.zeros(2, 3, rows, columns);
        Array seen = Array.zeros(2, 3, rows, columns);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 3; c++)
                for (int i = 0; i < rows; i++)
                    for (int j = 0; j < columns; j++) {
                        double greatest = Double.NEGATIVE_INFINITY;
                        double sum = 0;
                        int count = 0;
                        for (int r = stride * i - pad; r < stride * i - pad + kernel; r++)
                            for (int s = stride * j - pad; s < stride * j - pad + kernel; s++)
                                if (r >= 0 && r < h && s >= 0 && s < w) {
                                    greatest = Math.max(greatest, x.get(n, c, r, s));
                                    sum += x.get(n, c, r, s);
                                    count++;
                                }
                        int at = most.offset(n, c, i, j);
                        most.data()[at] = greatest;
                        mean.data()[at] = sum / (kernel * kernel);
                        seen.data()[at] = sum / count;
                    }
        Close.assertClose("max", most, outputs.get("most"));
        Close.assertClose("mean", mean, outputs.get("mean"));
        Close.assertClose("mean of what is inside", seen, outputs.get("seen"));
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 0, 2, 7, 6", "3, 2, 1, 2, 7, 7", "3, 2, 1, 3, 5, 4", "2, 3, 0, 1, 17, 16", "4, 1, 2, 2, 3, 5"})
    void windowNormsAgreeWithLoops(int kernel, int stride, int pad, double p, int h, int w) {
        var lab = Lab.of("network Net() { in x: f32[N, 3, %d, %d]  out y = x |> LpPool2d(%d, p: %s, stride: %d, pad: %d) }".formatted(h, w, kernel, p, stride, pad), 1);
        Array x = Lab.drawn(new Random(2), -1, 1, 2, 3, h, w);
        Array y = Array.zeros(2, 3, (h + 2 * pad - kernel) / stride + 1, (w + 2 * pad - kernel) / stride + 1);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 3; c++)
                for (int i = 0; i < y.shape()[2]; i++)
                    for (int j = 0; j < y.shape()[3]; j++) {
                        double sum = 0;
                        for (int r = stride * i - pad; r < stride * i - pad + kernel; r++)
                            for (int s = stride * j - pad; s < stride * j - pad + kernel; s++)
                                if (r >= 0 && r < h && s >= 0 && s < w) sum += Math.pow(Math.abs(x.get(n, c, r, s)), p);
                        y.data()[y.offset(n, c, i, j)] = Math.pow(sum + 1e-12, 1 / p);
                    }
        Close.assertClose("norm", y, lab.predict(x));
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 0, 8", "3, 2, 1, 7", "3, 1, 1, 1", "2, 3, 0, 17", "4, 2, 2, 15", "1, 1, 0, 1"})
    void poolsOfSignalsAgreeWithLoops(int kernel, int stride, int pad, int size) {
        Array x = drawn(size);
        var outputs = pooled("MaxPool1d", "AvgPool1d", String.valueOf(size), kernel, stride, pad, x);
        int steps = (size + 2 * pad - kernel) / stride + 1;
        Array most = Array.zeros(2, 3, steps);
        Array mean = Array.zeros(2, 3, steps);
        Array seen = Array.zeros(2, 3, steps);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 3; c++)
                for (int t = 0; t < steps; t++) {
                    double greatest = Double.NEGATIVE_INFINITY;
                    double sum = 0;
                    int count = 0;
                    for (int at = Math.max(0, stride * t - pad); at < Math.min(size, stride * t - pad + kernel); at++) {
                        greatest = Math.max(greatest, x.get(n, c, at));
                        sum += x.get(n, c, at);
                        count++;
                    }
                    most.data()[most.offset(n, c, t)] = greatest;
                    mean.data()[most.offset(n, c, t)] = sum / kernel;
                    seen.data()[most.offset(n, c, t)] = sum / count;
                }
        Close.assertClose("max", most, outputs.get("most"));
        Close.assertClose("mean", mean, outputs.get("mean"));
        Close.assertClose("mean of what is inside", seen, outputs.get("seen"));
    }

    @ParameterizedTest
    @CsvSource({"2, 2, 0, 4, 3, 5", "3, 2, 1, 5, 4, 3", "2, 1, 1, 1, 2, 3", "1, 1, 0, 1, 1, 1"})
    void poolsOfVolumesAgreeWithLoops(int kernel, int stride, int pad, int depth, int h, int w) {
        Array x = drawn(depth, h, w);
        var outputs = pooled("MaxPool3d", "AvgPool3d", "%d, %d, %d".formatted(depth, h, w), kernel, stride, pad, x);
        Array most = Array.zeros(2, 3, (depth + 2 * pad - kernel) / stride + 1, (h + 2 * pad - kernel) / stride + 1, (w + 2 * pad - kernel) / stride + 1);
        Array mean = Array.zeros(most.shape());
        Array seen = Array.zeros(most.shape());
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 3; c++)
                for (int l = 0; l < most.shape()[2]; l++)
                    for (int i = 0; i < most.shape()[3]; i++)
                        for (int j = 0; j < most.shape()[4]; j++) {
                            double greatest = Double.NEGATIVE_INFINITY;
                            double sum = 0;
                            int count = 0;
                            for (int q = Math.max(0, stride * l - pad); q < Math.min(depth, stride * l - pad + kernel); q++)
                                for (int r = Math.max(0, stride * i - pad); r < Math.min(h, stride * i - pad + kernel); r++)
                                    for (int s = Math.max(0, stride * j - pad); s < Math.min(w, stride * j - pad + kernel); s++) {
                                        greatest = Math.max(greatest, x.get(n, c, q, r, s));
                                        sum += x.get(n, c, q, r, s);
                                        count++;
                                    }
                            int at = most.offset(n, c, l, i, j);
                            most.data()[at] = greatest;
                            mean.data()[at] = sum / Math.pow(kernel, 3);
                            seen.data()[at] = sum / count;
                        }
        Close.assertClose("max", most, outputs.get("most"));
        Close.assertClose("mean", mean, outputs.get("mean"));
        Close.assertClose("mean of what is inside", seen, outputs.get("seen"));
    }

    private static Array drawn(int... places) {
        int[] shape = IntStream.concat(IntStream.of(2, 3), IntStream.of(places)).toArray();
        return Lab.drawn(new Random(2), -1, 1, shape);
    }

    private static Map<String, Array> pooled(String greatest, String average, String places, int kernel, int stride, int pad, Array x) {
        return Lab.of("""
                network Net() {
                  in x: f32[N, 3, %1$s]
                  out most  = x |> %2$s(%4$d, stride: %5$d, pad: %6$d)
                  out mean  = x |> %3$s(%4$d, stride: %5$d, pad: %6$d)
                  out seen  = x |> %3$s(%4$d, stride: %5$d, pad: %6$d, count_pad: false)
                }
                """.formatted(places, greatest, average, kernel, stride, pad), 1).run("predict", Map.of("x", x)).outputs();
    }

    /// Of equal greatest values the first of a window takes the whole gradient, in every kind of pool.
    @ParameterizedTest
    @CsvSource({"MaxPool1d(2), '4'", "'MaxPool1d(3, stride: 1, pad: 1)', '4'", "MaxPool2d(2), '2, 2'", "MaxPool3d(2), '2, 2, 2'"})
    void amongEqualsTheFirstTakesTheGradient(String pool, String places) {
        var lab = Lab.of("""
                network Net() { in x: f32[N, 1, %s]  param shift: f32[%s] init 0  y = (x + shift) |> %s  out y }
                train Net { loss sum(y)  optimizer SGD(1) }
                """.formatted(places, places, pool), 1);
        int[] sizes = Arrays.stream(places.split(", ")).mapToInt(Integer::parseInt).toArray();
        Array x = Array.zeros(IntStream.concat(IntStream.of(1, 1), IntStream.of(sizes)).toArray());
        var run = Interpreter.run(Differentiate.of(lab.entry("train")), Map.of("x", x), Map.of("shift", Array.zeros(sizes)), 7, 1);
        double[] taken = pool.equals("MaxPool1d(2)") ? new double[] {1, 0, 1, 0} : pool.startsWith("MaxPool1d") ? new double[] {2, 1, 1, 0} : Arrays.copyOf(new double[] {1}, x.data().length);
        Close.assertClose("gradient", new Array(sizes, Arrays.stream(taken).map(v -> -v).toArray()), run.updates().get("shift"));
    }

    @Test
    void globalPoolsTakeAllPlacesAway() {
        var lab = Lab.of("network Net() { in x: f32[N, 2, H, W]  out mean = average_all(x)  out most = max_all(x) }", 1);
        Array x = new Array(new int[] {1, 2, 1, 3}, new double[] {1, 2, 6, -1, -2, -3});
        var outputs = lab.run("predict", Map.of("x", x)).outputs();
        Close.assertClose("mean", new Array(new int[] {1, 2}, new double[] {3, -2}), outputs.get("mean"));
        Close.assertClose("max", new Array(new int[] {1, 2}, new double[] {6, -1}), outputs.get("most"));
    }

    @Test
    void aWindowThatDoesNotFitAtTheEndIsLeftOut() {
        var lab = Lab.of("network Net() { in x: f32[N, 1, 5, 5]  out y = x |> MaxPool2d(2) }", 1);
        assertEquals("f32[N, 1, 2, 2]", lab.entry("predict").output("y").orElseThrow().value().type().toString());
    }
}
