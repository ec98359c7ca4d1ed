package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Port;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What is known of the values of an entry before their orders are found: how parameters lie, by name, and in the body of a loop how its ports lie, by number.
/// @param weights the ports that depend on the weights alone
/// @param loop    the loop whose body this is
public record Given(Map<String, Order> parameters, Map<Integer, Order> ports, Set<Integer> weights, Optional<LoopBody> loop, Arithmetic arithmetic) {
    public static Given of(Map<String, Order> parameters, Arithmetic arithmetic) {
        return new Given(parameters, Map.of(), Set.of(), Optional.empty(), arithmetic);
    }

    Optional<Order> order(Value v) {
        return switch (v.op()) {
            case Param p -> Optional.ofNullable(parameters.get(p.name()));
            case Port p -> Optional.ofNullable(ports.get(p.index()));
            default -> Optional.empty();
        };
    }

    boolean isWeight(Value v) {
        return v.op() instanceof Param || (v.op() instanceof Port p && weights.contains(p.index()));
    }

    /// Whether `v` is what a loop reads anew in each step: it comes from far away.
    boolean isStep(Value v) {
        return loop.isPresent() && v.op() instanceof Port(int index, _) && loop.get().isStep(index);
    }

    /// The same for the body of a loop whose operands lie in the given orders. States lie as the body likes.
    Given inside(LoopBody loop, Orders outside) {
        var orders = new HashMap<Integer, Order>();
        var fromWeights = new HashSet<Integer>();
        int port = loop.scan().init().size();
        for (var x : loop.scan().xs()) {
            int number = port++;
            order(x, outside).ifPresent(o -> orders.put(number, o.step()));
        }
        for (var constant : loop.scan().constants()) {
            int number = port++;
            order(constant, outside).ifPresent(o -> orders.put(number, o));
            if (outside.weightsOnly().contains(View.of(constant).base())) fromWeights.add(number);
        }
        return new Given(Map.of(), orders, fromWeights, Optional.of(loop), arithmetic);
    }

    private static Optional<Order> order(Value operand, Orders outside) {
        var view = View.of(operand);
        return outside.settled(view.base()).map(o -> o.through(view));
    }
}
