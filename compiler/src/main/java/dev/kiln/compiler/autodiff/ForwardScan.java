package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// Forward mode of a loop: one loop that carries every f32 state, step, constant and output together with what it moves by.
final class ForwardScan {
    private ForwardScan() {}

    /// What result `index` moves by when operands move by `moves`; empty when nothing of the loop moves.
    static Optional<Value> tangent(Graph g, Scan scan, int index, Map<Value, Value> moves) {
        if (scan.operands().stream().noneMatch(moves::containsKey) || !isReal(scan.resultTypes().get(index).dtype())) return Optional.empty();
        var doubled = g.add(new Scan(body(scan.body()), scan.time(), scan.reverse(), doubled(g, scan.init(), moves), doubled(g, scan.xs(), moves), doubled(g, scan.constants(), moves)));
        int states = scan.init().size();
        var before = scan.resultTypes().subList(index < states ? 0 : states, index).stream().filter(type -> isReal(type.dtype())).count();
        int first = index < states ? states : doubledSize(scan.init()) + scan.body().outputs().size();
        return Optional.of(g.add(new Project(doubled, first + (int) before)));
    }

    /// `values`, then what the f32 ones among them move by.
    private static List<Value> doubled(Graph g, List<Value> values, Map<Value, Value> moves) {
        var all = new ArrayList<>(values);
        for (var v : values) if (isReal(v.type().dtype())) all.add(moves.containsKey(v) ? moves.get(v) : Forward.still(g, v));
        return all;
    }

    private static int doubledSize(List<Value> values) {
        return values.size() + (int) values.stream().filter(v -> isReal(v.type().dtype())).count();
    }

    private static Body body(Body body) {
        var g = new Graph();
        var now = Rebuild.into(g, body.graph(), body.graph().values(), Map.of());
        var moves = new HashMap<Value, Value>();
        for (var port : body.ports())
            if (isReal(port.type().dtype())) moves.put(now.get(port), g.add(new Port(body.ports().size() + moves.size(), port.type())));
        var ends = Stream.concat(body.next().stream(), body.outputs().stream()).map(now::get).filter(v -> isReal(v.type().dtype())).toList();
        var tangents = Forward.tangents(g, ends, moves);
        for (int i = 0; i < ends.size(); i++) moves.putIfAbsent(ends.get(i), tangents.get(i));
        return Body.of(g, both(body.states(), now, moves), both(body.steps(), now, moves), both(body.constants(), now, moves), both(body.next(), now, moves), both(body.outputs(), now, moves));
    }

    private static List<Value> both(List<Value> values, Map<Value, Value> now, Map<Value, Value> moves) {
        return Stream.concat(values.stream().map(now::get), values.stream().map(now::get).filter(v -> isReal(v.type().dtype())).map(moves::get)).toList();
    }

    private static boolean isReal(DType dtype) {
        return dtype == DType.f32;
    }
}
