package dev.kiln.cli;

import dev.kiln.compiler.driver.Pipeline;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// `--time`: what each stage of the compiler took.
final class Timing implements Pipeline.Watcher {
    private final Map<String, Long> nanoseconds = new LinkedHashMap<>();

    @Override
    public void done(String stage, long taken, Supplier<String> text) {
        nanoseconds.merge(stage, taken, Long::sum);
    }

    void print(PrintWriter out) {
        long total = nanoseconds.values().stream().mapToLong(Long::longValue).sum();
        nanoseconds.forEach((stage, taken) -> out.println(line(stage, taken)));
        out.println(line("in all", total));
        out.flush();
    }

    private static String line(String stage, long taken) {
        return String.format(Locale.ROOT, "%-14s %8.1f ms", stage, taken / 1e6);
    }
}
