package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.type.DType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Forward mode on the graph: what values move by when others move. It shares nothing with reverse mode but the derivatives of scalar functions, so `⟨Jv, u⟩ = ⟨v, Jᵀu⟩` holds one against the other.
/// A derivative written by hand plays no part here: it is the formula of the value that is differentiated.
public final class Forward {
    private Forward() {}

    /// What each of `ys` moves by when every key of `along` moves by its value; zeros where it stands still.
    public static List<Value> tangents(Graph g, List<Value> ys, Map<Value, Value> along) {
        var here = g.here();
        var moves = new HashMap<>(along);
        for (var v : g.reachable(ys)) {
            if (v.op() instanceof Project p && p.scan().op() instanceof Scan scan) {
                g.at(g.origin(v));
                ForwardScan.tangent(g, scan, p.index(), moves).ifPresent(tangent -> moves.putIfAbsent(v, tangent));
                continue;
            }
            var operands = v.op().operands();
            if (moves.containsKey(v) || v.type().dtype() != DType.f32 || operands.stream().noneMatch(moves::containsKey)) continue;
            g.at(g.origin(v));
            var dx = operands.stream().map(x -> moves.containsKey(x) || x.type().dtype() != DType.f32 ? moves.get(x) : still(g, x)).toList();
            var tangent = v.op().tangent(g, v, dx);
            if (tangent != null) moves.put(v, tangent);
        }
        g.at(here);
        return ys.stream().map(y -> moves.containsKey(y) ? moves.get(y) : still(g, y)).toList();
    }

    static Value still(Graph g, Value v) {
        return Ops.fill(g, 0, v.type().shape());
    }
}
