package dev.kiln.cli.data;

import java.util.ArrayList;
import java.util.List;

/// The rows `order[from..to)` of a data set.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Batch(Dataset data, int[] order, int from, int to) {
    /// Cuts an order of rows into batches; the last one holds what is left.
    public static List<Batch> cut(Dataset data, int[] order, int size) {
        List<Batch> batches = new ArrayList<>();
        for (int from = 0; from < order.length; from += size) {
            batches.add(new Batch(data, order, from, Math.min(order.length, from + size)));
        }
        return batches;
    }

    public int rows() {
        return to - from;
    }

    /// This batch's numbers of one input.
    public float[] values(Feature feature) {
        return feature.gather(order, from, to);
    }
}
