package dev.kiln.compiler.graph;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Builds values again in a graph, with some of them replaced. Origins come along.
public final class Rebuild {
    private Rebuild() {}

    /// What each of `live` (operands before users, of graph `from`) is in `target` when the values of `given` stand for others.
    public static Map<Value, Value> into(Graph target, Graph from, List<Value> live, Map<Value, Value> given) {
        var now = new HashMap<>(given);
        for (var v : live)
            if (!now.containsKey(v)) now.put(v, target.at(from.origin(v)).add(v.op().withOperands(v.op().operands().stream().map(now::get).toList())));
        return now;
    }

    /// What each of `live`, some values of one graph, becomes when those of `given` stand for others; values that are neither stay what they are.
    public static Map<Value, Value> over(Graph graph, List<Value> live, Map<Value, Value> given) {
        var now = new HashMap<>(given);
        for (var v : live)
            if (!now.containsKey(v)) now.put(v, graph.at(graph.origin(v)).add(v.op().withOperands(v.op().operands().stream().map(x -> now.getOrDefault(x, x)).toList())));
        return now;
    }

    /// The same entry in a graph of its own that holds nothing but its inputs and what its outputs depend on.
    public static Entry compact(Entry entry) {
        var graph = new Graph();
        var doors = into(graph, entry.graph(), entry.inputs(), Map.of());
        var now = into(graph, entry.graph(), entry.live(), doors);
        return new Entry(entry.name(), graph, entry.inputs().stream().map(now::get).toList(), entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList());
    }
}
