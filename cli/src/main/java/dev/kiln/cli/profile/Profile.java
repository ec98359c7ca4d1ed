package dev.kiln.cli.profile;

import dev.kiln.cli.summary.Amounts;
import dev.kiln.cli.summary.Table;
import dev.kiln.runtime.StepWork;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// Where the time of a call goes.
///
/// @param lines   the rows of the table
/// @param call    nanoseconds of a whole call
/// @param peak    operations per second that the machine can do at this width on these threads
/// @param cold    sentences about kernels that the JVM has not compiled
public record Profile(List<Line> lines, double call, double peak, List<String> cold) {
    /// A row: a step, or all steps from one place in the text.
    ///
    /// @param operations of contractions among its steps
    /// @param contracting nanoseconds of those steps
    record Line(String name, int steps, double nanoseconds, double operations, double contracting) {
        Line and(Line other) {
            return new Line(name, steps + other.steps, nanoseconds + other.nanoseconds, operations + other.operations, contracting + other.contracting);
        }
    }

    public Profile {
        lines = List.copyOf(lines);
        cold = List.copyOf(cold);
    }

    static Profile of(List<StepWork> steps, StepClock clock, StepBoxes boxes, double call, double peak, boolean byStep) {
        List<Line> lines = new ArrayList<>();
        for (int s = 0; s < steps.size(); s++) {
            double taken = clock.median(s);
            if (taken == 0) continue;
            StepWork step = steps.get(s);
            String name = byStep ? s + " " + step.name() + (step.place().isEmpty() ? "" : "  " + step.place()) : step.place().isEmpty() ? "doors and the like" : step.place();
            lines.add(new Line(name, 1, taken, step.operations(), step.operations() > 0 ? taken : 0));
        }
        return new Profile(byStep ? lines : byPlace(lines), call, peak, boxes.sentences(steps));
    }

    /// In the order in which the places come first.
    private static List<Line> byPlace(List<Line> steps) {
        Map<String, Line> places = new LinkedHashMap<>();
        steps.forEach(line -> places.merge(line.name(), line, Line::and));
        return new ArrayList<>(places.values());
    }

    @Override
    public String toString() {
        Table table = new Table();
        table.row("line", "steps", "time", "share", "GFLOP/s", "of peak");
        table.rule();
        lines.forEach(line -> row(table, line));
        table.rule();
        Line all = lines.stream().reduce(new Line("in all", 0, 0, 0, 0), Line::and);
        row(table, new Line(all.name(), all.steps(), call, all.operations(), call));
        return table + "steps %s, between them %s\n".formatted(time(all.nanoseconds()), time(Math.max(0, call - all.nanoseconds())))
                + cold.stream().map(sentence -> sentence + "\n").collect(Collectors.joining());
    }

    private void row(Table table, Line line) {
        double speed = line.operations() / line.contracting();
        boolean known = line.operations() > 0;
        table.row(line.name(), Integer.toString(line.steps()), time(line.nanoseconds()), Amounts.percent(line.nanoseconds() / call), known ? String.format(Locale.ROOT, "%.1f", speed) : "",
                known ? Amounts.percent(speed * 1e9 / peak) : "");
    }

    private static String time(double nanoseconds) {
        return String.format(Locale.ROOT, nanoseconds < 1e6 ? "%.1f us" : "%.3f ms", nanoseconds / (nanoseconds < 1e6 ? 1e3 : 1e6));
    }
}
