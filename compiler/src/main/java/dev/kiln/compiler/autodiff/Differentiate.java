package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Reverse mode on the graph: every operator says what flows into its operands, [Pullback] adds up.
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
        var loss = losses.getFirst().value();
        var flows = Pullback.of(graph, seed(graph, loss), parameters);
        var derived = cotangents(graph, flows, parameters);
        var moved = new HashMap<>(flows.moved());
        for (int i = 0; i < asked.size(); i++) moved.put(asked.get(i), derived.get(i));
        var now = Rebuild.roots(graph, graph, entry.roots(), Map.of(), moved);
        return Declared.dropped(Rebuild.compact(new Entry(entry.name(), graph, entry.inputs(), entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList())));
    }

    private static Value parameter(Graph graph, Gradient gradient) {
        return graph.add(new Param(gradient.parameter(), gradient.type()));
    }

    /// The gradient of the scalar `loss` with respect to each of `wrt`; zeros where it does not depend on it.
    public static List<Value> gradient(Graph g, Value loss, List<Value> wrt) {
        return cotangents(g, Pullback.of(g, seed(g, loss), wrt), wrt);
    }

    /// What `dy`, flowing into `y`, makes flow into each of `wrt`.
    public static List<Value> pullback(Graph g, Value y, Value dy, List<Value> wrt) {
        if (!dy.type().equals(y.type())) throw new IllegalArgumentException("a cotangent of %s for a value of %s".formatted(dy.type(), y.type()));
        return cotangents(g, Pullback.of(g, Map.of(y, dy), wrt), wrt);
    }

    private static Map<Value, Value> seed(Graph g, Value loss) {
        if (!loss.type().isScalar() || loss.type().dtype() != DType.f32) throw new IllegalArgumentException("a loss is f32, not " + loss.type());
        return Map.of(loss, Ops.scalar(g, 1));
    }

    private static List<Value> cotangents(Graph g, Pullback.Flows flows, List<Value> wrt) {
        return wrt.stream().map(v -> flows.cotangents().containsKey(v) ? flows.cotangents().get(v) : Ops.fill(g, 0, v.type().shape())).toList();
    }
}
