package dev.kiln.compiler.autodiff;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/// What a step back reads of the step forward: kept, if it is not recomputed by a few operations from what is kept anyway.
/// Steps, constants and what depends on constants alone are at hand in both directions and cost nothing; a state is gone and must be kept.
/// @param kept  forward values that must be outputs of the forward loop, in order
/// @param reads where the step back begins: ports, and values that the forward loop gives out
record Residuals(List<Value> kept, List<Value> reads) {
    /// So many operations on vectors are cheaper than to write and read what they give; a `tanh` alone is more.
    private static final int CHEAP = 4;
    private static final int DEAR = CHEAP + 1;

    /// Which ports of a step are which: the states, the steps, the constants, and behind them what brings cotangents.
    record Ports(int states, int steps, int constants) {
        boolean isState(int index) {
            return index < states;
        }

        boolean isConstant(int index) {
            return index >= states + steps;
        }

        boolean isCotangent(int index) {
            return index >= states + steps + constants;
        }
    }

    /// @param joint    one graph that holds both steps
    /// @param outputs  what the forward loop gives out anyway
    /// @param backward what the step back is asked for
    static Residuals of(Graph joint, Ports ports, List<Value> outputs, Collection<Value> backward) {
        var live = joint.reachable(backward);
        var back = new BitSet();
        var fixed = new BitSet();
        for (var v : live) {
            var operands = v.op().operands();
            if (v.op() instanceof Port(int index, _) ? ports.isCotangent(index) : operands.stream().anyMatch(operand -> back.get(operand.id()))) back.set(v.id());
            else if (v.op() instanceof Port(int index, _) ? ports.isConstant(index) : operands.stream().allMatch(operand -> fixed.get(operand.id()))) fixed.set(v.id());
        }
        var wanted = new LinkedHashSet<>(backward);
        for (var v : live) if (back.get(v.id())) wanted.addAll(v.op().operands());
        var wholes = wholes(wanted);
        var read = new BitSet();
        for (var v : wanted) read.set(source(v, wholes).id());
        var given = new BitSet();
        for (var v : outputs) if (!fixed.get(v.id())) given.set(v.id());
        var cost = new int[joint.size()];
        var kept = live.stream().filter(v -> {
            cost[v.id()] = back.get(v.id()) || fixed.get(v.id()) || given.get(v.id()) ? 0 : cost(v, ports, cost);
            boolean keep = read.get(v.id()) && cost[v.id()] > CHEAP;
            if (keep) {
                cost[v.id()] = 0;
                given.set(v.id());
            }
            return keep;
        }).toList();
        return new Residuals(kept, reads(joint, backward, given));
    }

    /// What is repeated is kept once, and what is read part by part as a whole.
    private static Value source(Value v, Set<Value> wholes) {
        var source = unrepeated(v);
        while (source.op() instanceof Slice s && wholes.contains(s.x())) source = unrepeated(s.x());
        return source;
    }

    private static Value unrepeated(Value v) {
        var source = v;
        while (source.op() instanceof Broadcast b) source = b.x();
        return source;
    }

    /// Values whose parts among those that are read are together as large as they: the halves of all gates are kept as the gates.
    private static Set<Value> wholes(Collection<Value> wanted) {
        var sizes = new HashMap<Value, Dim>();
        wanted.stream().map(Residuals::unrepeated).distinct().forEach(v -> {
            if (v.op() instanceof Slice s) sizes.merge(s.x(), size(v), Dim::plus);
        });
        return sizes.entrySet().stream().filter(e -> e.getValue().equals(size(e.getKey()))).map(java.util.Map.Entry::getKey).collect(Collectors.toSet());
    }

    private static Dim size(Value v) {
        return v.type().shape().stream().reduce(Dim.ONE, Dim::times);
    }

    private static int cost(Value v, Ports ports, int[] cost) {
        int operands = Math.min(DEAR, v.op().operands().stream().mapToInt(operand -> cost[operand.id()]).sum());
        return switch (v.op()) {
            case Port(int index, _) -> ports.isState(index) ? DEAR : 0;
            case Op.Movement _ -> operands;
            case Map m -> Math.min(DEAR, operands + m.fn().operations());
            case Op.Pointwise _ -> operands;
            default -> DEAR;
        };
    }

    private static List<Value> reads(Graph joint, Collection<Value> backward, BitSet given) {
        var seen = new BitSet();
        var reads = new BitSet();
        var work = new ArrayDeque<>(backward);
        while (!work.isEmpty()) {
            var v = work.pop();
            if (seen.get(v.id())) continue;
            seen.set(v.id());
            if (given.get(v.id()) || v.op() instanceof Port) reads.set(v.id());
            else work.addAll(v.op().operands());
        }
        return reads.stream().mapToObj(joint::value).toList();
    }
}
