package dev.kiln.compiler.study;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.type.DType;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A place where a graph bends its values one by one: all that leaves `source` goes through functions of one number.
///
/// @param ends  what the rest of the graph reads of those functions
/// @param units the axes of `source` along which different parameters made its elements
record Activation(Value source, List<Value> ends, Bend bend, List<Integer> units) {
    Activation {
        ends = List.copyOf(ends);
        units = List.copyOf(units);
    }

    /// The activations on the way to `roots`, in order.
    static List<Activation> of(Graph g, List<Value> roots) {
        var users = g.users(roots);
        var constant = new HashSet<Value>();
        var moving = new HashSet<Value>();
        var sources = new LinkedHashMap<Value, Value>();
        for (var v : g.reachable(roots)) {
            var operands = v.op().operands();
            if (v.op() instanceof Const || ((v.op() instanceof Broadcast || v.op() instanceof Op.Pointwise) && constant.containsAll(operands))) constant.add(v);
            if (v.op() instanceof Input || operands.stream().anyMatch(moving::contains)) moving.add(v);
            var from = operands.stream().filter(x -> !constant.contains(x)).map(sources::get).collect(Collectors.toSet());
            sources.put(v, v.op() instanceof Op.Pointwise && from.size() == 1 ? from.iterator().next() : v);
        }
        var ends = new LinkedHashMap<Value, List<Value>>();
        sources.forEach((v, source) -> {
            boolean read = roots.contains(v) || users.get(v).stream().anyMatch(user -> !sources.get(user).equals(source));
            if (read && moving.contains(source) && source.type().dtype() == DType.f32) ends.computeIfAbsent(source, _ -> new ArrayList<>()).add(v);
        });
        var units = new HashMap<Value, Set<Integer>>();
        var found = new ArrayList<Activation>();
        ends.forEach((source, all) -> {
            if (all.contains(source)) return; // something reads it as it is, so whatever the functions do, it learns
            var shapes = all.stream().filter(end -> end.type().dtype() == DType.f32).map(end -> Bend.of(source, end)).toList();
            if (shapes.size() != 1 || shapes.getFirst().kind() == Bend.Kind.OTHER) return;
            var end = all.stream().filter(e -> e.type().dtype() == DType.f32).toList();
            found.add(new Activation(source, end, shapes.getFirst(), List.copyOf(new TreeSet<>(units(source, units)))));
        });
        return found;
    }

    /// The axes of `v` along which a parameter varies that made it.
    private static Set<Integer> units(Value v, java.util.Map<Value, Set<Integer>> known) {
        var old = known.get(v);
        if (old != null) return old;
        var axes = new HashSet<Integer>();
        switch (v.op()) {
            case Param _ -> IntStream.range(0, v.type().rank()).forEach(axes::add);
            case Broadcast b -> units(b.x(), known).forEach(axis -> axes.add(b.axes().get(axis)));
            case Permute p -> {
                var before = units(p.x(), known);
                IntStream.range(0, p.order().size()).filter(i -> before.contains(p.order().get(i))).forEach(axes::add);
            }
            case Map m -> m.operands().forEach(operand -> axes.addAll(units(operand, known)));
            case Contract c -> IntStream.range(0, c.out().size()).filter(i -> made(c, c.out().get(i))).forEach(axes::add);
            default -> { }
        }
        known.put(v, axes);
        return axes;
    }

    /// The layer before it, by the nearest parameter that made its source: `logits.dense_1`; empty when none did.
    Optional<String> layer() {
        var seen = new HashSet<Value>();
        var waiting = new ArrayDeque<>(List.of(source));
        while (!waiting.isEmpty()) {
            var v = waiting.remove();
            if (v.op() instanceof Param p) return Optional.of(p.name().contains(".") ? p.name().substring(0, p.name().lastIndexOf('.')) : p.name());
            v.op().operands().stream().filter(seen::add).forEach(waiting::add);
        }
        return Optional.empty();
    }

    /// Whether an axis of a contraction's result is one of weights alone.
    private static boolean made(Contract c, int axis) {
        return c.ofA().reads(axis) != c.ofB().reads(axis) && weight(c.ofA().reads(axis) ? c.a() : c.b());
    }

    private static boolean weight(Value v) {
        return v.op() instanceof Param || (v.op() instanceof Op.Movement && v.op().operands().stream().allMatch(Activation::weight));
    }
}
