package dev.kiln.runtime;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class TensorTest {
    @Test
    void aTensorIsADoorOntoTheArray() {
        float[] values = {1, 2, 3, 4, 5, 6};
        Tensor t = Tensor.of(values, 2, 3);
        values[5] = 9;
        assertEquals(9, t.get(1, 2));
        assertEquals(4, t.get(1, 0));
        assertSame(values, t.floats());
        assertEquals("f32[2, 3]", t.toString());
    }

    @Test
    void aPartIsCopiedWhenItsValuesAreAskedFor() {
        Tensor t = Tensor.at(1, new int[] {1, 2, 3, 4}, 2);
        assertEquals(3, t.getInt(1));
        assertArrayEquals(new int[] {2, 3}, t.ints());
    }

    @Test
    void aScalarHasNoAxes() {
        assertEquals(7, Tensor.of(new float[] {7}).get());
    }

    @Test
    void aSegmentIsCopied() {
        float[] values = {1, 2, Float.NaN};
        Tensor t = Tensor.of(MemorySegment.ofArray(values), 3);
        values[0] = 5;
        assertEquals(1, t.get(0));
        assertThrows(ShapeException.class, () -> Tensor.of(MemorySegment.ofArray(values), 2));
    }

    @Test
    void shapesThatLieAreRefusedWithTheirNumbers() {
        message("a tensor of shape [2, 3] has 6 elements, the array has 5", () -> Tensor.of(new float[5], 2, 3));
        message("a tensor of shape [3] has 3 elements; from offset 3 on, an array of 5 is too short", () -> Tensor.at(3, new float[5], 3));
        message("shape [2, -1] has a negative extent", () -> Tensor.of(new float[5], 2, -1));
        message("a tensor of shape [65536, 65536, 65536] has more than the 1073741824 elements that one array may hold", () -> Tensor.of(new float[5], 65536, 65536, 65536));
        message("an index of 1 numbers for a tensor of shape [1, 1]", () -> Tensor.of(new float[1], 1, 1).get(0));
        message("f32[1] holds floats, not ints", () -> Tensor.of(new float[1], 1).ints());
        message("i32[1] holds ints, not floats", () -> Tensor.of(new int[1], 1).get(0));
        assertThrows(IndexOutOfBoundsException.class, () -> Tensor.of(new float[4], 2, 2).get(0, 2));
    }

    private static void message(String message, Executable call) {
        assertEquals(message, assertThrows(ShapeException.class, call).getMessage());
    }
}
