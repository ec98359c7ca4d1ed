package dev.kiln.bench;

import java.util.List;

/// What an item showed.
///
/// @param rows of the table
/// @param notes on how the results compare, or on parts of a time
/// @param verdicts the lines that a script reads: `RATIO item threads value`, `BEFORE item threads value`, `PEAK item width percent`,
/// `TIME item threads milliseconds` and `WARM item threads milliseconds` up to the first output and to 90 % of the speed, `MEMORY item threads megabytes`, `GROWTH item sizes value`, `CALLERS item cores share`
record Outcome(List<Row> rows, List<String> notes, List<String> verdicts) {
    Outcome {
        rows = List.copyOf(rows);
        notes = List.copyOf(notes);
        verdicts = List.copyOf(verdicts);
    }

    /// A line of the table. What does not apply is NaN.
    ///
    /// @param seconds median of a call
    /// @param spread of the middle half, relative
    /// @param gflops operations a nanosecond
    /// @param ratio best peer's median / this one's
    /// @param percent of the peak of the same width and as many cores, in the same run
    record Row(String item, String contender, int threads, double seconds, double spread, double gflops, double ratio, double percent) {}
}
