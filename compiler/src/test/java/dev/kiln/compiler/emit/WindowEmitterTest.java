package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.kernel.WindowKey.Kind;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class WindowEmitterTest {
    /// An image and how a window moves over it. Rows of the arrays have gaps of three floats.
    record Image(int h, int w, int c, int kernelH, int kernelW, int stepH, int stepW, int dilationH, int dilationW, int padH, int padW) {
        int p() {
            return (h + 2 * padH - dilationH * (kernelH - 1) - 1) / stepH + 1;
        }

        int q() {
            return (w + 2 * padW - dilationW * (kernelW - 1) - 1) / stepW + 1;
        }

        int xRow() {
            return w * c + 3;
        }

        int yRow() {
            return q() * c + 3;
        }

        int x(int i, int j, int k) {
            return i * xRow() + j * c + k;
        }

        int y(int i, int j, int k) {
            return i * yRow() + j * c + k;
        }

        /// Small whole numbers, so that windows have ties.
        float[] values() {
            var random = new Random(11);
            float[] x = Figures.filled(h * xRow(), Float.NaN);
            for (int i = 0; i < h; i++) for (int j = 0; j < w; j++) for (int k = 0; k < c; k++) x[x(i, j, k)] = random.nextInt(4) - 2;
            return x;
        }

        float[] run(Kind kind, Width width, float[] x, float[] y, float[] d) {
            boolean forward = kind == Kind.MAX;
            float[] result = Figures.filled(forward ? p() * yRow() : h * xRow(), -7);
            for (int at = 0; at < (forward ? p() : h); at++)
                Kernels.run(new WindowKey(kind, dilationH != 1 || dilationW != 1), width, x, 0, forward ? result : y, 0, d, 0, result, 0, at, h, w, p(), q(), c,
                        kernelH, kernelW, stepH, stepW, dilationH, dilationW, padH, padW, xRow(), c, yRow(), c, yRow(), c, xRow(), c);
            return result;
        }

        /// The forward kinds and the gradients with plain loops.
        float[] expected(Kind kind, float[] x, float[] d) {
            float[] y = Figures.filled(p() * yRow(), -7);
            float[] e = Figures.filled(h * xRow(), -7);
            for (int i = 0; i < h; i++) Arrays.fill(e, i * xRow(), i * xRow() + w * c, 0);
            for (int i = 0; i < p(); i++) for (int j = 0; j < q(); j++) for (int k = 0; k < c; k++) {
                float max = Float.NEGATIVE_INFINITY;
                int first = -1;
                for (int u = 0; u < kernelH; u++) for (int v = 0; v < kernelW; v++) {
                    int row = i * stepH - padH + u * dilationH;
                    int column = j * stepW - padW + v * dilationW;
                    if (row < 0 || row >= h || column < 0 || column >= w) continue;
                    float value = x[x(row, column, k)];
                    if (value > max || first < 0) {
                        max = value;
                        first = x(row, column, k);
                    }
                }
                y[y(i, j, k)] = max;
                if (kind == Kind.MAX_GRADIENT && first >= 0) e[first] += d[y(i, j, k)];
            }
            return kind == Kind.MAX ? y : e;
        }
    }

    static Stream<Image> images() {
        return Stream.of(
                new Image(8, 8, 16, 2, 2, 2, 2, 1, 1, 0, 0),
                new Image(7, 5, 17, 3, 3, 2, 2, 1, 1, 1, 1),
                new Image(5, 7, 6, 3, 2, 1, 2, 1, 1, 1, 0),
                new Image(1, 9, 1, 1, 3, 1, 1, 1, 1, 0, 1),
                new Image(6, 6, 35, 2, 2, 3, 3, 1, 1, 0, 0),
                new Image(4, 4, 8, 4, 4, 1, 1, 1, 1, 0, 0),
                new Image(9, 8, 17, 3, 2, 1, 2, 2, 3, 2, 1),
                new Image(7, 9, 3, 2, 3, 2, 1, 3, 2, 1, 0));
    }

    @ParameterizedTest
    @MethodSource("images")
    void everyKindAgreesWithPlainLoopsAtEveryWidth(Image image) {
        float[] x = image.values();
        float[] d = Figures.random(12, image.p() * image.yRow());
        // sums of whole numbers are exact in any order; gradients are added in the order of windows
        for (int i = 0; i < d.length; i++) d[i] = Math.round(d[i] * 100);
        float[] y = image.expected(Kind.MAX, x, d);
        for (Kind kind : Kind.values())
            for (Width width : Width.values()) {
                float[] actual = image.run(kind, width, x, y, d);
                Figures.assertSameBits(image.expected(kind, x, d), actual, kind + " at " + width + " on " + image);
            }
    }

    @Test
    void aMaximumOverNaNIsNaN() {
        var image = new Image(2, 2, 16, 2, 2, 2, 2, 1, 1, 0, 0);
        float[] x = image.values();
        x[image.x(1, 0, 5)] = Float.NaN;
        for (Width width : Width.values()) assertTrue(Float.isNaN(image.run(Kind.MAX, width, x, x, x)[5]), "at " + width);
    }
}
