package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.Map;
import java.util.Random;
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
