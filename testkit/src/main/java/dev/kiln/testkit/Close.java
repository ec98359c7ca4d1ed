package dev.kiln.testkit;

import dev.kiln.compiler.graph.Array;
import java.util.Arrays;

/// Comparison of arrays that were computed in double by different ways.
public final class Close {
    private static final double TOLERANCE = 1e-9;

    private Close() {}

    public static void assertClose(String what, Array expected, Array actual) {
        if (!Arrays.equals(expected.shape(), actual.shape()))
            throw new AssertionError("%s: shape %s against %s".formatted(what, Arrays.toString(expected.shape()), Arrays.toString(actual.shape())));
        double scale = 1;
        for (double v : expected.data()) if (Double.isFinite(v)) scale = Math.max(scale, Math.abs(v));
        for (int i = 0; i < expected.data().length; i++) {
            double a = expected.data()[i];
            double b = actual.data()[i];
            if (Double.compare(a, b) != 0 && !(Math.abs(a - b) <= TOLERANCE * scale))
                throw new AssertionError("%s: element %d is %s against %s".formatted(what, i, a, b));
        }
    }
}
