package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.runtime.Width;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Transforms against the two matrix products in double, with gaps between rows and with channels that fill no vector.
class TransformEmitterTest {
    private static final double[][] B = {{4, 0, -5, 0, 1, 0}, {0, -4, -4, 1, 1, 0}, {0, 4, -4, -1, 1, 0}, {0, -2, -1, 2, 1, 0}, {0, 2, -1, -2, 1, 0}, {0, 4, 0, -5, 0, 1}};
    private static final double[][] G = {
        {1 / 4.0, 0, 0, 0, 0},
        {-1 / 6.0, -1 / 6.0, -1 / 6.0, -1 / 6.0, -1 / 6.0},
        {-1 / 6.0, 1 / 6.0, -1 / 6.0, 1 / 6.0, -1 / 6.0},
        {1 / 24.0, 1 / 12.0, 1 / 6.0, 1 / 3.0, 2 / 3.0},
        {1 / 24.0, -1 / 12.0, 1 / 6.0, -1 / 3.0, 2 / 3.0}
    };
    private static final double[][] A = {{1, 1, 1, 1, 1}, {0, 1, -1, 2, -2}, {0, 1, 1, 4, 4}, {0, 1, -1, 8, -8}, {0, 1, 1, 16, 16}};
    private static final float UNTOUCHED = -77;

    private interface Tile {
        double at(int i, int j);
    }

    /// As many columns as taps; of a filter the point at infinity is the last tap.
    private static double[][] filter(int taps) {
        var matrix = new double[6][taps];
        for (int i = 0; i < 5; i++) System.arraycopy(G[i], 0, matrix[i], 0, taps);
        matrix[5][taps - 1] = 1;
        return matrix;
    }

    /// As many rows as results; the product at infinity counts in the last.
    private static double[][] result(int taps) {
        var matrix = new double[7 - taps][6];
        for (int k = 0; k < matrix.length; k++) System.arraycopy(A[k], 0, matrix[k], 0, 5);
        matrix[6 - taps][5] = 1;
        return matrix;
    }

    /// `(M·x·Mᵀ)[i, j]`
    private static double transformed(double[][] matrix, Tile x, int i, int j) {
        double sum = 0;
        for (int d = 0; d < matrix[0].length; d++) for (int e = 0; e < matrix[0].length; e++) sum += matrix[i][d] * matrix[j][e] * x.at(d, e);
        return sum;
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "7, 3", "16, 3", "17, 5", "35, 3", "64, 5", "19, 2", "33, 4"})
    void filtersAreTransformed(int c, int taps) {
        int row = taps * c + 5;
        int plane = c + 3;
        float[] w = Figures.random(1, taps * row);
        float[] scalar = null;
        for (Width width : Width.values()) {
            float[] u = Figures.filled(36 * plane, UNTOUCHED);
            Kernels.run(TransformKey.filter(taps), width, w, 0, u, 0, c, row, c, plane);
            for (int i = 0; i < 36; i++)
                for (int k = 0; k < plane; k++) {
                    int channel = k;
                    double expected = k < c ? transformed(filter(taps), (r, s) -> w[r * row + s * c + channel], i / 6, i % 6) : UNTOUCHED;
                    assertEquals(expected, u[i * plane + k], 1e-6, "product %d, channel %d at %s".formatted(i, k, width));
                }
            scalar = sameBits(scalar, u, width);
        }
    }

    /// Tiles inside, over each border and beyond a whole image.
    @ParameterizedTest
    @ValueSource(ints = {1, 8, 19, 48})
    void inputsAreTransformedWithZerosAround(int c) {
        int plane = 2 * c;
        for (int[] place : new int[][] {{0, 0, 7, 9}, {1, 3, 7, 9}, {-1, -2, 7, 9}, {4, 5, 7, 9}, {-1, -1, 2, 3}, {2, -1, 8, 4}}) {
            int top = place[0];
            int left = place[1];
            int height = place[2];
            int across = place[3];
            int row = across * c + 3;
            float[] x = Figures.random(2, height * row);
            float[] scalar = null;
            for (Width width : Width.values()) {
                float[] v = Figures.filled(36 * plane, UNTOUCHED);
                Kernels.run(TransformKey.input(), width, x, 0, v, 0, Figures.filled(36 * c, Float.NaN), 0, c, height, across, top, left, row, c, plane);
                for (int i = 0; i < 36; i++)
                    for (int k = 0; k < plane; k++) {
                        int channel = k;
                        Tile tile = (d, e) -> top + d < 0 || top + d >= height || left + e < 0 || left + e >= across ? 0 : x[(top + d) * row + (left + e) * c + channel];
                        double expected = k < c ? transformed(B, tile, i / 6, i % 6) : UNTOUCHED;
                        assertEquals(expected, v[i * plane + k], 1e-4, "product %d, channel %d from %d, %d at %s".formatted(i, k, top, left, width));
                    }
                scalar = sameBits(scalar, v, width);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 3", "8, 5", "19, 3", "48, 5", "17, 2", "16, 4"})
    void resultsStartAndEndAsTheySay(int c, int taps) {
        int results = 7 - taps;
        int plane = c + 1;
        int row = results * c + 2;
        float[] m = Figures.random(3, 36 * plane);
        float[] s = Figures.random(4, c);
        float[] r = Figures.random(5, results * row);
        for (Start start : Start.values())
            for (Act act : new Act[] {Act.NONE, Act.RELU, new Act.Clip(-1, 6)})
                for (int[] part : new int[][] {{results, results}, {7, 6}, {1, results}, {results - 1, 1}}) {
                    float[] scalar = null;
                    for (Width width : Width.values()) {
                        float[] y = Figures.filled(results * row, UNTOUCHED);
                        Kernels.run(TransformKey.output(taps, start, act), width, m, 0, y, 0, s, 0, r, 0, c, part[0], part[1], plane, row, c, row, c);
                        for (int k = 0; k < y.length; k++) {
                            int i = k / row;
                            int j = k % row / c;
                            int channel = k % row % c;
                            double sum = j >= results ? 0 : transformed(result(taps), (d, e) -> m[(6 * d + e) * plane + channel], i, j) + (start.readsBias() ? s[channel] : 0) + (start.readsResidual() ? r[k] : 0);
                            double ended = switch (act) {
                                case Act.Relu _ -> Math.max(sum, 0);
                                case Act.Clip(float low, float high) -> Math.clamp(sum, low, high);
                                default -> sum;
                            };
                            assertEquals(i < part[0] && j < Math.min(part[1], results) ? ended : UNTOUCHED, y[k], 2e-3, "%s %s pixel %d, %d at %s".formatted(start, act, i, j, width));
                        }
                        scalar = sameBits(scalar, y, width);
                    }
                }
    }

    @Test
    void notANumberGoesThroughARelu() {
        float[] m = Figures.filled(36 * 16, 1);
        m[3] = Float.NaN;
        for (Width width : Width.values()) {
            float[] y = Figures.filled(16 * 16, 0);
            Kernels.run(TransformKey.output(3, Start.ZERO, Act.RELU), width, m, 0, y, 0, y, 0, y, 0, 16, 4, 4, 16, 64, 16, 0, 0);
            assertTrue(Float.isNaN(y[3]), "at " + width);
        }
    }

    private static float[] sameBits(float[] scalar, float[] found, Width width) {
        if (scalar != null) Figures.assertSameBits(scalar, found, "bits at " + width);
        return scalar == null ? found : scalar;
    }
}
