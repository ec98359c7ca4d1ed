package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.op.Concat;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/// Where the parts of what is put together lie: row kernels write them right there, and nothing is copied. Only parts whose rows are whole vectors, since a kernel may write the pads of its rows, too.
final class Parts {
    private static final int VECTOR = 16;

    private final Groups groups;
    private final Map<Value, Storage> storages;
    private final Map<Value, List<Storage.Halo>> halos;
    private final Set<Value> swept = new HashSet<>();

    /// @param storages what has a place already; here parts get theirs
    Parts(Groups groups, Map<Value, Storage> storages, Map<Value, List<Storage.Halo>> halos) {
        this.groups = groups;
        this.storages = storages;
        this.halos = halos;
        for (int i = 0; i < groups.groups().size(); i++) {
            int place = i;
            boolean inChain = groups.chains().stream().anyMatch(c -> c.first() <= place && place < c.end());
            if (!inChain && groups.groups().get(i) instanceof Group.Rows rows && rows.reduction() == Group.Rows.Reduction.NONE) swept.addAll(rows.writes());
        }
        swept.removeAll(groups.prepared());
    }

    /// What is put together last first: its parts may be put together themselves.
    /// @param place of a value that has none yet
    void place(Function<Value, Storage> place) {
        for (var group : groups.groups().reversed())
            if (group instanceof Group.Moved(var whole) && whole.op() instanceof Concat concat && isPlain(whole) && !groups.prepared().contains(whole)) parts(concat, storages.computeIfAbsent(whole, place));
    }

    private void parts(Concat concat, Storage whole) {
        if (whole.buffer().space() != Space.ARENA || whole.panelled() || whole.hasHalo()) return;
        var base = whole.base();
        for (var part : concat.operands()) {
            var view = View.of(part);
            if (view.isIdentity() && swept.contains(view.base()) && isPlain(view.base()) && hasWholeVectors(view.base())) storages.putIfAbsent(view.base(), whole.at(base));
            base = base.plus(whole.strides().get(concat.axis()).times(part.type().shape().get(concat.axis())));
        }
    }

    private static boolean hasWholeVectors(Value v) {
        return v.type().rank() > 0 && v.type().shape().getLast().isConstant() && v.type().shape().getLast().toInt() % VECTOR == 0;
    }

    private boolean isPlain(Value v) {
        var logical = Order.logical(v.type().rank());
        return groups.orders().getOrDefault(v, logical).equals(logical) && halos.getOrDefault(v, List.of()).stream().allMatch(Storage.Halo::isNone);
    }
}
