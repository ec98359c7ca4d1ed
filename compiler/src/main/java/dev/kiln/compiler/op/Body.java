package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Evaluate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;

/// One step of a loop: a closed graph with its own numbering, `(states, steps, constants) -> (next, outputs)`. It captures nothing; dims mean what they mean outside.
/// The ports stand first, in order, read or not; every other value is needed. Bodies with the same operators in the same order are equal.
/// @param next what each state is in the following step
public record Body(Graph graph, List<Value> states, List<Value> steps, List<Value> constants, List<Value> next, List<Value> outputs) {
    public Body {
        states = List.copyOf(states);
        steps = List.copyOf(steps);
        constants = List.copyOf(constants);
        next = List.copyOf(next);
        outputs = List.copyOf(outputs);
        int ports = 0;
        for (var port : Stream.of(states, steps, constants).flatMap(List::stream).toList()) {
            Fit.require(port.op() instanceof Port p && p.index() == ports && graph.owns(port) && port.id() == ports, "body: %s is not port %d", port.op(), ports);
            ports++;
        }
        Fit.require(next.size() == states.size(), "body: %d states and %d next states", states.size(), next.size());
        for (int i = 0; i < states.size(); i++)
            Fit.require(next.get(i).type().equals(states.get(i).type()), "body: state %d is %s, its next is %s", i, states.get(i).type(), next.get(i).type());
        for (var v : graph.values()) {
            boolean outside = v.op() instanceof Input || v.op() instanceof Param || v.op() instanceof Gradient || v.op() instanceof Random;
            Fit.require(!outside, "body: %s comes from outside, pass it as a constant or step", v.op().spec().name());
            Fit.require(!(v.op() instanceof Port p) || p.index() < ports, "body: %s is no state, step or constant", v.op());
        }
        Fit.require(graph.size() == live(graph, ports, next, outputs).size(), "body: a value that nothing needs");
    }

    /// The body of these ports and ends, whatever else the graph holds and however its ports are numbered.
    public static Body of(Graph graph, List<Value> states, List<Value> steps, List<Value> constants, List<Value> next, List<Value> outputs) {
        var target = new Graph();
        var now = new HashMap<Value, Value>();
        for (var port : Stream.of(states, steps, constants).flatMap(List::stream).toList())
            now.put(port, target.at(graph.origin(port)).add(new Port(now.size(), port.type())));
        var all = Rebuild.into(target, graph, graph.reachable(Stream.concat(next.stream(), outputs.stream()).toList()), now);
        return new Body(target, map(states, all), map(steps, all), map(constants, all), map(next, all), map(outputs, all));
    }

    /// The same body after `step` has said, in a copy of the graph, what stands for each of the ends it is given.
    public Body map(BiFunction<Graph, List<Value>, java.util.Map<Value, Value>> step) {
        var copy = new Graph();
        var now = Rebuild.into(copy, graph, graph.values(), java.util.Map.of());
        var ends = map(ends(), now);
        var after = map(ends, step.apply(copy, ends));
        return of(copy, map(states, now), map(steps, now), map(constants, now), after.subList(0, next.size()), after.subList(next.size(), after.size()));
    }

    /// States, steps, constants.
    public List<Value> ports() {
        return Stream.of(states, steps, constants).flatMap(List::stream).toList();
    }

    /// Next states, then outputs: what a step is asked for.
    public List<Value> ends() {
        return Stream.concat(next.stream(), outputs.stream()).toList();
    }

    /// The next states and outputs of one step.
    List<Array> step(List<Array> ports, Env env) {
        var known = Evaluate.all(graph, ends(), new Step(env, ports));
        return ends().stream().map(known::get).toList();
    }

    String print() {
        var ends = new LinkedHashMap<String, List<Value>>();
        ends.put("next", next);
        ends.put("output", outputs);
        return GraphText.print(graph, graph.values(), ends);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Body b && counts().equals(b.counts()) && next.equals(b.next) && outputs.equals(b.outputs) && ops().equals(b.ops());
    }

    @Override
    public int hashCode() {
        return ops().hashCode() * 31 + ends().hashCode();
    }

    private List<Integer> counts() {
        return List.of(states.size(), steps.size(), constants.size());
    }

    private List<Op> ops() {
        return graph.values().stream().map(Value::op).toList();
    }

    private static List<Value> live(Graph graph, int ports, List<Value> next, List<Value> outputs) {
        var roots = new ArrayList<>(next);
        roots.addAll(outputs);
        for (int i = 0; i < ports; i++) roots.add(graph.value(i));
        return graph.reachable(roots);
    }

    private static List<Value> map(List<Value> values, java.util.Map<Value, Value> now) {
        return values.stream().map(now::get).toList();
    }

    /// The world as a step sees it.
    private record Step(Env world, List<Array> ports) implements Env.Around {
        @Override
        public Array port(int index) {
            return ports.get(index);
        }
    }
}
