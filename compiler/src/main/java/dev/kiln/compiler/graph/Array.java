package dev.kiln.compiler.graph;

import java.util.Arrays;

/// A dense row-major array of doubles: what the interpreter computes with. Booleans are 0 and 1.
@SuppressWarnings("ArrayRecordComponent")
public record Array(int[] shape, double[] data) {
    public Array {
        if (size(shape) != data.length)
            throw new IllegalArgumentException("shape %s has %d elements, not %d".formatted(Arrays.toString(shape), size(shape), data.length));
    }

    public static Array zeros(int... shape) {
        return new Array(shape, new double[size(shape)]);
    }

    public static Array scalar(double value) {
        return new Array(new int[0], new double[] {value});
    }

    public static int size(int[] shape) {
        int size = 1;
        for (int d : shape) size = Math.multiplyExact(size, d);
        return size;
    }

    /// The distance in `data` between neighbours along each axis.
    public int[] strides() {
        int[] strides = new int[shape.length];
        for (int i = shape.length - 1, s = 1; i >= 0; s *= shape[i--]) strides[i] = s;
        return strides;
    }

    public int offset(int... at) {
        int offset = 0;
        for (int i = 0; i < at.length; i++) offset = offset * shape[i] + at[i];
        return offset;
    }

    public double get(int... at) {
        return data[offset(at)];
    }
}
