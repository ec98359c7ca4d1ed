package dev.kiln.cli.data;

import dev.kiln.runtime.Tensor;

/// All rows of one input.
public sealed interface Feature permits FixedRows, RaggedRows, RowLengths {
    String name();

    /// The rows `order[from..to)`, in this order, as the input takes them.
    Tensor tensor(int[] order, int from, int to);

    /// Numbers of a row.
    int size(int row);

    /// Takes the rows of a file one after another.
    interface Collector {
        void add(Row row);

        Feature finish();
    }
}
