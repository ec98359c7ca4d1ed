package dev.kiln.compiler.emit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;

/// Arrays for tests.
final class Figures {
    private Figures() {}

    static float[] random(long seed, int size) {
        var random = new Random(seed);
        float[] x = new float[size];
        for (int i = 0; i < size; i++) x[i] = random.nextFloat() * 4 - 2;
        return x;
    }

    static float[] filled(int size, float value) {
        float[] x = new float[size];
        java.util.Arrays.fill(x, value);
        return x;
    }

    /// Equal to the bit; NaN is one value.
    static void assertSameBits(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what);
        for (int i = 0; i < expected.length; i++)
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i]))
                assertEquals(expected[i], actual[i], what + " at " + i);
    }
}
