package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.WithGradient;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Graphs without the derivatives that are written by hand: what is left once they have done their work, and what they are held against.
public final class Declared {
    private Declared() {}

    /// The same entry; itself when nothing is declared in it.
    public static Entry dropped(Entry entry) {
        if (none(entry.live())) return entry;
        var now = dropped(entry.graph(), entry.roots());
        return Rebuild.compact(new Entry(entry.name(), entry.graph(), entry.inputs(), entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList()));
    }

    /// What each value that `roots` depend on is without them, in the same graph.
    public static Map<Value, Value> dropped(Graph graph, List<Value> roots) {
        var here = graph.here();
        var now = new HashMap<Value, Value>();
        for (var v : graph.reachable(roots))
            now.put(v, v.op() instanceof WithGradient w ? now.get(w.y()) : graph.at(graph.origin(v)).add(inside(v.op()).withOperands(v.op().operands().stream().map(now::get).toList())));
        graph.at(here);
        return now;
    }

    private static boolean none(List<Value> values) {
        return values.stream().noneMatch(v -> v.op() instanceof WithGradient || (v.op() instanceof BodyLoop s && !none(s.body().graph().values())));
    }

    /// A loop without them in its body.
    private static Op inside(Op op) {
        if (!(op instanceof BodyLoop s) || none(s.body().graph().values())) return op;
        return s.with(s.body().map(Declared::dropped), s.init(), s.xs(), s.constants());
    }
}
