package dev.kiln.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Prints rows for people, on a terminal or in a report.
final class Table {
    static final String HEADER = String.format(Locale.ROOT, "%-18s %-22s %7s %12s %8s %9s %7s %8s", "item", "contender", "threads", "median", "spread", "GFLOP/s", "ratio", "of peak");

    private Table() {}

    static String line(Outcome.Row row) {
        return String.format(Locale.ROOT, "%-18s %-22s %7d %12s %8s %9s %7s %8s", row.item(), row.contender(), row.threads(), time(row.seconds()), number(100 * row.spread(), "%.1f %%"),
                number(row.gflops(), "%.1f"), number(row.ratio(), "%.3f"), number(row.percent(), "%.1f %%"));
    }

    /// The same as Markdown.
    static String markdown(List<Outcome.Row> rows) {
        return rows.stream().map(r -> "| " + String.join(" | ", r.item(), r.contender(), Integer.toString(r.threads()), time(r.seconds()), number(100 * r.spread(), "%.1f %%"),
                        number(r.gflops(), "%.1f"), number(r.ratio(), "%.3f"), number(r.percent(), "%.1f %%")) + " |\n")
                .collect(Collectors.joining("", "| item | contender | threads | median | spread | GFLOP/s | ratio | of peak |\n|---|---|---|---|---|---|---|---|\n", ""));
    }

    private static String time(double seconds) {
        if (seconds >= 1e-3) return String.format(Locale.ROOT, "%.3f ms", seconds * 1e3);
        return String.format(Locale.ROOT, "%.3f us", seconds * 1e6);
    }

    @SuppressWarnings("FormatStringAnnotation") // the formats stand above
    private static String number(double value, String format) {
        return Double.isNaN(value) ? "" : String.format(Locale.ROOT, format, value);
    }
}
