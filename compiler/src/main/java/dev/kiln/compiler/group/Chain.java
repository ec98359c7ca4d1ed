package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Groups `first..end` work row by row of one dim. They run for a few rows at a time, so that what passes from one to the next stays in the cache.
/// @param doors whether what comes in at the doors goes along
public record Chain(int first, int end, boolean doors) {
    /// Fewer rows of a product than these do not pay for reading its weights once more.
    private static final int ROWS = 32;
    /// For an extent that is not known.
    private static final int TYPICAL = 32;
    private static final int TILE = 4;

    /// The dim whose rows the chains of an entry take: that of the rows of its first input.
    public static Optional<Dim> dim(Entry entry) {
        if (entry.inputs().isEmpty() || !entry.outputs(Output.Role.UPDATE).isEmpty() || !(entry.inputs().getFirst().op() instanceof Input first)) return Optional.empty();
        if (entry.inputs().stream().anyMatch(v -> v.op() instanceof Input(_, var type, var door) && !type.shape().equals(door))) return Optional.empty();
        return first.type().shape().stream().limit(1).filter(d -> first.dims().stream().map(Dim::variable).anyMatch(d::equals)).findFirst();
    }

    /// Where the rows of a value lie, -1 where it has none.
    public static int axis(Value v, Dim dim) {
        return Math.max(-1, new RowWise(dim).axis(v));
    }

    static List<Chain> of(Entry entry, List<Group> groups, Map<Value, Order> orders, Set<Value> prepared) {
        var dim = dim(entry);
        if (dim.isEmpty()) return List.of();
        var rows = new RowWise(dim.get());
        var bordered = bordered(groups, rows);
        boolean doors = entry.inputs().stream().allMatch(v -> rows.axis(v) == 0 && !bordered.contains(v));
        int start = (int) groups.stream().takeWhile(g -> isPrepared(g, prepared)).count();
        var chains = new ArrayList<Chain>();
        int first = 0;
        for (int i = 0; i <= groups.size(); i++) {
            boolean belongs = i < groups.size() && !isPrepared(groups.get(i), prepared) && groups.get(i).writes().stream().noneMatch(bordered::contains) && belongs(groups.get(i), rows, orders);
            if (belongs) continue;
            if (i - first > 1) chains.add(new Chain(first, i, doors && first == start));
            first = i + 1;
        }
        return List.copyOf(chains);
    }

    private static boolean isPrepared(Group group, Set<Value> prepared) {
        return prepared.contains(group.members().getFirst());
    }

    /// What a contraction does not read row by row: it may keep zeros before and after its rows, and those of a block of rows would lie in the rows of its neighbours.
    private static Set<Value> bordered(List<Group> groups, RowWise rows) {
        var bordered = new HashSet<Value>();
        for (var group : groups)
            if (group instanceof Group.Tiled(_, var roles, _, _, _, _, _)) {
                if (!rows.readsEach(roles.a(), roles.ofA(), roles.axes())) bordered.add(roles.a());
                if (!rows.readsEach(roles.b(), roles.ofB(), roles.axes())) bordered.add(roles.b());
            }
        return bordered;
    }

    private static boolean belongs(Group group, RowWise rows, Map<Value, Order> orders) {
        boolean pays = switch (group) {
            case Group.Tiled t -> rows.axis(t.roles().b()) >= 0 || t.roles().isChannel() || height(t, rows) >= ROWS;
            case Group.Transformed t -> tiles(t.op().height()) * tiles(t.op().width()) >= ROWS;
            case Group.Rows _, Group.Windowed _, Group.Moved _ -> true;
            case Group.Looped _, Group.Filters _ -> false;
        };
        return pays && group.writes().stream().allMatch(v -> outermost(v, rows, orders)) && group.members().stream().allMatch(v -> rowWise(v, group, rows, orders));
    }

    /// A member and everything between it and what lies in memory.
    private static boolean rowWise(Value v, Group group, RowWise rows, Map<Value, Order> orders) {
        if (!rows.keeps(v)) return false;
        for (var x : v.op().operands()) {
            if (group.members().contains(x)) continue;
            boolean inMemory = View.of(x).base().equals(x) && !Sources.inline(x);
            if (inMemory ? rows.axis(x) != RowWise.NONE && !outermost(x, rows, orders) : !rowWise(x, group, rows, orders)) return false;
        }
        return true;
    }

    /// One row after another, so that no other stride depends on their number. What a loop gives may lie behind its states of other steps, and begin where their number says.
    private static boolean outermost(Value v, RowWise rows, Map<Value, Order> orders) {
        int axis = rows.axis(v);
        if (axis < 0 || (v.op() instanceof Input && axis > 0) || v.op() instanceof Project) return false;
        var order = orders.getOrDefault(v, Order.logical(v.type().rank()));
        return !order.panelled() && order.axes().stream().filter(a -> a == axis || !v.type().dim(a).is(1)).findFirst().orElseThrow() == axis;
    }

    /// Rows of the product for one row of the dim.
    private static long height(Group.Tiled t, RowWise rows) {
        long height = 1;
        for (int axis : t.roles().rows()) {
            var extent = t.roles().axes().get(axis).extent();
            if (!extent.equals(rows.dim())) height *= extent.constant().orElse(TYPICAL);
        }
        return height;
    }

    private static long tiles(Dim extent) {
        return (extent.constant().orElse(TYPICAL) + TILE - 1) / TILE;
    }
}
