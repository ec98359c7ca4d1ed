package dev.kiln.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// Round numbers along an axis: steps of 1, 2 or 5 times a power of ten that enclose a range.
record Ticks(double low, double high, double step) {
    static Ticks around(double low, double high, int atMost) {
        double span = high > low ? high - low : Math.max(Math.abs(high), 1e-9);
        double rough = span / atMost;
        double power = Math.pow(10, Math.floor(Math.log10(rough)));
        double step = rough <= power ? power : rough <= 2 * power ? 2 * power : rough <= 5 * power ? 5 * power : 10 * power;
        double from = Math.floor(low / step) * step;
        double to = Math.ceil(high / step) * step;
        return new Ticks(from, to > from ? to : from + step, step);
    }

    List<Double> values() {
        List<Double> values = new ArrayList<>();
        for (long i = 0; i <= Math.round((high - low) / step); i++) {
            values.add(low + i * step);
        }
        return values;
    }

    String label(double value) {
        int digits = Math.max(0, (int) -Math.floor(Math.log10(step) + 1e-9));
        return String.format(Locale.ROOT, "%." + digits + "f", value);
    }
}
