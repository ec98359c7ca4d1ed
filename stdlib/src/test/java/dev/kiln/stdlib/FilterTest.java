package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Fixed filters against a loop over pixels and taps.
class FilterTest {
    private static final double[][] SOBEL_X = {{-1, 0, 1}, {-2, 0, 2}, {-1, 0, 1}};
    private static final double[][] SOBEL_Y = {{-1, -2, -1}, {0, 0, 0}, {1, 2, 1}};

    private static double at(Array x, double[][] kernel, int n, int c, int i, int j) {
        double sum = 0;
        for (int u = 0; u < kernel.length; u++)
            for (int v = 0; v < kernel[0].length; v++) {
                int row = i + u - kernel.length / 2;
                int column = j + v - kernel[0].length / 2;
                if (row >= 0 && row < x.shape()[2] && column >= 0 && column < x.shape()[3]) sum += x.get(n, c, row, column) * kernel[u][v];
            }
        return sum;
    }

    private static double[][] bell(double sigma, int size) {
        double[][] kernel = new double[size][size];
        double sum = 0;
        for (int i = 0; i < size; i++)
            for (int j = 0; j < size; j++) {
                kernel[i][j] = Math.exp(-(Math.pow(i - size / 2, 2) + Math.pow(j - size / 2, 2)) / (2 * sigma * sigma));
                sum += kernel[i][j];
            }
        for (double[] row : kernel) for (int j = 0; j < size; j++) row[j] /= sum;
        return kernel;
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 5", "6, 7", "3, 2"})
    void filtersEqualAPlainLoop(int h, int w) {
        Array x = Lab.drawn(new Random(5), -1, 1, 2, 2, h, w);
        check("sobel_x", x, SOBEL_X);
        check("sobel_y", x, SOBEL_Y);
        check("laplacian", x, new double[][] {{0, 1, 0}, {1, -4, 1}, {0, 1, 0}});
        check("gaussian(sigma: 0.8)", x, bell(0.8, 7));
        check("gaussian(sigma: 2, size: 5)", x, bell(2, 5));
        check("filter(k: [[1, 2, 3, 4, 5]])", x, new double[][] {{1, 2, 3, 4, 5}});
        Array length = predict("sobel", x);
        for (int i = 0; i < h; i++) for (int j = 0; j < w; j++) assertEquals(Math.hypot(at(x, SOBEL_X, 1, 0, i, j), at(x, SOBEL_Y, 1, 0, i, j)), length.get(1, 0, i, j), 1e-9);
    }

    private static Array predict(String filter, Array x) {
        return Lab.of("network Net() { in x: f32[N, 2, %d, %d]  out y = x |> %s }".formatted(x.shape()[2], x.shape()[3], filter), 1).predict(x);
    }

    private static void check(String filter, Array x, double[][] kernel) {
        Array y = predict(filter, x);
        for (int n = 0; n < 2; n++)
            for (int c = 0; c < 2; c++)
                for (int i = 0; i < x.shape()[2]; i++) for (int j = 0; j < x.shape()[3]; j++) assertEquals(at(x, kernel, n, c, i, j), y.get(n, c, i, j), 1e-7, filter);
    }
}
