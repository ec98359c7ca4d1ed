package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import java.util.Arrays;
import java.util.List;

/// All rows of one input, one after another. An `i32` is held as its float: exact up to 2^24, which the reader holds it to.
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record Feature(String name, boolean whole, List<Long> shape, int width, float[] values) {
    /// The given rows, in the given order.
    float[] gather(int[] rows, int from, int to) {
        float[] out = new float[(to - from) * width];
        for (int i = from; i < to; i++) {
            System.arraycopy(values, rows[i] * width, out, (i - from) * width, width);
        }
        return out;
    }

    /// The shape of a batch of `n` rows.
    int[] batchShape(int n) {
        int[] batch = new int[shape.size() + 1];
        batch[0] = n;
        for (int i = 0; i < shape.size(); i++) {
            batch[i + 1] = Math.toIntExact(shape.get(i));
        }
        return batch;
    }

    /// Collects the numbers while their count is not known.
    static final class Collector {
        private final Wanted wanted;
        private final Picker picker;
        private float[] values = new float[1024];
        private int size;

        Collector(Wanted wanted, Picker picker) {
            this.wanted = wanted;
            this.picker = picker;
        }

        void add(Row row) {
            if (size + picker.width() > values.length) {
                values = Arrays.copyOf(values, Math.max(size + picker.width(), values.length + (values.length >> 1)));
            }
            for (int i = 0; i < picker.width(); i++) {
                values[size++] = (float) (wanted.whole() ? whole(row, i) : picker.at(row, i));
            }
        }

        private double whole(Row row, int i) {
            double value = picker.at(row, i);
            if (value != Math.rint(value) || Math.abs(value) > 1 << 24) {
                throw UserError.input("%s: %s is i32, and %s is no whole number of at most 24 bits", row.place(), wanted.name(), value);
            }
            return value;
        }

        Feature finish() {
            return new Feature(wanted.name(), wanted.whole(), wanted.shape(), picker.width(), Arrays.copyOf(values, size));
        }
    }
}
