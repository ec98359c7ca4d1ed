package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.type.Dim;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/// What a rule may ask about the place it works at.
public final class Site {
    private final Graph graph;
    private final boolean training;
    private final Map<Value, List<Value>> users;
    private final Readers readers;
    private final BitSet fixed = new BitSet();
    private int known;
    private final Map<List<Object>, Optional<Value[]>> found = new HashMap<>();

    /// @param users    the users of each value when the round began
    /// @param readers  how often each value is read now
    /// @param training whether the entry changes parameters
    Site(Graph graph, boolean training, Map<Value, List<Value>> users, Readers readers) {
        this.graph = graph;
        this.training = training;
        this.users = users;
        this.readers = readers;
    }

    public Graph graph() {
        return graph;
    }

    /// True when `v` is read once: by one operand of one value, or as an output.
    public boolean onlyUse(Value v) {
        return readers.once(v);
    }

    /// The users of `v`; none when it was made in this round.
    public List<Value> users(Value v) {
        return users.getOrDefault(v, List.of());
    }

    /// True when slices read `v`, which together are no more than it, and nothing else does.
    public boolean onlyParts(Value v) {
        var parts = users(v);
        if (readers.count(v) > parts.size() || !parts.stream().allMatch(u -> u.op() instanceof Slice)) return false;
        var sizes = parts.stream().map(u -> u.type().shape().stream().reduce(Dim.ONE, Dim::times)).reduce(Dim.ZERO, Dim::plus);
        return !parts.isEmpty() && sizes.equals(v.type().shape().stream().reduce(Dim.ONE, Dim::times));
    }

    /// Whether `v` has something along these axes in every call. One that learns is refused without rows, others may have none.
    public boolean inhabited(Value v, List<Integer> axes) {
        return axes.stream().map(v.type()::dim).allMatch(d -> (training ? d.least() : d.leastFromNone()).orElse(0) > 0);
    }

    /// What `law` says of the results of `loop`, asked once for all of them.
    Value[] once(String law, Value loop, Supplier<Value[]> results) {
        var key = List.<Object>of(law, loop);
        if (!found.containsKey(key)) found.put(key, Optional.ofNullable(results.get()));
        return found.get(key).orElse(null);
    }

    /// True when `v` depends on constants alone, or on parameters that this entry does not change, and has a static shape: it is computed when weights are loaded, not in every run.
    public boolean fixed(Value v) {
        for (; known <= v.id(); known++) {
            var value = graph.value(known);
            boolean source = (value.op() instanceof Param && !training) || value.op() instanceof Const || value.op() instanceof Iota;
            boolean derived = !(value.op() instanceof Op.Control) && !value.op().operands().isEmpty() && value.op().operands().stream().allMatch(operand -> fixed.get(operand.id()));
            fixed.set(known, (source || derived) && value.type().shape().stream().allMatch(Dim::isConstant));
        }
        return fixed.get(v.id());
    }
}
