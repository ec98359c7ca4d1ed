package dev.kiln.cli.data;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/// The rows `order[from..to)` of a data set.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Batch(Dataset data, int[] order, int from, int to) {
    /// Numbers in the largest batch that is scored.
    private static final int SCORED_AT_ONCE = 1 << 20;
    /// The same where rows are sequences, of which a network keeps much for each step.
    private static final int SCORED_STEPS = 1 << 13;
    /// Rows of different lengths are sorted within so many batches.
    private static final int BUCKET = 32;

    /// Cuts an order of rows into batches; the last one holds what is left.
    public static List<Batch> cut(Dataset data, int[] order, int size) {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(new Batch(data, order, from, Math.min(order.length, from + size)));
        }
        return batches;
    }

    /// The batches of one epoch. Where rows differ in length, those of a batch are about equally long, so that little of it is padding: the rows of some
    /// batches after another are sorted by length, and the batches come in an order drawn anew.
    /// @param order drawn for this epoch; what follows from it is the same for the same order
    public static List<Batch> cutForTraining(Dataset data, int[] order, int size, long seed) {
        if (!data.isRagged()) {
            return cut(data, order, size);
        }
        int[] sorted = new int[order.length];
        for (int from = 0; from < order.length; from += BUCKET * size) {
            int[] bucket = byLength(data, Arrays.copyOfRange(order, from, Math.min(order.length, from + BUCKET * size)));
            System.arraycopy(bucket, 0, sorted, from, bucket.length);
        }
        List<Batch> batches = cut(data, sorted, size);
        var random = new SplittableRandom(seed);
        for (int i = batches.size() - 1; i > 0; i--) {
            int j = random.nextInt(i + 1);
            Batch kept = batches.get(i);
            batches.set(i, batches.get(j));
            batches.set(j, kept);
        }
        return batches;
    }

    /// Batches for scoring: as large as fits comfortably, so that a metric which is no mean over rows (a root, an exponential) sees all rows at once where it can.
    public static List<Batch> cutForScoring(Dataset data, int[] order) {
        if (!data.isRagged()) {
            return cut(data, order, Math.max(1, SCORED_AT_ONCE / Math.max(1, data.size(0))));
        }
        int[] sorted = byLength(data, order);
        List<Batch> batches = new ArrayList<>();
        for (int from = 0, to = 0; from < sorted.length; from = to) {
            while (to < sorted.length && (to == from || (to - from + 1) * data.size(sorted[to]) <= SCORED_STEPS)) {
                to++;
            }
            batches.add(new Batch(data, sorted, from, to));
        }
        return batches;
    }

    /// Ties keep their order.
    private static int[] byLength(Dataset data, int... rows) {
        return Arrays.stream(rows).boxed().sorted(Comparator.comparingInt(data::size)).mapToInt(Integer::intValue).toArray();
    }

    public int rows() {
        return to - from;
    }
}
