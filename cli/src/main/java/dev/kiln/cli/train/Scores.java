package dev.kiln.cli.train;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.StringJoiner;

/// The loss and the metrics of some rows, by name, the loss first. Each is a mean over the rows.
public record Scores(Map<String, Double> values) {
    public static final String LOSS = "loss";

    public Scores {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        if (!values.containsKey(LOSS)) {
            throw new IllegalArgumentException("scores without a loss: " + values.keySet());
        }
    }

    public double loss() {
        return values.get(LOSS);
    }

    /// The names of the metrics, without the loss.
    public List<String> metrics() {
        List<String> names = new ArrayList<>(values.keySet());
        names.remove(LOSS);
        return names;
    }

    /// `loss 0.1234  accuracy 0.9621`
    @Override
    public String toString() {
        StringJoiner text = new StringJoiner("  ");
        values.forEach((name, value) -> text.add(name + " " + number(value)));
        return text.toString();
    }

    /// Four digits that tell something, for numbers of every size.
    public static String number(double value) {
        double size = Math.abs(value);
        return String.format(Locale.ROOT, size == 0 || (size >= 0.001 && size < 1000) ? "%.4f" : "%.3e", value);
    }
}
