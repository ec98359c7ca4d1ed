package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/// The gradient of a loop is a loop in the other direction. It carries the cotangents of the states, reads those of the outputs, and gives those of the steps;
/// what flows into a constant is a state that adds up. The forward values it reads become outputs of the forward loop, which takes the place of the one that was differentiated.
final class ScanGradient {
    /// @param operands what flows into each operand of the loop, `null` where nothing does
    /// @param moved    each result of the loop, and the result of the longer loop that takes its place
    record Gradient(List<Value> operands, Map<Value, Value> moved) {}

    private final Graph outside;
    private final Value loop;
    private final Scan scan;
    private final Body body;
    private final List<Value> cotangents;
    private final Residuals.Ports ports;
    /// The operands, by position, that something may flow into: states, then steps and constants.
    private final List<Integer> carried;
    private final List<Integer> others;

    /// The steps forward and back in one graph.
    /// @param ports the ports of the step forward
    /// @param ends  next states and outputs of the step forward
    /// @param flows what flows into the ports that are `carried`, then into the `others`
    private record Joint(Graph graph, List<Value> ports, List<Value> ends, List<Value> flows) {}

    private ScanGradient(Graph outside, Value loop, List<Value> cotangents, Set<Value> varying) {
        this.outside = outside;
        this.loop = loop;
        this.scan = (Scan) loop.op();
        this.body = scan.body();
        this.cotangents = cotangents;
        ports = new Residuals.Ports(body.states().size(), body.steps().size(), body.constants().size());
        var all = body.ports();
        var varies = Dependence.varying(body, Dependence.positions(scan.operands(), varying).stream().map(all::get).toList());
        var given = new HashSet<Value>();
        for (int i = 0; i < body.ends().size(); i++) if (cotangents.get(i) != null) given.add(body.ends().get(i));
        var reaches = Dependence.reaching(body, given);
        carried = Dependence.positions(body.states(), varies).stream().filter(i -> cotangents.get(i) != null || reaches.contains(all.get(i))).toList();
        varies.retainAll(reaches);
        others = Dependence.positions(all, varies).stream().filter(i -> !ports.isState(i)).toList();
    }

    /// @param cotangents what flows into each result of the loop, `null` where nothing does
    /// @param varying    the values outside whose cotangents are asked for
    static Gradient of(Graph outside, Value loop, List<Value> cotangents, Set<Value> varying) {
        return new ScanGradient(outside, loop, cotangents, varying).derive();
    }

    private Gradient derive() {
        var joint = joint();
        var forward = joint.ends.subList(ports.states(), joint.ends.size());
        var residuals = Residuals.of(joint.graph, ports, forward, joint.flows.stream().filter(v -> v != null).toList());
        var outputs = Stream.concat(forward.stream(), residuals.kept().stream()).toList();
        var longer = outside.add(new Scan(closed(joint, outputs), scan.time(), scan.reverse(), scan.init(), scan.xs(), scan.constants()));
        var moved = new HashMap<Value, Value>();
        if (!longer.equals(loop)) for (int i = 0; i < scan.resultTypes().size(); i++) moved.put(outside.add(new Project(loop, i)), outside.add(new Project(longer, i)));
        return new Gradient(back(joint, residuals.reads(), longer, outputs), moved);
    }

    /// A copy of the body and its pullback. A port with the number of an end behind the last port brings what flows into that end.
    private Joint joint() {
        var step = new Graph();
        var copy = Rebuild.into(step, body.graph(), body.graph().values(), Map.of());
        var seeds = new LinkedHashMap<Value, Value>();
        var ends = body.ends().stream().map(copy::get).toList();
        for (int i = 0; i < ends.size(); i++)
            if (ports.isState(i) ? carried.contains(i) : cotangents.get(i) != null)
                seeds.merge(ends.get(i), step.add(new Port(body.ports().size() + i, ends.get(i).type())), (a, b) -> Ops.add(step, a, b));
        var all = body.ports().stream().map(copy::get).toList();
        var wanted = Stream.concat(carried.stream(), others.stream()).map(all::get).toList();
        var pulled = Pullback.of(step, seeds, wanted);
        var flows = new ArrayList<Value>();
        for (var port : wanted) flows.add(pulled.cotangents().containsKey(port) || !ports.isState(((Port) port.op()).index()) ? pulled.cotangents().get(port) : Ops.fill(step, 0, port.type().shape()));
        var graph = new Graph();
        var roots = Stream.of(all, ends, flows).flatMap(List::stream).filter(v -> v != null).toList();
        var now = Rebuild.roots(graph, step, roots, Map.of(), pulled.moved());
        return new Joint(graph, all.stream().map(now::get).toList(), ends.stream().map(now::get).toList(), flows.stream().map(now::get).toList());
    }

    /// The step forward with more outputs.
    private Body closed(Joint joint, List<Value> outputs) {
        int rest = ports.states() + ports.steps();
        var all = joint.ports;
        return Body.of(joint.graph, all.subList(0, ports.states()), all.subList(ports.states(), rest), all.subList(rest, all.size()), joint.ends.subList(0, ports.states()), outputs);
    }

    /// Adds the loop back. What flows into each operand, `null` where nothing does.
    private List<Value> back(Joint joint, List<Value> reads, Value longer, List<Value> outputs) {
        var back = new Loop(outside, scan.time());
        var body = back.body();
        var given = new HashMap<Value, Value>();
        for (int i : carried) given.put(joint.graph.add(arrival(i)), back.state(cotangents.get(i) == null ? Ops.fill(outside, 0, arrival(i).type().shape()) : cotangents.get(i)));
        for (var v : reads)
            if (!given.containsKey(v))
                given.put(v, v.op() instanceof Port p && !ports.isState(p.index()) ? port(back, p) : back.step(outside.add(new Project(longer, ports.states() + outputs.indexOf(v)))));
        var now = Rebuild.roots(body, joint.graph, joint.flows.stream().filter(v -> v != null).toList(), given, Map.of());
        var next = new ArrayList<Value>();
        var perStep = new ArrayList<Value>();
        for (int i = 0; i < carried.size(); i++) next.add(now.get(joint.flows.get(i)));
        for (int i = 0; i < others.size(); i++) {
            var flow = now.get(joint.flows.get(carried.size() + i));
            if (flow == null) continue;
            if (ports.isConstant(others.get(i))) next.add(Ops.add(body, back.state(Ops.fill(outside, 0, flow.type().shape())), flow));
            else perStep.add(flow);
        }
        var results = scan.reverse() ? back.scan(next, perStep) : back.reverse(next, perStep);
        return operands(joint, results);
    }

    private Port arrival(int end) {
        return new Port(body.ports().size() + end, body.ends().get(end).type());
    }

    /// What a port of the joint graph is in the loop back.
    private Value port(Loop back, Port port) {
        int count = body.ports().size();
        if (port.index() >= count) return back.step(cotangents.get(port.index() - count));
        var operand = scan.operands().get(port.index());
        return ports.isConstant(port.index()) ? back.constant(operand) : back.step(operand);
    }

    private List<Value> operands(Joint joint, Loop.Results results) {
        var into = new Value[body.ports().size()];
        var states = results.states().iterator();
        var perStep = results.outputs().iterator();
        for (int i : carried) into[i] = states.next();
        for (int i = 0; i < others.size(); i++)
            if (joint.flows.get(carried.size() + i) != null) into[others.get(i)] = ports.isConstant(others.get(i)) ? states.next() : perStep.next();
        return Arrays.asList(into);
    }
}
