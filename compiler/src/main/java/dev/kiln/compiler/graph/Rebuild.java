package dev.kiln.compiler.graph;

import java.util.ArrayDeque;
import java.util.Collection;
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

    /// What `roots` of graph `from`, and all they need, are in `target`.
    /// @param given what some values are there already; nothing below them is needed
    /// @param moved values of `from` in whose place others of `from` stand; those are built with their operands moved as well
    public static Map<Value, Value> roots(Graph target, Graph from, Collection<Value> roots, Map<Value, Value> given, Map<Value, Value> moved) {
        var now = new HashMap<>(given);
        var work = new ArrayDeque<Value>();
        for (var root : roots) {
            work.push(root);
            while (!work.isEmpty()) {
                var v = work.peek();
                var instead = v;
                while (moved.containsKey(instead)) instead = moved.get(instead);
                var op = instead.op();
                var waiting = now.containsKey(v) ? List.<Value>of() : op.operands().stream().filter(operand -> !now.containsKey(operand)).toList();
                if (waiting.isEmpty()) {
                    work.pop();
                    if (!now.containsKey(v)) now.put(v, target.at(from.origin(v)).add(op.withOperands(op.operands().stream().map(now::get).toList())));
                } else waiting.forEach(work::push);
            }
        }
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
