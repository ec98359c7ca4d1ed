package dev.kiln.cli.data;

import dev.kiln.runtime.Tensor;

/// How many steps each row of some ragged inputs has.
public record RowLengths(String name, RaggedRows of) implements Feature {
    @Override
    public int size(int row) {
        return 1;
    }

    @Override
    public Tensor tensor(int[] order, int from, int to) {
        int[] lengths = new int[to - from];
        for (int i = from; i < to; i++) {
            lengths[i - from] = of.size(order[i]);
        }
        return Tensor.of(lengths, to - from);
    }
}
