package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class BareArrayTest {
    private static final String[] DIMS = {"N", "H"};

    private static int[] shape(int length, int... door) {
        return BareArray.shape("Net.predict", new Door("x", Door.Kind.FLOAT, door), DIMS, length);
    }

    private static String refusal(int length, int... door) {
        return assertThrows(ShapeException.class, () -> shape(length, door)).getMessage();
    }

    @Test
    void theFirstExtentFollowsFromTheLength() {
        assertArrayEquals(new int[] {17, 1, 28, 28}, shape(17 * 784, -1, 1, 28, 28));
        assertArrayEquals(new int[] {1, 784}, shape(784, -1, 784));
        assertArrayEquals(new int[] {13}, shape(13, -1));
        assertArrayEquals(new int[] {0, 3}, shape(0, -1, 3));
    }

    @Test
    void fixedShapesTakeExactlyTheirElements() {
        assertArrayEquals(new int[] {2, 3}, shape(6, 2, 3));
        assertArrayEquals(new int[0], shape(1));
        assertEquals("Net.predict: input x f32[2, 3] takes 6 elements, got an array of 12", refusal(12, 2, 3));
        assertEquals("Net.predict: input x f32[] takes 1 elements, got an array of 0", refusal(0));
    }

    @Test
    void aLengthBetweenTwoBatchesNamesBoth() {
        assertEquals("Net.predict: input x f32[N, 784] takes a multiple of 784 elements; an array of 1000 is neither 1 x 784 = 784 nor 2 x 784 = 1568", refusal(1000, -1, 784));
        assertEquals("Net.predict: input x f32[N, 3] takes a multiple of 3 elements; an array of 2 is neither 0 x 3 = 0 nor 1 x 3 = 3", refusal(2, -1, 3));
    }

    @Test
    void twoOpenExtentsNeedATensor() {
        assertEquals("Net.predict: input x f32[N, H, 3] cannot be told from the length of an array, pass a Tensor", refusal(12, -1, -2, 3));
    }

    @Test
    void rowsWithoutElementsSayNothingOfTheirNumber() {
        assertArrayEquals(new int[] {2, 0}, shape(0, 2, 0));
        assertEquals("Net.predict: input x f32[N, 0] takes no elements, so they do not tell N; pass a Tensor", refusal(0, -1, 0));
    }
}
