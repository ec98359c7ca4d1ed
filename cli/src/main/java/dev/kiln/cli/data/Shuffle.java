package dev.kiln.cli.data;

import java.util.SplittableRandom;
import java.util.stream.IntStream;

/// Seeded orders of rows.
public final class Shuffle {
    private Shuffle() {}

    /// The rows 0..n-1 as they stand in the file.
    public static int[] none(int n) {
        return IntStream.range(0, n).toArray();
    }

    /// A permutation of 0..n-1 (Fisher and Yates); the same for the same seed on every machine.
    public static int[] order(int n, long seed) {
        return shuffle(none(n), seed);
    }

    /// The given rows in the order of one epoch.
    public static int[] epoch(int[] rows, long seed, int epoch) {
        return shuffle(rows.clone(), seed * 0x9E3779B97F4A7C15L + epoch);
    }

    private static int[] shuffle(int[] order, long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = order.length - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            int kept = order[i];
            order[i] = order[j];
            order[j] = kept;
        }
        return order;
    }
}
