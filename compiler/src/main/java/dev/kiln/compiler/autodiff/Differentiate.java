package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.DType;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;

/// Reverse mode on the graph: every operator says what flows into its operands, this page only adds up. One walk from the last value to the first.
public final class Differentiate {
    private Differentiate() {}

    public static Program of(Program program) {
        return program.map(Differentiate::of);
    }

    /// Puts the derived gradient of the loss in the place of each `gradient(parameter)`.
    public static Entry of(Entry entry) {
        var asked = entry.live().stream().filter(v -> v.op() instanceof Gradient).toList();
        if (asked.isEmpty()) return Declared.dropped(entry);
        var losses = entry.outputs(Role.LOSS);
        if (losses.size() != 1) throw new IllegalStateException("entry '%s' asks for gradients and has %d losses".formatted(entry.name(), losses.size()));
        var graph = entry.graph();
        var parameters = asked.stream().map(v -> parameter(graph, (Gradient) v.op())).toList();
        var derived = gradient(graph, losses.getFirst().value(), parameters);
        var given = new HashMap<Value, Value>();
        for (int i = 0; i < asked.size(); i++) given.put(asked.get(i), derived.get(i));
        var now = Rebuild.into(graph, graph, entry.live(), given);
        return Declared.dropped(Rebuild.compact(new Entry(entry.name(), graph, entry.inputs(), entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList())));
    }

    private static Value parameter(Graph graph, Gradient gradient) {
        return graph.add(new Param(gradient.parameter(), gradient.type()));
    }

    /// The gradient of the scalar `loss` with respect to each of `wrt`; zeros where it does not depend on it.
    public static List<Value> gradient(Graph g, Value loss, List<Value> wrt) {
        if (!loss.type().isScalar() || loss.type().dtype() != DType.f32) throw new IllegalArgumentException("a loss is f32, not " + loss.type());
        return pullback(g, loss, Ops.scalar(g, 1), wrt);
    }

    /// What `dy`, flowing into `y`, makes flow into each of `wrt`.
    public static List<Value> pullback(Graph g, Value y, Value dy, List<Value> wrt) {
        if (!dy.type().equals(y.type())) throw new IllegalArgumentException("a cotangent of %s for a value of %s".formatted(dy.type(), y.type()));
        var live = g.reachable(List.of(y));
        var varies = new HashSet<>(wrt);
        for (var v : live) if (v.op().operands().stream().anyMatch(varies::contains)) varies.add(v);
        var here = g.here();
        var cotangents = new HashMap<Value, Value>();
        cotangents.put(y, dy);
        for (var v : live.reversed()) {
            var flowing = cotangents.get(v);
            if (flowing == null || !varies.contains(v) || v.op().operands().isEmpty()) continue;
            if (v.op() instanceof Op.Result) throw new IllegalStateException("the gradient of scan is not derived yet");
            g.at(g.origin(v));
            var into = v.op().gradient(g, v, flowing);
            for (int i = 0; i < into.size(); i++) {
                var operand = v.op().operands().get(i);
                if (into.get(i) == null || !varies.contains(operand)) continue;
                check(v, operand, into.get(i));
                cotangents.merge(operand, into.get(i), (a, b) -> Ops.add(g, a, b));
            }
        }
        g.at(here);
        return wrt.stream().map(v -> cotangents.containsKey(v) ? cotangents.get(v) : Ops.fill(g, 0, v.type().shape())).toList();
    }

    private static void check(Value v, Value operand, Value cotangent) {
        if (!cotangent.type().equals(operand.type()))
            throw new IllegalStateException("gradient of '%s': a cotangent of %s for an operand of %s".formatted(v.op().spec().name(), cotangent.type(), operand.type()));
    }
}
