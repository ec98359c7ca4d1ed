package dev.kiln.compiler.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Prints graphs, one value a line: `%3 = sum[axes 1](%2) : f32[N]   // digits.nn:7 logits`. Only what the outputs depend on is shown, numbered anew, so the text is stable.
public final class GraphText {
    private GraphText() {}

    public static String print(Program program) {
        var text = new StringBuilder("network ").append(program.name()).append('\n');
        if (!program.dims().isEmpty()) text.append("dims ").append(String.join(", ", program.dims())).append('\n');
        for (var c : program.checks()) text.append("check ").append(c).append('\n');
        for (var p : program.parameters().all()) text.append("param ").append(p).append('\n');
        for (var e : program.entries()) text.append('\n').append(print(e));
        return text.toString();
    }

    public static String print(Entry entry) {
        var doors = entry.inputs().stream().map(v -> v.op().attributes() + " : " + v.type()).collect(Collectors.joining(", "));
        var text = new StringBuilder("entry %s(%s)\n".formatted(entry.name(), doors));
        var names = names(entry.live());
        text.append(lines(entry.graph(), entry.live(), names));
        for (var o : entry.outputs())
            text.append("  %s %s = %s\n".formatted(o.role().name().toLowerCase(java.util.Locale.ROOT), o.name(), names.get(o.value())));
        return text.toString();
    }

    public static String print(Graph graph, List<Value> roots) {
        var live = graph.reachable(roots);
        var names = names(live);
        return lines(graph, live, names) + "  return " + roots.stream().map(names::get).collect(Collectors.joining(", ")) + "\n";
    }

    /// The body of a loop.
    /// @param ends what its step is asked for, by kind
    public static String print(Graph graph, List<Value> live, Map<String, List<Value>> ends) {
        var names = names(live);
        var text = new StringBuilder(lines(graph, live, names));
        ends.forEach((kind, values) -> values.forEach(v -> text.append("  %s %s\n".formatted(kind, names.get(v)))));
        return text.toString();
    }

    private static Map<Value, String> names(List<Value> live) {
        var names = new HashMap<Value, String>();
        for (var v : live) names.put(v, "%" + names.size());
        return names;
    }

    private static String lines(Graph graph, List<Value> live, Map<Value, String> names) {
        var text = new StringBuilder();
        for (var v : live) {
            text.append("  ").append(names.get(v)).append(" = ").append(v.op().print(v.op().operands().stream().map(names::get).toList())).append(" : ").append(v.type());
            graph.origin(v).ifPresent(o -> text.append("   // ").append(o));
            text.append('\n');
            if (v.op() instanceof Op.Control loop) text.append(loop.printInside().indent(4));
        }
        return text.toString();
    }
}
