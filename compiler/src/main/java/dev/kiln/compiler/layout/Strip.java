package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// How a contraction over all of time that the steps of one loop alone read is made: so many steps at a time, right before the iterations that read them. What an iteration reads is still in
/// the cache then, and takes the room of two strips instead of all of time. The last strip is moved up to end with the last step, so that all are equally long: hence two.
/// @param loop    whose iterations read it
/// @param axis    of the contraction that is time
/// @param time    how many iterations there are
/// @param steps   of a strip: with few other rows many, since each strip reads all weights again
/// @param reverse whether the first iteration reads the last step
public record Strip(Value loop, int axis, Dim time, Dim steps, boolean reverse) {
    /// A tile's height: no strip is shorter.
    private static final int LEAST = 8;
    /// With so many rows beside time a strip is of the least length; with fewer it has some 256 rows.
    private static final int ROWS = 32;

    /// For each value that is made in strips how.
    static Map<Value, Strip> of(Groups groups) {
        var tiles = new HashMap<Value, Group.Tiled>();
        for (int i = 0; i < groups.groups().size(); i++) {
            int place = i;
            boolean inChain = groups.chains().stream().anyMatch(c -> c.first() <= place && place < c.end());
            if (!inChain && groups.groups().get(i) instanceof Group.Tiled tiled) tiles.put(tiled.result(), tiled);
        }
        var strips = new HashMap<Value, Strip>();
        for (var group : groups.groups())
            if (group instanceof Group.Looped loop && !loop.loop().scan().stops())
                for (var x : loop.loop().scan().xs()) if (tiles.containsKey(x) && isOnlyReader(loop, x, groups)) of(tiles.get(x), loop, groups).ifPresent(strip -> strips.put(x, strip));
        return strips;
    }

    /// Whether a loop reads a value as one of its steps and nobody else reads it.
    private static boolean isOnlyReader(Group.Looped loop, Value v, Groups groups) {
        if (groups.prepared().contains(v) || groups.entry().outputs().stream().anyMatch(o -> View.of(o.value()).base().equals(v))) return false;
        return reads(loop.loop().loop(), v) == 1 && groups.groups().stream().filter(g -> !g.equals(loop) && !g.writes().contains(v)).noneMatch(g -> g.members().stream().anyMatch(m -> reads(m, v) > 0));
    }

    private static long reads(Value reader, Value v) {
        return reader.op().operands().stream().filter(operand -> View.of(operand).base().equals(v)).count();
    }

    private static Optional<Strip> of(Group.Tiled tiled, Group.Looped looped, Groups groups) {
        var scan = looped.loop().scan();
        var v = tiled.result();
        var roles = tiled.roles();
        int axis = roles.out().getFirst();
        boolean plain = tiled.residual().isEmpty() && !roles.isChannel() && roles.rows().contains(axis) && roles.reduces().size() <= 2;
        var port = looped.body().entry().inputs().get(scan.init().size() + scan.xs().indexOf(v));
        var order = groups.orders().getOrDefault(v, Order.logical(v.type().rank()));
        boolean inRows = order.equals(looped.body().orders().getOrDefault(port, Order.logical(port.type().rank())).stacked()) && order.last() == roles.out().indexOf(roles.column());
        boolean bare = isBare(v, Halos.of(groups)) && isBare(port, Halos.of(looped.body()));
        var rows = Dim.ONE;
        for (int row : roles.rows()) if (row != axis) rows = rows.times(roles.axes().get(row).extent());
        var steps = Dim.of(ROWS).floorDiv(rows.plus(1)).times(LEAST).plus(LEAST).atMost(scan.time());
        return plain && inRows && bare && !steps.isConstant() ? Optional.of(new Strip(looped.loop().loop(), axis, scan.time(), steps.named("strip"), scan.reverse())) : Optional.empty();
    }

    private static boolean isBare(Value v, Map<Value, List<Halo>> halos) {
        return halos.getOrDefault(v, List.of()).stream().allMatch(Halo::isNone);
    }

    /// Room for two strips. Steps before a strip that the last one makes again lie in front of it, in a loop that runs backwards behind it.
    Storage room(Value v, Order order, boolean padRows, Function<Dim, Buffer> buffer) {
        var shape = new ArrayList<>(v.type().shape());
        shape.set(0, steps.times(2));
        var two = Storages.plain(shape, order, Storages.none(shape.size()), padRows, buffer);
        return reverse ? two : Storages.from(two, steps);
    }

    /// What an iteration reads of it.
    Shift shift(Storage room, int depth) {
        var stride = room.strides().getFirst();
        return reverse ? new Shift(room.buffer(), depth, stride.times(steps.minus(1)), stride.times(-1), Optional.of(steps)) : new Shift(room.buffer(), depth, Dim.ZERO, stride, Optional.of(steps));
    }
}
