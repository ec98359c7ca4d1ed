package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InitialiserTest {
    private static final int N = 100_000;

    @Test
    void momentsAreThoseAskedFor() {
        moments(new Initialiser.Uniform(-2, 4), 1, 3);
        moments(new Initialiser.Normal(5, 4), 5, 4);
        moments(new Initialiser.TruncatedNormal(-1, 4), -1, 4 * 0.7737);
        moments(new Initialiser.Constant(3), 3, 0);
    }

    private static void moments(Initialiser init, double mean, double variance) {
        float[] values = init.values(1, "p", 100, 1000);
        double sum = 0, squares = 0;
        for (float v : values) sum += v;
        for (float v : values) squares += (v - sum / N) * (v - sum / N);
        assertEquals(mean, sum / N, 0.02 * Math.sqrt(variance));
        assertEquals(variance, squares / N, 0.02 * variance);
    }

    @Test
    void boundsAreKept() {
        for (float v : new Initialiser.Uniform(-0.25f, 0.5f).values(1, "p", N)) assertTrue(v >= -0.25f && v < 0.5f);
        for (float v : new Initialiser.TruncatedNormal(0, 0.25f).values(1, "p", N)) assertTrue(Math.abs(v) <= 1);
    }

    @Test
    void seedAndNameAloneDecide() {
        for (Initialiser init : List.of(new Initialiser.Uniform(0, 1), new Initialiser.Normal(0, 1), new Initialiser.TruncatedNormal(0, 1), new Initialiser.Orthogonal(1))) {
            float[] values = init.values(7, "dense.W", 5, 6);
            assertArrayEquals(values, init.values(7, "dense.W", 5, 6));
            assertFalse(Arrays.equals(values, init.values(8, "dense.W", 5, 6)));
            assertFalse(Arrays.equals(values, init.values(7, "dense.V", 5, 6)));
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "5, 5", "3, 17", "31, 2", "16, 16", "0, 3"})
    void orthogonalRowsOrColumnsHaveTheLengthOfTheGain(int rows, int columns) {
        float[] q = new Initialiser.Orthogonal(2).values(1, "q", rows, columns);
        boolean wide = rows <= columns;
        int count = Math.min(rows, columns), length = Math.max(rows, columns);
        for (int a = 0; a < count; a++) {
            for (int b = 0; b < count; b++) {
                double dot = 0;
                for (int i = 0; i < length; i++) dot += (double) (wide ? q[a * columns + i] : q[i * columns + a]) * (wide ? q[b * columns + i] : q[i * columns + b]);
                assertEquals(a == b ? 4 : 0, dot, 1e-5);
            }
        }
    }

    @Test
    void aVectorCannotBeOrthogonal() {
        assertThrows(ShapeException.class, () -> new Initialiser.Orthogonal(1).values(1, "v", 3));
    }
}
