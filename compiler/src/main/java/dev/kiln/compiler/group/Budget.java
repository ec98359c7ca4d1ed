package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Random;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// By how much a cluster may grow before one kernel for all of it would be slow. What the emitter refuses is seen to by [Fitting].
/// @param readers of each value, through movements that no group stands for
record Budget(Set<Value> roots, java.util.Map<Value, Set<Value>> readers) {
    /// Most vector operations of one `Rows` group: what a kernel may hold, with room for its loads and tails.
    private static final int OPERATIONS = 150;
    /// The same, when a row is swept several times and each sweep computes what it needs.
    private static final int SWEPT_OPERATIONS = 230;
    /// Most reductions of one group: each holds an accumulator and what is added to it.
    private static final int MOST_REDUCTIONS = 10;
    /// Most values one `Rows` group touches in memory.
    private static final int MOST_PORTS = 20;
    /// Of the 15 vectors that a kernel may hold in 16 registers.
    private static final int MOST_REGISTERS = 13;
    /// A function of so many operations holds several vectors while it is computed.
    private static final int WIDE_FUNCTION = 16;
    private static final int WIDE_REGISTERS = 5;

    /// What one kernel would hold too much of, if it computed these as well.
    Optional<Apart> beyond(Cluster cluster, Set<Value> more) {
        var all = new LinkedHashSet<>(cluster.axes.keySet());
        all.addAll(more);
        int operations = 0;
        var ports = new HashSet<Value>();
        var written = new HashSet<Value>();
        for (var v : all) {
            operations += v.op() instanceof Map m ? m.fn().operations() : 1;
            for (var read : View.ofOperands(v)) {
                if (read.base().op() instanceof Random) operations += Sweeps.DRAW;
                if (!all.contains(read.base()) && !(read.base().op() instanceof Const)) ports.add(read.base());
            }
            if (roots.contains(v) || readers.getOrDefault(v, Set.of()).stream().anyMatch(u -> !all.contains(u))) written.add(v);
        }
        ports.addAll(written);
        if (all.stream().filter(v -> Reductions.axes(v).isPresent()).count() > MOST_REDUCTIONS) return Optional.of(Apart.REDUCTIONS);
        if (operations > OPERATIONS || (cluster.reduction() != Group.Rows.Reduction.COLUMNS && Sweeps.operations(all, written) > SWEPT_OPERATIONS)) return Optional.of(Apart.OPERATIONS);
        if (ports.size() > MOST_PORTS) return Optional.of(Apart.MEMORY);
        return registers(all, written) > MOST_REGISTERS ? Optional.of(Apart.REGISTERS) : Optional.empty();
    }

    /// The vectors alive at one time when members are computed in order and stored at the end, and what a wide function needs beside them.
    private static int registers(Set<Value> members, Set<Value> written) {
        var order = members.stream().sorted(Comparator.comparingInt(Value::id)).toList();
        var last = new HashMap<Value, Integer>();
        for (int i = 0; i < order.size(); i++) for (var read : View.ofOperands(order.get(i))) if (!(read.base().op() instanceof Const)) last.put(read.base(), i);
        for (var v : written) last.put(v, order.size());
        var alive = new HashSet<Value>();
        int most = 0;
        for (int i = 0; i < order.size(); i++) {
            int at = i;
            for (var read : View.ofOperands(order.get(i))) if (last.containsKey(read.base())) alive.add(read.base());
            most = Math.max(most, alive.size() + (order.get(i).op() instanceof Map m && m.fn().operations() >= WIDE_FUNCTION ? WIDE_REGISTERS : 1));
            alive.removeIf(v -> last.get(v) <= at);
            if (last.getOrDefault(order.get(i), -1) > i) alive.add(order.get(i));
        }
        return most;
    }
}
