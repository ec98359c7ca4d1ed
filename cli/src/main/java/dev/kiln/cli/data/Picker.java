package dev.kiln.cli.data;

/// Takes `width` numbers out of a row.
record Picker(int width, Pick pick) {
    interface Pick {
        double at(Row row, int i);
    }

    /// The number at `i`; a picker of one number gives it for every `i`.
    double at(Row row, int i) {
        return pick.at(row, width == 1 ? 0 : i);
    }

    /// Whether it can stand beside a picker of `others` numbers.
    boolean fits(int others) {
        return width == others || width == 1;
    }
}
