package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.runtime.Tensor;
import java.util.List;

/// Rows of one width. An `i32` is held as its float: exact up to 2^24, which the reader holds it to.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record FixedRows(String name, boolean whole, List<Long> shape, int width, float[] values) implements Feature {
    @Override
    public int size(int row) {
        return width;
    }

    @Override
    public Tensor tensor(int[] order, int from, int to) {
        float[] out = new float[(to - from) * width];
        for (int i = from; i < to; i++) {
            System.arraycopy(values, order[i] * width, out, (i - from) * width, width);
        }
        return Tensors.of(whole, out, batchShape(to - from));
    }

    /// The shape of a batch of `n` rows.
    private int[] batchShape(int n) {
        int[] batch = new int[shape.size() + 1];
        batch[0] = n;
        for (int i = 0; i < shape.size(); i++) {
            batch[i + 1] = Math.toIntExact(shape.get(i));
        }
        return batch;
    }

    /// Collects the numbers while their count is not known.
    static final class Collector implements Feature.Collector {
        private final Wanted.Fixed wanted;
        private final Picker picker;
        private final Floats values = new Floats();

        Collector(Wanted.Fixed wanted, Picker picker) {
            this.wanted = wanted;
            this.picker = picker;
        }

        @Override
        public void add(Row row) {
            for (int i = 0; i < picker.width(); i++) {
                values.add(wanted.whole() ? whole(wanted.name(), picker.at(row, i), row) : (float) picker.at(row, i));
            }
        }

        @Override
        public Feature finish() {
            return new FixedRows(wanted.name(), wanted.whole(), wanted.shape(), picker.width(), values.all());
        }
    }

    /// A number for an `i32`.
    static float whole(String name, double value, Row row) {
        if (value != Math.rint(value) || Math.abs(value) > 1 << 24) {
            throw UserError.input("%s: %s is i32, and %s is no whole number of at most 24 bits", row.place(), name, value);
        }
        return (float) value;
    }
}
