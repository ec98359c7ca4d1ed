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
///
/// Where the loop multiplies a single row by a matrix, that product waits for the cache while multipliers idle: it makes the next strip beside itself, tile by tile
/// (`schedule.Beside`). Only the first strip is then made before the loop, strips are of the least length, and two of them take turns.
/// @param loop    whose iterations read it
/// @param axis    of the contraction that is time
/// @param time    how many iterations there are
/// @param steps   of a strip: with few other rows many, since each strip reads all weights again
/// @param reverse whether the first iteration reads the last step
/// @param beside  the product of the body that makes the next strip where `alone` is one
/// @param alone   1 where a step has one row and a product makes strips beside itself, else 0
public record Strip(Value loop, int axis, Dim time, Dim steps, boolean reverse, Optional<Value> beside, Dim alone) {
    /// A tile's height: no strip is shorter.
    private static final int LEAST = 8;
    /// With so many rows beside time a strip is of the least length; with fewer it has some 256 rows.
    private static final int ROWS = 32;
    /// Columns that a task of a product makes.
    private static final int CHUNK = 128;
    /// Floats of a matrix that a row of it has to wait for: below, tiles in pairs took up to 7 % longer than one after the other.
    private static final int AWAITED = 1 << 15;

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
                for (var x : loop.loop().scan().xs()) if (tiles.containsKey(x) && isOnlyReader(loop, x, groups)) of(tiles.get(x), loop, groups, strips).ifPresent(strip -> strips.put(x, strip));
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

    private static Optional<Strip> of(Group.Tiled tiled, Group.Looped looped, Groups groups, Map<Value, Strip> others) {
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
        var more = Dim.of(ROWS).floorDiv(rows.plus(1)).times(LEAST);
        if (!plain || !inRows || !bare || more.plus(LEAST).atMost(scan.time()).isConstant()) return Optional.empty();
        var beside = product(tiled, looped, rows, others);
        var alone = beside.isPresent() ? Dim.of(2).floorDiv(rows.plus(1)).atMost(Dim.ONE).named("alone") : Dim.ZERO;
        var steps = more.times(Dim.ONE.minus(alone)).plus(LEAST).atMost(scan.time()).named("strip");
        return Optional.of(new Strip(looped.loop().loop(), axis, scan.time(), steps, scan.reverse(), beside, alone));
    }

    /// A product of a state and a matrix in the body that has as many columns, so a task for each tile of a strip.
    /// @param rows beside time
    private static Optional<Value> product(Group.Tiled tiled, Group.Looped looped, Dim rows, Map<Value, Strip> others) {
        if (!isPlain(tiled) || rows.isConstant()) return Optional.empty();
        var loop = looped.loop();
        var states = looped.body().entry().inputs().subList(0, loop.scan().init().size());
        return looped.body().groups().stream().filter(Group.Tiled.class::isInstance).map(Group.Tiled.class::cast)
                .filter(t -> isPlain(t) && columns(t).equals(columns(tiled)) && columns(t).times(extent(t, t.roles().reduces().getFirst())).toInt() > AWAITED)
                .filter(t -> t.roles().rows().size() == 1 && extent(t, t.roles().rows().getFirst()).equals(rows) && states.contains(View.of(t.roles().a()).base()))
                .map(Group.Tiled::result)
                .filter(v -> others.values().stream().noneMatch(s -> s.loop.equals(loop.loop()) && s.beside.equals(Optional.of(v))))
                .findFirst();
    }

    /// Whether it is a product of rows and a matrix, with whole chunks of columns.
    private static boolean isPlain(Group.Tiled t) {
        var roles = t.roles();
        return roles.column() >= 0 && columns(t).isConstant() && columns(t).toInt() % CHUNK == 0 && roles.columns().size() == 1 && roles.batches().isEmpty() && roles.reduces().size() == 1
                && extent(t, roles.reduces().getFirst()).isConstant();
    }

    private static Dim columns(Group.Tiled tiled) {
        return extent(tiled, tiled.roles().column());
    }

    private static Dim extent(Group.Tiled tiled, int axis) {
        return tiled.roles().axes().get(axis).extent();
    }

    /// How many iterations there are from one strip that is made before them to the next.
    public Dim every() {
        return steps.times(Dim.ONE.minus(alone)).plus(time.times(alone));
    }

    /// How many steps are made before iterations, not beside them.
    public Dim before() {
        return time.times(Dim.ONE.minus(alone)).plus(steps.times(alone));
    }

    /// How many strips there is room for at a time, not counting the one for what the last strip makes again.
    public Dim places() {
        return alone.plus(1);
    }

    private static boolean isBare(Value v, Map<Value, List<Halo>> halos) {
        return halos.getOrDefault(v, List.of()).stream().allMatch(Halo::isNone);
    }

    /// Room for the strips that take turns and one more: steps before a strip that the last one makes again lie in front of it, in a loop that runs backwards behind it.
    Storage room(Value v, Order order, boolean padRows, Function<Dim, Buffer> buffer) {
        var shape = new ArrayList<>(v.type().shape());
        shape.set(0, steps.times(places().plus(1)));
        var all = Storages.plain(shape, order, Storages.none(shape.size()), padRows, buffer);
        return reverse ? all : Storages.from(all, steps);
    }

    /// What an iteration reads of it.
    Shift shift(Storage room, int depth) {
        var stride = room.strides().getFirst();
        var turn = steps.times(places());
        return reverse ? new Shift(room.buffer(), depth, stride.times(turn.minus(1)), stride.times(-1), Optional.of(turn)) : new Shift(room.buffer(), depth, Dim.ZERO, stride, Optional.of(turn));
    }
}
