package dev.kiln.runtime;

import java.util.List;

/// How many rows of a matrix one tile takes when the number of rows is known only at run time.
public final class Strips {
    /// The heights that exist as kernels for every contraction with a symbolic number of rows, tallest first.
    public static final List<Integer> HEIGHTS = List.of(12, 8, 4, 2, 1);

    /// The height with the least work: whole strips (the last one is moved up so that it ends with the last row), plus what starting a strip costs.
    public static int height(int rows) {
        int best = 1;
        for (int h : HEIGHTS) if (h <= rows && work(rows, h) < work(rows, best)) best = h;
        return best;
    }

    /// In half rows: a strip costs one and a half rows beside its own.
    private static long work(int rows, int height) {
        return (long) ((rows + height - 1) / height) * (2 * height + 3);
    }

    private Strips() {}
}
