package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.util.Arrays;
import java.util.stream.IntStream;

/// Which rows train and which only validate. The split depends on the number of rows, the share and its own seed,
/// and on nothing else: runs with different training seeds are measured on the same rows.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Split(int[] training, int[] validation) {
    /// Rows that follow each other, as those of one text: the last ones are held back.
    public static Split last(int rows, double share) {
        int held = held(rows, share);
        return new Split(IntStream.range(0, rows - held).toArray(), IntStream.range(rows - held, rows).toArray());
    }

    public static Split of(int rows, double share, long seed) {
        int held = held(rows, share);
        int[] order = Shuffle.order(rows, seed);
        int[] validation = Arrays.copyOf(order, held);
        int[] training = Arrays.copyOfRange(order, held, rows);
        Arrays.sort(validation);
        Arrays.sort(training);
        return new Split(training, validation);
    }

    private static int held(int rows, double share) {
        if (!(share >= 0 && share < 1)) {
            throw UserError.input("validate takes a share from 0 up to, but not including, 1; it is %s", share);
        }
        int held = (int) Math.ceil(rows * share);
        if (held >= rows) {
            throw UserError.input("a share of %s of %,d rows, held back, leaves none to train on: give more rows, or a smaller share (--validate 0 holds back none)", share, rows);
        }
        return held;
    }
}
