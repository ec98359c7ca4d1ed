package dev.kiln.cli.summary;

import java.util.Locale;

/// Numbers in the unit that keeps them short.
public final class Amounts {
    private Amounts() {}

    /// `1.9 M`
    public static String operations(double count) {
        return scaled(count, 1000, "", " k", " M", " G", " T");
    }

    /// `1.9 MB`
    public static String bytes(double count) {
        return scaled(count, 1024, " B", " kB", " MB", " GB", " TB");
    }

    /// `12.5 %`
    public static String percent(double share) {
        return Double.isNaN(share) ? "" : String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }

    private static String scaled(double count, int base, String... units) {
        double value = count;
        int unit = 0;
        while (value >= base && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value) + units[unit];
    }
}
