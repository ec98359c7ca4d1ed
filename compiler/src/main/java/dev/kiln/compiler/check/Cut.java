package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Loop.Carried;
import dev.kiln.compiler.check.Loop.Step;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.op.Size;
import dev.kiln.compiler.op.While;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes a [Scan] or a [While] of a [Loop]: what changes from step to step becomes its body, everything else stays outside and is passed in, computed once.
final class Cut {
    private final Graph graph;
    private final Loop loop;

    private Cut(Graph graph, Loop loop) {
        this.graph = graph;
        this.loop = loop;
    }

    /// @param finals  each state after the last step, by path
    /// @param outputs stacked, time first
    record Results(Map<String, Value> finals, List<Value> outputs) {}

    static Results of(Graph graph, Loop loop, List<Value> outputs, boolean reverse) {
        return new Cut(graph, loop).scan(outputs, reverse);
    }

    private Results scan(List<Value> outputs, boolean reverse) {
        Map<String, Carried> moved = new LinkedHashMap<>(loop.states());
        moved.values().removeIf(c -> c.after().isEmpty());
        var ends = new ArrayList<>(moved.values().stream().map(c -> c.after().orElseThrow()).toList());
        ends.addAll(outputs);
        List<Value> settled = settled(ends);
        List<Step> steps = List.copyOf(loop.steps());
        Set<Value> inside = inside(settled);
        List<Value> constants = constants(settled, inside);

        var body = new Graph();
        var given = new HashMap<Value, Value>();
        List<Value> states = ports(moved.values().stream().map(Carried::before).toList(), body, given);
        List<Value> elements = ports(steps.stream().map(Step::now).toList(), body, given);
        List<Value> fixed = ports(constants, body, given);
        Map<Value, Value> now = Rebuild.into(body, graph, graph.values().stream().filter(inside::contains).toList(), given);
        List<Value> next = settled.subList(0, moved.size()).stream().map(now::get).toList();
        List<Value> made = settled.subList(moved.size(), settled.size()).stream().map(now::get).toList();
        List<Value> init = moved.values().stream().map(Carried::initial).toList();
        List<Value> sequences = steps.stream().map(Step::sequence).toList();
        var closed = new Body(body, states, elements, fixed, next, made);
        Value scan = graph.add(loop.isOpen() ? new While(closed, loop.time(), init, sequences, constants) : new Scan(closed, loop.time(), reverse, init, sequences, constants));
        return results(scan, moved);
    }

    private Results results(Value scan, Map<String, Carried> moved) {
        var finals = new LinkedHashMap<String, Value>();
        loop.states().forEach((path, c) -> finals.put(path, c.initial()));
        int result = 0;
        for (String path : moved.keySet()) finals.put(path, graph.add(new Project(scan, result++)));
        var outputs = new ArrayList<Value>();
        for (int count = ((BodyLoop) scan.op()).body().outputs().size(); count > 0; count--) outputs.add(graph.add(new Project(scan, result++)));
        return new Results(finals, outputs);
    }

    private static List<Value> ports(List<Value> outside, Graph body, Map<Value, Value> given) {
        var ports = new ArrayList<Value>();
        for (Value v : outside) {
            Value port = body.add(new Port(given.size(), v.type()));
            given.put(v, port);
            ports.add(port);
        }
        return ports;
    }

    /// A state that no step changes is what it begins with.
    private List<Value> settled(List<Value> ends) {
        var still = new HashMap<Value, Value>();
        for (Carried c : loop.states().values()) if (c.after().isEmpty()) still.put(c.before(), c.initial());
        if (still.isEmpty()) return ends;
        Map<Value, Value> now = Rebuild.into(graph, graph, graph.reachable(ends), still);
        return ends.stream().map(now::get).toList();
    }

    /// What varies, and what is as cheap to have in every step: constants, repeats.
    private Set<Value> inside(List<Value> ends) {
        Set<Value> standIns = loop.standIns();
        var varies = new HashSet<>(standIns);
        var plain = new HashSet<Value>();
        List<Value> live = graph.reachable(ends);
        for (Value v : live) {
            if (v.op().operands().stream().anyMatch(varies::contains)) varies.add(v);
            boolean source = v.op() instanceof Const || v.op() instanceof Iota || v.op() instanceof Size;
            boolean cheap = (v.op() instanceof Op.Pointwise || v.op() instanceof Op.Movement) && plain.containsAll(v.op().operands());
            if (source || cheap) plain.add(v);
        }
        var needed = new HashSet<>(ends);
        var inside = new HashSet<Value>();
        for (Value v : live.reversed()) {
            if (!needed.contains(v) || standIns.contains(v) || !(varies.contains(v) || plain.contains(v) || v.op() instanceof Broadcast)) continue;
            inside.add(v);
            needed.addAll(v.op().operands());
        }
        return inside;
    }

    /// What the body reads and does not compute, in the order of the graph.
    private List<Value> constants(List<Value> ends, Set<Value> inside) {
        var read = new HashSet<>(ends);
        for (Value v : inside) read.addAll(v.op().operands());
        read.removeAll(inside);
        read.removeAll(loop.standIns());
        return graph.values().stream().filter(read::contains).toList();
    }
}
