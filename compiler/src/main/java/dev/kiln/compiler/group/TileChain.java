package dev.kiln.compiler.group;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Map;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// What follows a contraction and fits into its tiles: a bias and a residual as the initial value, relu or clip at the end.
/// @param result  the value at its end
/// @param members the contraction and what follows it
/// @param end     why nothing more of what follows is in it
public record TileChain(Optional<Value> bias, Optional<Value> residual, Act act, Value result, List<Value> members, Apart end) {
    public TileChain {
        members = List.copyOf(members);
    }

    /// @param column the dim of the contraction's result that is the vector
    static TileChain of(Value anchor, int column, Orders orders, Function<Value, Optional<Value>> onlyUser, Set<Value> prepared) {
        var members = new ArrayList<Value>(List.of(anchor));
        Optional<Value> bias = Optional.empty();
        Optional<Value> residual = Optional.empty();
        Act act = new Act.None();
        var end = anchor;
        while (act instanceof Act.None) {
            var next = onlyUser.apply(end);
            if (next.isEmpty() || !(next.get().op() instanceof Map map) || map.operands().size() != 2) break;
            var other = map.operands().get(map.operands().getFirst().equals(end) ? 1 : 0);
            if (other.equals(end)) break;
            if (map.fn().equals(Functions.ADD)) {
                if (bias.isEmpty() && isBias(other, anchor, column, prepared)) bias = Optional.of(View.of(other).base());
                else if (residual.isEmpty() && isResidual(other, anchor, column, orders)) residual = Optional.of(View.of(other).base());
                else break;
            } else if (map.fn().equals(Functions.MAX) && map.operands().getFirst().equals(end) && number(other).filter(n -> n == 0).isPresent()) {
                act = new Act.Relu();
            } else break;
            end = next.get();
            members.add(end);
        }
        // min(relu(x), high)
        var last = act instanceof Act.Relu ? onlyUser.apply(end) : Optional.<Value>empty();
        if (last.isPresent() && last.get().op() instanceof Map map && map.fn().equals(Functions.MIN) && map.operands().getFirst().equals(end)) {
            var high = number(map.operands().get(1)).filter(n -> n >= 0);
            if (high.isPresent()) {
                act = new Act.Clip(0, high.get().floatValue());
                end = last.get();
                members.add(end);
            }
        }
        return new TileChain(bias, residual, act, end, members, onlyUser.apply(end).isPresent() ? Apart.TILE_END : Apart.MANY_READERS);
    }

    /// A contraction alone.
    static TileChain none(Value anchor) {
        return new TileChain(Optional.empty(), Optional.empty(), Act.NONE, anchor, List.of(anchor), Apart.GATHERED);
    }

    /// One number a column, lying together.
    private static boolean isBias(Value v, Value anchor, int column, Set<Value> prepared) {
        var view = View.of(v);
        boolean before = prepared.contains(view.base()) || Sources.inMemory(view.base()) || view.base().id() < anchor.id();
        return before && view.isPlain() && !Sources.inline(view.base()) && view.base().type().shape().size() == 1 && view.dims().getFirst().axis() == column && anchor.type().shape().size() > 1;
    }

    /// Its columns lie side by side: tiles start with whole vectors of it. They would wait for a step of a loop at each of their starts, since it lies far away in short rows;
    /// a sweep over long rows has it fetched ahead.
    private static boolean isResidual(Value v, Value anchor, int column, Orders orders) {
        var view = View.of(v);
        return !orders.isStep(view.base()) && view.isIdentity() && orders.of(view.base()).axes().indexOf(column) == anchor.type().rank() - 1 && v.id() < anchor.id() && !Sources.inline(view.base()) && orders.settled(view.base()).equals(orders.settled(anchor));
    }

    private static Optional<Double> number(Value v) {
        return View.of(v).base().op() instanceof Const c && c.type().shape().isEmpty() ? Optional.of(c.data().getFirst()) : Optional.empty();
    }
}
