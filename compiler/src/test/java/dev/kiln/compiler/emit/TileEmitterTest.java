package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TileEmitterTest {
    /// A problem that a tile solves: strides that leave gaps, and NaN in every gap.
    record Problem(TileKey key, int k, int r, int q) {
        static final int OFFSET = 12;

        int aRow() {
            return key.aRow().orElse(k * r * q + 3);
        }

        int panels() {
            return Math.ceilDiv(key.columns(), TileKey.PANEL);
        }

        float[] a() {
            return Figures.random(1, OFFSET + key.rows() * Math.max(aRow(), k * r * q + 3));
        }

        float[] b() {
            return Figures.random(2, OFFSET + panels() * TileKey.PANEL * k * r * q);
        }

        float[] s() {
            return Figures.random(3, OFFSET + key.columns());
        }

        int cRow() {
            return key.columns() + 5;
        }

        float[] residual() {
            return Figures.random(4, OFFSET + key.rows() * cRow());
        }

        float[] initial() {
            return Figures.random(5, OFFSET + key.rows() * cRow());
        }

        float[] run(Width width) {
            float[] c = initial();
            Kernels.run(key, width, k, a(), OFFSET, b(), OFFSET, c, OFFSET, s(), OFFSET, residual(), OFFSET,
                    key.aRow().isPresent() ? -99 : aRow(), 1, 32, 32 * k * r * q, cRow(), cRow(), r, k, 32 * k, q, k * r, 32 * k * r);
            return c;
        }

        /// The same with plain loops.
        float[] expected() {
            float[] a = a();
            float[] b = b();
            float[] c = initial();
            for (int i = 0; i < key.rows(); i++)
                for (int j = 0; j < key.columns(); j++) {
                    int at = OFFSET + i * cRow() + j;
                    float sum = start(i, j);
                    for (int t = 0; t < k * r * q; t++)
                        sum = Math.fma(a[OFFSET + i * aRow() + t], b[OFFSET + (j / 32) * 32 * k * r * q + t * 32 + j % 32], sum);
                    c[at] = act(key.start() == Start.BIAS_RESIDUAL ? sum + residual()[at] : sum);
                }
            return c;
        }

        private float start(int i, int j) {
            float s = s()[OFFSET + j];
            float r = residual()[OFFSET + i * cRow() + j];
            return switch (key.start()) {
                case ZERO -> 0;
                case BIAS, BIAS_RESIDUAL -> s;
                case RESIDUAL -> r;
            };
        }

        private float act(float x) {
            return switch (key.act()) {
                case Act.None _ -> x;
                case Act.Relu _ -> x < 0 ? 0 : x;
                case Act.Clip(float low, float high) -> x < low ? low : x > high ? high : x;
                case Act.Scale(float f) -> x * f;
            };
        }
    }

    static Stream<Problem> problems() {
        var problems = new ArrayList<Problem>();
        for (int rows = 1; rows <= 14; rows++) problems.add(new Problem(TileKey.of(rows, 32, Start.ZERO, Act.NONE), 7, 1, 1));
        for (int rows : List.of(1, 3, 6, 7, 11)) problems.add(new Problem(TileKey.of(rows, 16, Start.BIAS, Act.RELU).withWindows(), 17, 3, 2));
        for (int rows = 1; rows <= 14; rows++) problems.add(new Problem(TileKey.of(rows, 24, Start.BIAS_RESIDUAL, Act.RELU), 9, 1, 1));
        for (int rows : List.of(2, 7, 12)) problems.add(new Problem(TileKey.of(rows, 24, Start.BIAS, Act.NONE).withRowStride(13).withWindows(), 5, 2, 2));
        for (int rows = 1; rows <= 4; rows++) problems.add(new Problem(TileKey.of(rows, 64, Start.BIAS_RESIDUAL, Act.NONE).withWindows(), 5, 2, 1));
        for (int rows = 1; rows <= 2; rows++) problems.add(new Problem(TileKey.of(rows, 128, Start.BIAS, new Act.Scale(0.25f)).withWindows(), 3, 1, 1));
        for (Start start : Start.values()) problems.add(new Problem(TileKey.of(5, 32, start, new Act.Clip(-1, 6)), 1, 1, 1));
        problems.add(new Problem(TileKey.of(14, 32, Start.RESIDUAL, Act.RELU).withRowStride(40).withWindows(), 13, 3, 1));
        problems.add(new Problem(TileKey.of(14, 32, Start.BIAS, Act.RELU).withRowStride(13), 13, 1, 1));
        problems.add(new Problem(TileKey.of(12, 32, Start.BIAS, Act.NONE), 0, 1, 1));
        problems.add(new Problem(TileKey.of(12, 32, Start.BIAS, Act.NONE).withWindows(), 0, 2, 2));
        return problems.stream();
    }

    @ParameterizedTest
    @MethodSource("problems")
    void everyWidthGivesTheBitsOfThePlainLoops(Problem problem) {
        for (Width width : Width.values()) Figures.assertSameBits(problem.expected(), problem.run(width), problem.key() + " at " + width);
    }

    @Test
    void rowsOfTheResultMayBeColumnsOfAWithAnyStep() {
        // the weight gradient: a is read down its columns (aRow = 1, aStep = its row), b lies as rows of 48, and the sum goes on in c
        TileKey key = TileKey.of(6, 32, Start.RESIDUAL, Act.NONE);
        float[] a = Figures.random(7, 6 * 19);
        float[] b = Figures.random(8, 48 * 19);
        float[] expected = Figures.random(9, 6 * 32);
        for (int i = 0; i < 6; i++)
            for (int j = 0; j < 32; j++)
                for (int k = 0; k < 19; k++) expected[i * 32 + j] = Math.fma(a[k * 6 + i], b[k * 48 + 16 + j], expected[i * 32 + j]);
        for (Width width : Width.values()) {
            float[] c = Figures.random(9, 6 * 32);
            Kernels.run(key, width, 19, a, 0, b, 16, c, 0, c, 0, c, 0, 1, 6, 48, 32, 32, 32, 1, 0, 0, 1, 0, 0);
            Figures.assertSameBits(expected, c, "at " + width);
        }
    }

    @Test
    void everyActLetsNaNThrough() {
        for (Act act : List.of(Act.NONE, Act.RELU, new Act.Clip(0, 6), new Act.Scale(2)))
            for (Width width : Width.values())
                for (int nan : new int[] {0x7FC00000, 0xFFC00000}) {
                    float[] c = Figures.filled(16, Float.intBitsToFloat(nan));
                    Kernels.run(TileKey.of(1, 16, Start.RESIDUAL, act), width, 0, c, 0, c, 0, c, 0, c, 0, c, 0, 0, 1, 32, 32, 16, 16, 1, 0, 0, 1, 0, 0);
                    for (float x : c) assertTrue(Float.isNaN(x), act + " at " + width);
                }
    }

    @Test
    void rowGroupsAreNearlyEqual() {
        assertEquals(List.of(new RowGroup(0, 5, 1), new RowGroup(5, 4, 2)), RowGroup.cover(13, 6));
        assertEquals(List.of(new RowGroup(0, 6, 2)), RowGroup.cover(12, 6));
        assertEquals(List.of(new RowGroup(0, 1, 1)), RowGroup.cover(1, 6));
        assertEquals(List.of(new RowGroup(0, 2, 3), new RowGroup(6, 1, 1)), RowGroup.cover(7, 2));
    }
}
