package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.rewrite.Lift.Lifted;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.ArrayList;

/// A loop taken apart, to be put together again with some of it outside.
final class Taken {
    private final Graph g;
    private final BodyLoop scan;
    private final Body body;
    private final Lift lift;
    private final Map<Value, Lifted> lifted = new HashMap<>();
    private final Loop loop;
    private final Map<Value, Value> inside = new HashMap<>();
    private final List<Value> next = new ArrayList<>();
    private final List<Value> outputs = new ArrayList<>();
    private final List<Integer> states = new ArrayList<>();

    Taken(Graph g, BodyLoop scan) {
        this.g = g;
        this.scan = scan;
        this.body = scan.body();
        lift = new Lift(g, scan.time());
        loop = new Loop(g, scan.time());
        for (int j = 0; j < body.steps().size(); j++) lifted.put(body.steps().get(j), new Lifted(scan.xs().get(j), false));
        for (int j = 0; j < body.constants().size(); j++) lifted.put(body.constants().get(j), new Lifted(scan.constants().get(j), true));
    }

    /// What a value of the body is outside, for all steps; everything it needs must be there or have a way to be.
    Lifted outside(Value v) {
        var missing = new BitSet();
        if (!lifted.containsKey(v)) missing.set(v.id());
        for (int id = missing.length() - 1; id >= 0; id = missing.previousSetBit(id - 1))
            for (Value operand : body.graph().value(id).op().operands()) if (!lifted.containsKey(operand)) missing.set(operand.id());
        for (int id = missing.nextSetBit(0); id >= 0; id = missing.nextSetBit(id + 1)) {
            var u = body.graph().value(id);
            g.at(body.graph().origin(u));
            lifted.put(u, lift.of(u.op(), u.op().operands().stream().map(lifted::get).toList()));
        }
        return lifted.get(v);
    }

    Value stacked(Value v) {
        return lift.stacked(outside(v));
    }

    /// From now on the results of the loop stand for this value of the body outside.
    void give(Value v, Value stacked) {
        lifted.put(v, new Lifted(stacked, false));
    }

    /// The loop reads this value of the body from outside.
    void read(Value v) {
        var from = outside(v);
        inside.put(v, from.everyStep() ? loop.constant(from.value()) : loop.step(from.value()));
    }

    /// In the body `v` is what `written` gives in its graph.
    void write(Value v, Value written) {
        inside.put(v, written);
    }

    Loop loop() {
        return loop;
    }

    void state(int i) {
        states.add(i);
        inside.put(body.states().get(i), loop.state(scan.init().get(i)));
        next.add(body.next().get(i));
    }

    /// The number of the output that gives `v`.
    int output(Value v) {
        if (!outputs.contains(v)) outputs.add(v);
        return outputs.indexOf(v);
    }

    /// Puts the loop together. The final states by their old numbers, and the outputs in the order in which they were asked for.
    Loop.Results together(Value[] results) {
        var ends = new ArrayList<>(next);
        ends.addAll(outputs);
        for (var port : needed(ends)) read(port);
        var now = Rebuild.roots(loop.body(), body.graph(), ends, inside, Map.of());
        var after = next.stream().map(now::get).toList();
        var gives = outputs.stream().map(now::get).toList();
        var made = loop.like(scan, after, gives);
        for (int i = 0; i < states.size(); i++) results[states.get(i)] = made.states().get(i);
        return made;
    }

    /// The ports of steps and constants that are needed and not yet replaced.
    private List<Value> needed(List<Value> ends) {
        var live = new BitSet();
        for (var end : ends) live.set(end.id());
        for (int id = live.length() - 1; id >= 0; id--)
            if (live.get(id) && !inside.containsKey(body.graph().value(id))) for (Value operand : body.graph().value(id).op().operands()) live.set(operand.id());
        return body.ports().stream().filter(p -> live.get(p.id()) && !inside.containsKey(p)).toList();
    }
}
