package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Program;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/// What `kiln summary` prints of one network.
public final class SummaryText {
    private SummaryText() {}

    /// A table of layers, and what of them is slow.
    /// @param bound sizes of symbolic dims; those left out are 1
    public static String of(Program program, Map<String, Long> bound) {
        Map<String, Long> dims = new LinkedHashMap<>();
        program.dims().forEach(dim -> dims.put(dim, bound.getOrDefault(dim, 1L)));
        List<Layer> layers = Summary.layers(program, dims);
        Table table = new Table();
        table.row("layer", "output", "parameters", "operations", "memory", "sees");
        table.rule();
        for (Layer layer : layers) {
            table.row(layer.name(), layer.output().toString(), blankZero(layer.parameters()), amount(layer.operations()), bytes(layer.bytes()),
                    layer.field().map(Field::toString).orElse(""));
        }
        table.rule();
        long parameters = layers.stream().mapToLong(Layer::parameters).sum();
        table.row("in all", "", String.format(Locale.ROOT, "%,d", parameters), amount(layers.stream().mapToLong(Layer::operations).sum()),
                bytes(layers.stream().mapToLong(Layer::bytes).sum()), "");
        String sizes = dims.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).collect(Collectors.joining(", "));
        String slow = Slow.of(program).stream().map(place -> "slow: " + place.map(Object::toString).orElse("a contraction") + " has no axis for the vector, it is computed one element at a time\n").collect(Collectors.joining());
        return program.name() + "\n" + table + "weights " + bytes(4 * parameters) + (sizes.isEmpty() ? "" : "; operations and memory for " + sizes) + "\n" + slow;
    }

    private static String blankZero(long count) {
        return count == 0 ? "" : String.format(Locale.ROOT, "%,d", count);
    }

    /// `1.9 M`: floating-point operations.
    private static String amount(long count) {
        return count == 0 ? "" : scaled(count, 1000, "", " k", " M", " G", " T");
    }

    private static String bytes(long count) {
        return scaled(count, 1024, " B", " kB", " MB", " GB", " TB");
    }

    private static String scaled(long count, int base, String... units) {
        double value = count;
        int unit = 0;
        while (value >= base && unit < units.length - 1) {
            value /= base;
            unit++;
        }
        return String.format(Locale.ROOT, unit == 0 ? "%.0f" : "%.1f", value) + units[unit];
    }
}
