package dev.kiln.cli.data;

import java.util.Arrays;

/// Floats whose count is not known beforehand.
final class Floats {
    private float[] values = new float[1024];
    private int size;

    void add(float value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, Math.addExact(size, size >> 1));
        }
        values[size++] = value;
    }

    int size() {
        return size;
    }

    float[] all() {
        return Arrays.copyOf(values, size);
    }
}
