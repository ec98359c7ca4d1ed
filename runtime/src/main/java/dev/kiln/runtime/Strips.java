package dev.kiln.runtime;

import java.util.List;

/// How many rows of a matrix one tile takes when the number of rows is known only at run time.
public final class Strips {
    /// The heights that exist as kernels for every contraction with a symbolic number of rows, tallest first.
    public static final List<Integer> HEIGHTS = List.of(12, 8, 4, 2, 1);

    /// Ways of a first cache: so many lines that share a place in it stay there.
    private static final int WAYS = 8;
    /// What a tile costs whose rows push each other out of the first cache, in hundredths.
    private static final int CROWDED = 110;
    private static final int PLAIN = 100;

    /// The height with the least work: whole strips (the last one is moved up so that it ends with the last row), plus what starting a strip costs.
    public static int height(int rows) {
        return height(rows, PLAIN);
    }

    /// The same where rows lie so that their elements of one column share a place of the first cache.
    public static int crowded(int rows) {
        return height(rows, CROWDED);
    }

    private static int height(int rows, int tall) {
        int best = 1;
        for (int h : HEIGHTS) if (h <= rows && work(rows, h, tall) < work(rows, best, tall)) best = h;
        return best;
    }

    /// In half rows and hundredths: a strip costs one and a half rows beside its own.
    private static long work(int rows, int height, int tall) {
        return (long) ((rows + height - 1) / height) * (2 * height + 3) * (height > WAYS ? tall : PLAIN);
    }

    private Strips() {}
}
