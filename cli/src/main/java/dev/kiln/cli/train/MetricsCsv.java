package dev.kiln.cli.train;

import java.util.List;
import java.util.Locale;
import java.util.StringJoiner;

/// The history of a training as comma-separated text, one line an epoch.
public final class MetricsCsv {
    private MetricsCsv() {}

    public static String of(List<Epoch> history) {
        StringBuilder text = new StringBuilder();
        for (Epoch epoch : history) {
            if (text.isEmpty()) {
                text.append(header(epoch)).append('\n');
            }
            text.append(line(epoch)).append('\n');
        }
        return text.toString();
    }

    private static String header(Epoch epoch) {
        StringJoiner names = new StringJoiner(",").add("epoch").add("seconds").add("best");
        epoch.training().values().keySet().forEach(names::add);
        epoch.validation().ifPresent(scores -> scores.values().keySet().forEach(name -> names.add("validation_" + name)));
        return names.toString();
    }

    private static String line(Epoch epoch) {
        StringJoiner cells = new StringJoiner(",");
        cells.add(Integer.toString(epoch.number())).add(String.format(Locale.ROOT, "%.3f", epoch.seconds())).add(epoch.best() ? "1" : "0");
        epoch.training().values().values().forEach(value -> cells.add(cell(value)));
        epoch.validation().ifPresent(scores -> scores.values().values().forEach(value -> cells.add(cell(value))));
        return cells.toString();
    }

    private static String cell(double value) {
        return String.format(Locale.ROOT, "%.7g", value);
    }
}
