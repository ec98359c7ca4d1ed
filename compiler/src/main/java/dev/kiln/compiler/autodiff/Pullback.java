package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One walk from the last value to the first: every operator says what flows into its operands, this page adds up. What flows into the results of a loop is gathered until the walk comes to the loop.
final class Pullback {
    private final Graph g;
    private final Set<Value> varies;
    private final Map<Value, Value> cotangents = new HashMap<>();
    private final Map<Value, Value[]> ofResults = new HashMap<>();
    private final Map<Value, Value> moved = new HashMap<>();

    /// @param cotangents what has flown into each value
    /// @param moved      results of loops in whose place those of longer loops stand, which give more
    record Flows(Map<Value, Value> cotangents, Map<Value, Value> moved) {}

    private Pullback(Graph g, Set<Value> varies) {
        this.g = g;
        this.varies = varies;
    }

    /// @param seeds what flows into some values
    /// @param wrt   only what depends on one of these is followed
    static Flows of(Graph g, Map<Value, Value> seeds, Collection<Value> wrt) {
        var live = g.reachable(seeds.keySet());
        var varies = new HashSet<>(wrt);
        for (var v : live) if (v.op().operands().stream().anyMatch(varies::contains)) varies.add(v);
        var walk = new Pullback(g, varies);
        walk.cotangents.putAll(seeds);
        var here = g.here();
        for (var v : live.reversed()) walk.pass(v);
        g.at(here);
        return new Flows(walk.cotangents, walk.moved);
    }

    private void pass(Value v) {
        if (!varies.contains(v) || v.op().operands().isEmpty()) return;
        g.at(g.origin(v));
        if (ofResults.containsKey(v)) {
            if (!(v.op() instanceof Scan)) throw new IllegalStateException("no gradient flows through " + v.op().spec().name());
            var gradient = ScanGradient.of(g, v, Arrays.asList(ofResults.get(v)), varies);
            moved.putAll(gradient.moved());
            flow(v, gradient.operands());
        }
        var flowing = cotangents.get(v);
        if (flowing == null) return;
        if (v.op() instanceof Project(var loop, int index)) ofResults.computeIfAbsent(loop, l -> new Value[((Op.Control) l.op()).resultTypes().size()])[index] = flowing;
        else flow(v, v.op().gradient(g, v, flowing));
    }

    private void flow(Value v, List<Value> into) {
        for (int i = 0; i < into.size(); i++) {
            var operand = v.op().operands().get(i);
            if (into.get(i) == null || !varies.contains(operand)) continue;
            if (!into.get(i).type().equals(operand.type()))
                throw new IllegalStateException("gradient of '%s': a cotangent of %s for an operand of %s".formatted(v.op().spec().name(), into.get(i).type(), operand.type()));
            cotangents.merge(operand, into.get(i), (a, b) -> Ops.add(g, a, b));
        }
    }
}
