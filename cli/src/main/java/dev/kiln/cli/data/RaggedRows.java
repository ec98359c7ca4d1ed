package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.compiler.source.Table;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Vocabulary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;

/// Rows of different lengths, one behind another.
/// @param starts  where each row begins, and the end of the last
/// @param padding what stands behind the end of a row in a batch
@SuppressWarnings("ArrayRecordComponent") // bulk numbers, compared by nobody
public record RaggedRows(String name, boolean whole, int padding, int[] starts, float[] values) implements Feature {
    @Override
    public int size(int row) {
        return starts[row + 1] - starts[row];
    }

    /// As many steps as the longest row has, at least one.
    @Override
    public Tensor tensor(int[] order, int from, int to) {
        int steps = 1;
        for (int i = from; i < to; i++) {
            steps = Math.max(steps, size(order[i]));
        }
        float[] out = new float[Math.multiplyExact(to - from, steps)];
        Arrays.fill(out, padding);
        for (int i = from; i < to; i++) {
            System.arraycopy(values, starts[order[i]], out, (i - from) * steps, size(order[i]));
        }
        return Tensors.of(whole, out, to - from, steps);
    }

    /// The numbers of one cell.
    private interface Cells {
        double[] of(Row row);
    }

    static final class Collector implements Feature.Collector {
        private final Wanted.Ragged wanted;
        private final Cells cells;
        private final Floats values = new Floats();
        private final List<Integer> starts = new ArrayList<>();

        Collector(Wanted.Ragged wanted, Header header) {
            this.wanted = wanted;
            this.cells = cells(wanted, new Binder(header));
            starts.add(0);
        }

        private static Cells cells(Wanted.Ragged wanted, Binder binder) {
            if (wanted.text().isPresent() && (wanted.columns() instanceof Columns.At || wanted.columns() instanceof Columns.Named)) {
                return encoded(wanted.text().get(), binder.index(wanted.columns()));
            }
            return switch (wanted.columns()) {
                case Columns.Encoded(var column, var vocabulary) when wanted.text().isEmpty() && wanted.whole() -> encoded(vocabulary, binder.index(column));
                case Columns.Listed(var column) when wanted.text().isEmpty() -> listed(binder.index(column));
                default -> throw UserError.input(wanted.text().isPresent()
                        ? "%s is text: give it one column, such as %s = column(\"%s\")"
                        : "%s has rows of different lengths: give it %s = encode(column(\"%s\"), words) or numbers(column(\"%s\"))", wanted.name(), wanted.name(), wanted.name(), wanted.name());
            };
        }

        private static Cells encoded(Vocabulary vocabulary, int column) {
            return row -> {
                try {
                    return Arrays.stream(vocabulary.encode(row.text(column))).asDoubleStream().toArray();
                } catch (IllegalArgumentException e) {
                    throw UserError.input("%s: %s: %s; a vocabulary of this column knows all of its pieces", row.place(), row.describe(column), e.getMessage()).causedBy(e);
                }
            };
        }

        /// Numbers with blanks between.
        private static Cells listed(int column) {
            return row -> {
                String text = row.text(column).strip();
                ToDoubleFunction<String> number = part -> {
                    double value = Table.number(part);
                    if (Double.isNaN(value)) {
                        throw UserError.input("%s: %s holds %s, which is no number; numbers of one cell have blanks between", row.place(), row.describe(column), Header.quoted(part));
                    }
                    return value;
                };
                return text.isEmpty() ? new double[0] : Arrays.stream(text.split("\\s+", -1)).mapToDouble(number).toArray();
            };
        }

        @Override
        public void add(Row row) {
            for (double value : cells.of(row)) {
                values.add(wanted.whole() ? FixedRows.whole(wanted.name(), value, row) : (float) value);
            }
            starts.add(values.size());
        }

        /// The length of the row that came last.
        int last() {
            return starts.getLast() - starts.get(starts.size() - 2);
        }

        @Override
        public Feature finish() {
            return new RaggedRows(wanted.name(), wanted.whole(), wanted.text().isPresent() ? Vocabulary.PADDING : 0, starts.stream().mapToInt(Integer::intValue).toArray(), values.all());
        }
    }
}
