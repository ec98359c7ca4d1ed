package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import dev.kiln.runtime.Vocabulary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// The `data` of a training block: what the command line reads and how each input is made of a row's columns.
/// @param reader `csv`, `tsv`, `text` or `npy`
/// @param path   as written: relative to the `.nn`
/// @param windows how the reader `text` makes rows; empty for the others
/// @param inputs the columns for each input, by its name
/// @param lengths the name of its lengths, which the rows themselves say, for each ragged input
public record DataSpec(Span span, String reader, String path, Optional<Integer> batch, Optional<Windows> windows, Map<String, Columns> inputs, Map<String, String> lengths) {
    public DataSpec {
        inputs = Collections.unmodifiableMap(new LinkedHashMap<>(inputs));
        lengths = Collections.unmodifiableMap(new LinkedHashMap<>(lengths));
    }

    /// A text as rows: each holds the numbers of `window` pieces and of the one behind them, and rows follow each other without a gap.
    public record Windows(Vocabulary vocabulary, int window) {}

    /// Some numbers of every row. Arithmetic works number by number; one number beside several is used for each of them.
    public sealed interface Columns {
        /// `column(0)`
        record At(int column) implements Columns {}

        /// `column("weight")`
        record Named(String name) implements Columns {}

        /// `columns(1..784)`, both ends included.
        record Range(int from, int to) implements Columns {}

        /// `encode(column("text"), words)`: the numbers of a cell's pieces.
        record Encoded(Columns column, Vocabulary by) implements Columns {}

        /// `numbers(column("series"))`: those that stand in one cell, with blanks between.
        record Listed(Columns column) implements Columns {}

        /// `column("label") == "spam"`: 1 for such a cell, else 0.
        record Is(Columns column, String text) implements Columns {}

        record Constant(double value) implements Columns {}

        record Negative(Columns of) implements Columns {}

        /// Number by number. @param sign one of `+ - * /`
        record Arithmetic(String sign, Columns left, Columns right) implements Columns {}
    }
}
