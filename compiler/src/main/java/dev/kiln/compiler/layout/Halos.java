package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.type.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// How many zeros each value keeps around it: the most that any contraction reads beyond its edge. A tile writes its rows in whole vectors, over zeros that lie along them; so its result keeps none there,
/// and who reads beyond that edge takes a copy.
public final class Halos {
    static Map<Value, List<Halo>> of(Groups groups) {
        var halos = new HashMap<Value, List<Halo>>();
        for (var group : groups.groups())
            if (group instanceof Group.Tiled t) {
                widen(halos, t.roles().a(), t.roles().ofA(), t.roles().axes());
                widen(halos, t.roles().b(), t.roles().ofB(), t.roles().axes());
            }
        for (var group : groups.groups()) if (group instanceof Group.Tiled t) halos.computeIfPresent(t.result(), (v, halo) -> withoutRowEnds(halo, groups.orders().getOrDefault(v, Order.logical(halo.size()))));
        return halos;
    }

    private static List<Halo> withoutRowEnds(List<Halo> halo, Order order) {
        return IntStream.range(0, halo.size()).mapToObj(d -> d == order.last() ? Halo.NONE : halo.get(d)).toList();
    }

    private static void widen(Map<Value, List<Halo>> halos, Value v, Access access, List<Axis> axes) {
        var wanted = of(v, access, axes);
        halos.merge(v, wanted, (one, other) -> IntStream.range(0, one.size()).mapToObj(d -> one.get(d).join(other.get(d))).toList());
    }

    /// How many zeros one contraction reads around `v`.
    public static List<Halo> of(Value v, Access access, List<Axis> axes) {
        var shape = v.type().shape();
        return IntStream.range(0, shape.size()).mapToObj(d -> halo(access.dims().get(d), shape.get(d), axes)).toList();
    }

    private static Halo halo(Affine index, Dim extent, List<Axis> axes) {
        return new Halo(beyond(index.least(axes).times(-1)), beyond(index.most(axes).minus(extent.minus(1))));
    }

    /// A symbolic reach is rounded up: `floor(x / s) · s` is at most x, so what is left over is a number after the floors are taken away. Sizes are 1 and more; where 0 can be bounded, too, it is.
    private static int beyond(Dim reach) {
        if (reach.isConstant()) return Math.max(0, reach.toInt());
        var inside = reach.times(-1);
        var most = inside.least();
        if (most.isEmpty()) throw new IllegalStateException("cannot bound how far a window reaches beyond its edge: " + reach);
        return Math.toIntExact(Math.max(0, -Math.min(most.getAsLong(), inside.leastFromNone().orElse(0))));
    }

    private Halos() {}
}
