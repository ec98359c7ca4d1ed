package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Function;

/// Writes a loop: ports are asked for in any order, the step is written into [#body], then [#scan], [#reverse] or [#until] adds the loop to the graph outside.
/// ```java
/// var loop = new Loop(g, time);
/// var h = loop.state(h0);
/// var b = loop.body();
/// var next = Ops.map(b, Functions.TANH, Ops.add(b, loop.step(xs), h));
/// var results = loop.scan(List.of(next), List.of(next));
/// ```
public final class Loop {
    private final Graph outside;
    private final Dim time;
    private final Graph body = new Graph();
    private final List<Value> init = new ArrayList<>();
    private final List<Value> states = new ArrayList<>();
    private final SequencedMap<Value, Value> steps = new LinkedHashMap<>();
    private final SequencedMap<Value, Value> constants = new LinkedHashMap<>();
    private int ports;

    /// The final states, and the outputs stacked as `[time, …]`.
    public record Results(List<Value> states, List<Value> outputs) {}

    public Loop(Graph outside, Dim time) {
        this.outside = outside;
        this.time = time;
        body.at(outside.here());
    }

    /// The graph of one step.
    public Graph body() {
        return body;
    }

    /// A state that begins as `init`.
    public Value state(Value first) {
        init.add(first);
        states.add(port(first.type()));
        return states.getLast();
    }

    /// In step t this is row t of `xs : [time, …]`.
    public Value step(Value xs) {
        return steps.computeIfAbsent(xs, _ -> port(xs.type().withShape(xs.type().shape().subList(1, xs.type().rank()))));
    }

    /// The same in every step.
    public Value constant(Value value) {
        return constants.computeIfAbsent(value, _ -> port(value.type()));
    }

    /// From first to last.
    /// @param next    what each state is in the following step, in the order in which the states were asked for
    /// @param outputs what each step gives
    public Results scan(List<Value> next, List<Value> outputs) {
        return add(next, outputs, body -> new Scan(body, time, false, init, List.copyOf(steps.keySet()), List.copyOf(constants.keySet())));
    }

    /// From last to first.
    public Results reverse(List<Value> next, List<Value> outputs) {
        return add(next, outputs, body -> new Scan(body, time, true, init, List.copyOf(steps.keySet()), List.copyOf(constants.keySet())));
    }

    /// Until the first output says stop.
    public Results until(List<Value> next, List<Value> outputs) {
        return add(next, outputs, body -> new While(body, time, init, List.copyOf(steps.keySet()), List.copyOf(constants.keySet())));
    }

    /// The same way round as another loop.
    public Results like(BodyLoop other, List<Value> next, List<Value> outputs) {
        return other.stops() ? until(next, outputs) : other.reverse() ? reverse(next, outputs) : scan(next, outputs);
    }

    private Results add(List<Value> next, List<Value> outputs, Function<Body, BodyLoop> made) {
        var closed = Body.of(body, states, List.copyOf(steps.values()), List.copyOf(constants.values()), next, outputs);
        var results = BodyLoop.results(outside, outside.add(made.apply(closed)));
        return new Results(results.subList(0, states.size()), results.subList(states.size(), results.size()));
    }

    private Value port(TensorType type) {
        return body.add(new Port(ports++, type));
    }
}
