package dev.kiln.cli.data;

import java.util.ArrayList;
import java.util.List;

/// The rows `order[from..to)` of a data set.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Batch(Dataset data, int[] order, int from, int to) {
    /// Numbers in the largest batch that is scored.
    private static final int SCORED_AT_ONCE = 1 << 20;

    /// Cuts an order of rows into batches; the last one holds what is left.
    public static List<Batch> cut(Dataset data, int[] order, int size) {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(new Batch(data, order, from, Math.min(order.length, from + size)));
        }
        return batches;
    }

    /// Batches for scoring: as large as fits comfortably, so that a metric which is no mean over rows (a root, an exponential) sees all rows at once where it can.
    public static List<Batch> cutForScoring(Dataset data, int[] order) {
        int width = data.features().stream().mapToInt(Feature::width).sum();
        return cut(data, order, Math.max(1, SCORED_AT_ONCE / width));
    }

    public int rows() {
        return to - from;
    }

    /// This batch's numbers of one input.
    float[] values(Feature feature) {
        return feature.gather(order, from, to);
    }
}
