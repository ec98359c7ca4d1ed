package dev.kiln.runtime;

import java.util.Arrays;
import java.util.stream.Collectors;

/// Arithmetic of logical shapes.
final class Shapes {
    private Shapes() {}

    /// The number of elements.
    /// @throws ShapeException when an extent is negative or the product does not fit an array
    static int size(int... shape) {
        long size = 1;
        for (int extent : shape) {
            if (extent < 0) throw new ShapeException("shape " + print(shape) + " has a negative extent");
            size *= extent;
            if (size > Alignment.LIMIT) throw new ShapeException("a tensor of shape " + print(shape) + " has more than the " + Alignment.LIMIT + " elements that one array may hold");
        }
        return (int) size;
    }

    /// `[2, 3]`.
    static String print(int... shape) {
        return Arrays.stream(shape).mapToObj(Integer::toString).collect(Collectors.joining(", ", "[", "]"));
    }
}
