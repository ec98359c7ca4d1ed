package dev.kiln.compiler.normalise;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.Scan;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/// What is done to entries is done to the bodies of their loops: a body is an entry whose inputs are its ports.
final class Bodies {
    /// The entry with every body replaced by what `step` makes of it.
    static Entry map(Entry entry, UnaryOperator<Entry> step) {
        if (entry.live().stream().noneMatch(v -> v.op() instanceof Scan)) return entry;
        var graph = new Graph();
        var now = new HashMap<>(Rebuild.into(graph, entry.graph(), entry.inputs(), Map.of()));
        for (var v : entry.live())
            if (!now.containsKey(v)) now.put(v, graph.at(entry.graph().origin(v)).add(rewritten(v.op().withOperands(v.op().operands().stream().map(now::get).toList()), step)));
        return new Entry(entry.name(), graph, entry.inputs().stream().map(now::get).toList(), entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList());
    }

    private static Op rewritten(Op op, UnaryOperator<Entry> step) {
        return op instanceof Scan(var body, var time, var reverse, var init, var xs, var constants) ? new Scan(rewritten(body, step), time, reverse, init, xs, constants) : op;
    }

    private static Body rewritten(Body body, UnaryOperator<Entry> step) {
        var ends = Stream.concat(body.next().stream(), body.outputs().stream()).map(v -> new Output("end", v, Output.Role.USER)).toList();
        var after = step.apply(new Entry("body", body.graph(), body.ports(), ends));
        var ports = after.inputs();
        int states = body.states().size();
        int steps = states + body.steps().size();
        List<Value> roots = after.roots();
        return Body.of(after.graph(), ports.subList(0, states), ports.subList(states, steps), ports.subList(steps, ports.size()), roots.subList(0, states), roots.subList(states, roots.size()));
    }

    private Bodies() {}
}
