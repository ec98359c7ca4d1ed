package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Random;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How much code a `Rows` kernel with row reductions has: what depends on a reduction waits for another sweep of the row, and each sweep computes anew all it needs.
final class Sweeps {
    /// Operations of a draw.
    static final int DRAW = 60;

    private final List<Value> members;
    private final Set<Value> written;
    private final java.util.Map<Value, Integer> sweeps = new HashMap<>();

    private Sweeps(Collection<Value> members, Set<Value> written) {
        this.members = members.stream().sorted(Comparator.comparingInt(Value::id)).toList();
        this.written = written;
        for (var v : this.members) {
            int before = v.op().operands().stream().map(o -> View.of(o).base()).mapToInt(o -> sweeps.getOrDefault(o, 0)).max().orElse(0);
            sweeps.put(v, reduces(v) ? before + 1 : before);
        }
    }

    /// Operations of all sweeps together.
    static int operations(Collection<Value> members, Set<Value> written) {
        return new Sweeps(members, written).operations();
    }

    private int operations() {
        int last = sweeps.values().stream().mapToInt(Integer::intValue).max().orElse(0);
        int operations = 0;
        for (int sweep = 0; sweep <= last; sweep++) operations += operations(sweep, sweep == last);
        return operations;
    }

    /// What the reductions of one sweep need, and in the last one what goes out. What a reduction gave is there already.
    private int operations(int sweep, boolean last) {
        var needed = new HashSet<Value>();
        for (var v : members) if ((last && written.contains(v)) || (reduces(v) && sweeps.get(v) == sweep + 1)) needed.add(v);
        int operations = 0;
        for (var v : members.reversed()) {
            if (!needed.contains(v) || (reduces(v) && sweeps.get(v) != sweep + 1)) continue;
            operations += v.op() instanceof Map m ? m.fn().operations() : 1;
            for (var operand : v.op().operands()) needed.add(View.of(operand).base());
        }
        for (var v : needed) if (v.op() instanceof Random) operations += DRAW;
        return operations;
    }

    private static boolean reduces(Value v) {
        return Reductions.axes(v).isPresent();
    }
}
