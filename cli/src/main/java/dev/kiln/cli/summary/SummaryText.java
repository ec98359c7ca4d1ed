package dev.kiln.cli.summary;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.Term;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.LongFunction;
import java.util.stream.Collectors;

/// What `kiln summary` prints of one network.
public final class SummaryText {
    private SummaryText() {}

    /// A table of layers, and what of them is slow.
    /// @param bound sizes of symbolic dims; of those left out, operations and memory are formulas
    public static String of(Program program, Map<String, Long> bound) {
        Map<String, Dim> dims = new LinkedHashMap<>();
        program.dims().stream().filter(bound::containsKey).forEach(dim -> dims.put(dim, Dim.of(bound.get(dim))));
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
        table.row("in all", "", String.format(Locale.ROOT, "%,d", parameters), amount(layers.stream().map(Layer::operations).reduce(Dim.ZERO, Dim::plus)),
                bytes(layers.stream().map(Layer::bytes).reduce(Dim.ZERO, Dim::plus)), "");
        String sizes = dims.entrySet().stream().map(e -> e.getKey() + " = " + e.getValue()).collect(Collectors.joining(", "));
        String slow = Slow.of(program).stream().map(place -> "slow: " + place.map(Object::toString).orElse("a contraction") + " has no axis for the vector, it is computed one element at a time\n").collect(Collectors.joining());
        return program.name() + "\n" + table + "weights " + bytes(Dim.of(4 * parameters)) + (sizes.isEmpty() ? "" : "; operations and memory for " + sizes) + "\n" + slow;
    }

    private static String blankZero(long count) {
        return count == 0 ? "" : String.format(Locale.ROOT, "%,d", count);
    }

    /// `1.9 M`: floating-point operations.
    private static String amount(Dim count) {
        return count.equals(Dim.ZERO) ? "" : formula(count, Amounts::operations);
    }

    /// `1.9 MB·N + 4 kB`
    public static String bytes(Dim count) {
        return formula(count, Amounts::bytes);
    }

    /// `1.9 M·N + 30 k`: each coefficient in its own unit.
    private static String formula(Dim count, LongFunction<String> number) {
        var text = new StringBuilder();
        for (Term term : count.terms()) {
            boolean negative = term.coefficient() < 0;
            text.append(text.isEmpty() ? negative ? "-" : "" : negative ? " - " : " + ").append(number.apply(Math.abs(term.coefficient())));
            term.atoms().forEach(atom -> text.append('·').append(atom));
        }
        return text.isEmpty() ? number.apply(0) : text.toString();
    }
}
