package dev.kiln.compiler.graph;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The values of one entry. It only grows, and operands stand before their users: the order of ids is a topological order, so every walk is a loop.
/// Equal operators are one value, so common subexpressions never arise twice.
public final class Graph {
    private final List<Value> values = new ArrayList<>();
    private final Map<Op, Value> known = new HashMap<>();
    private final Origins origins = new Origins();
    private Optional<Origin> here = Optional.empty();

    /// The value of `op`: the known one if an equal operator is here already.
    public Value add(Op op) {
        var old = known.get(op);
        if (old != null) return old;
        for (var operand : op.operands())
            if (!owns(operand)) throw new IllegalArgumentException("operand %s of '%s' belongs to another graph".formatted(operand, op.spec().name()));
        var value = new Value(op, op.type(), values.size());
        values.add(value);
        known.put(op, value);
        origins.put(value.id(), here);
        return value;
    }

    /// From now on new values come from `origin`.
    public Graph at(Origin origin) {
        return at(Optional.of(origin));
    }

    public Graph at(Optional<Origin> origin) {
        here = origin;
        return this;
    }

    public Optional<Origin> origin(Value value) {
        return origins.of(value);
    }

    public Optional<Origin> here() {
        return here;
    }

    @SuppressWarnings("ReferenceEquality") // ownership is a matter of identity: ids repeat from graph to graph
    public boolean owns(Value value) {
        return value.id() < values.size() && values.get(value.id()) == value;
    }

    /// Every value ever added, operands before users.
    public List<Value> values() {
        return List.copyOf(values);
    }

    public Value value(int id) {
        return values.get(id);
    }

    public int size() {
        return values.size();
    }

    /// What `roots` depend on, themselves included, operands before users.
    public List<Value> reachable(Collection<Value> roots) {
        var live = new BitSet(values.size());
        for (var root : roots) live.set(root.id());
        for (int id = live.length() - 1; id >= 0; id--)
            if (live.get(id)) for (var operand : values.get(id).op().operands()) live.set(operand.id());
        return live.stream().mapToObj(values::get).toList();
    }

    /// The users of each value among those that `roots` depend on, in order; a user that reads a value twice stands twice.
    public Map<Value, List<Value>> users(Collection<Value> roots) {
        var users = new HashMap<Value, List<Value>>();
        for (var value : reachable(roots)) {
            users.putIfAbsent(value, new ArrayList<>());
            for (var operand : value.op().operands()) users.computeIfAbsent(operand, _ -> new ArrayList<>()).add(value);
        }
        return users;
    }
}
