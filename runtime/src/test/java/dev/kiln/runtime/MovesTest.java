package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class MovesTest {
    @Property
    void aCopyMovesEachElement(
            @ForAll @IntRange(max = 9) int rows, @ForAll @IntRange(max = 35) int columns, @ForAll @IntRange(min = 1, max = 3) int dstStep,
            @ForAll @IntRange(min = 1, max = 3) int srcStep, @ForAll boolean dstTransposed, @ForAll boolean srcTransposed) {
        int[] d = strides(rows, columns, dstStep, dstTransposed);
        int[] s = strides(rows, columns, srcStep, srcTransposed);
        float[] src = ramp(1000);
        float[] dst = new float[3000];
        Moves.copy(dst, 5, d[0], d[1], src, 2, s[0], s[1], rows, columns);
        float[] expected = new float[3000];
        for (int i = 0; i < rows; i++) {
            for (int j = 0; j < columns; j++) expected[5 + i * d[0] + j * d[1]] = src[2 + i * s[0] + j * s[1]];
        }
        assertArrayEquals(expected, dst);
        int[] ints = new int[1000];
        for (int i = 0; i < ints.length; i++) ints[i] = Float.floatToRawIntBits(src[i]);
        float[] fromInts = new float[3000];
        Moves.copyFromInts(fromInts, 5, d[0], d[1], ints, 2, s[0], s[1], rows, columns);
        assertArrayEquals(expected, fromInts);
        int[] toInts = new int[3000];
        Moves.copyToInts(toInts, 5, d[0], d[1], src, 2, s[0], s[1], rows, columns);
        for (int i = 0; i < toInts.length; i++) assertEquals(Float.floatToRawIntBits(expected[i]), toInts[i]);
    }

    private static int[] strides(int rows, int columns, int step, boolean transposed) {
        return transposed ? new int[] {step, step * rows} : new int[] {step * columns, step};
    }

    @Property
    void unpackingUndoesPacking(@ForAll @IntRange(max = 40) int k, @ForAll @IntRange(max = 70) int n, @ForAll boolean transposed) {
        float[] src = ramp(k * n);
        float[] packed = new float[12 + Moves.packedSize(k, n)];
        Arrays.fill(packed, Float.NaN);
        int row = transposed ? 1 : n, column = transposed ? k : 1;
        Moves.pack(packed, 12, src, 0, row, column, k, n);
        for (int i = 0; i < k; i++) {
            for (int j = 0; j < Moves.panels(n) * 32; j++) {
                assertEquals(j < n ? src[i * row + j * column] : 0, packed[12 + j / 32 * k * 32 + i * 32 + j % 32]);
            }
        }
        float[] back = new float[k * n];
        Moves.unpack(back, 0, row, column, packed, 12, k, n);
        assertArrayEquals(src, back);
    }

    @Test
    void intsOfEveryPatternSurviveTheDoor() {
        int[] ints = {0, 1, -1, 0x7F800001, 0xFFC00001, 0x7FC00000, Integer.MIN_VALUE, Integer.MAX_VALUE};
        float[] bits = new float[8];
        Moves.copyFromInts(bits, 0, 0, 1, ints, 0, 0, 1, 1, 8);
        int[] back = new int[8];
        Moves.copyToInts(back, 0, 0, 1, bits, 0, 0, 1, 1, 8);
        assertArrayEquals(ints, back);
    }

    @Test
    void aFillTouchesItsRectangleOnly() {
        float[] dst = new float[12];
        Moves.fill(dst, 1, 4, 1, 2, 2, 3);
        assertArrayEquals(new float[] {0, 3, 3, 0, 0, 3, 3, 0, 0, 0, 0, 0}, dst);
        Moves.fill(dst, 0, 1, 6, 1, 2, 9);
        assertArrayEquals(new float[] {9, 3, 3, 0, 0, 3, 9, 0, 0, 0, 0, 0}, dst);
    }

    /// Three images of five rows; before and behind each row stand two zeros, whatever the cut of the tasks.
    @Test
    void anyCutOfTheTasksFillsTheBorderOnce() {
        for (int tasks : new int[] {1, 2, 7, 15, 16, 64}) {
            for (int cut : new int[] {1, 3, 17, 64}) {
                float[] dst = new float[3 * 5 * 10];
                Arrays.fill(dst, 1);
                for (int from = 0; from < tasks; from += cut) {
                    int to = Math.min(tasks, from + cut);
                    Moves.border(dst, 0, 2, from, to, tasks, 0, 3, 50, 5, 10);
                    Moves.border(dst, 8, 2, from, to, tasks, 1, 3, 50, 5, 10);
                }
                for (int i = 0; i < dst.length; i++) assertEquals(i % 10 < 2 || i % 10 > 7 ? 0 : 1, dst[i], "element " + i + " of " + tasks + " tasks, " + cut + " at a time");
            }
        }
    }

    /// What stands before everything belongs to the first task, what stands behind it to the last.
    @Test
    void aSingleRunOfTheBorderStandsBesideItsTask() {
        float[] dst = {1, 1, 1, 1};
        Moves.border(dst, 0, 2, 1, 7, 7, 0, 1, 0, 1, 0);
        Moves.border(dst, 2, 2, 0, 6, 7, 1, 1, 0, 1, 0);
        assertArrayEquals(new float[] {1, 1, 1, 1}, dst);
        Moves.border(dst, 0, 2, 0, 1, 7, 0, 1, 0, 1, 0);
        Moves.border(dst, 2, 2, 6, 7, 7, 1, 1, 0, 1, 0);
        assertArrayEquals(new float[] {0, 0, 0, 0}, dst);
    }

    @Test
    void aroundNothingStandZeros() {
        float[] dst = {1, 1, 1};
        Moves.border(dst, 1, 2, 0, 0, 0, 1, 1, 0, 1, 0);
        assertArrayEquals(new float[] {1, 0, 0}, dst);
    }

    private static float[] ramp(int n) {
        float[] values = new float[n];
        for (int i = 0; i < n; i++) values[i] = i + 1;
        return values;
    }
}
