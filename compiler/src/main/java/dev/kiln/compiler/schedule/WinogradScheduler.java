package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// Schedules a convolution by transforms: brings what does not lie with its channels side by side into that order, and back.
final class WinogradScheduler {
    private final Scheduling scheduling;
    private final Group.Transformed group;
    private final String name;

    WinogradScheduler(Scheduling scheduling, Group.Transformed group, String name) {
        this.scheduling = scheduling;
        this.group = group;
        this.name = name;
    }

    void schedule() {
        var op = group.op();
        var x = channelsLast(op.x(), op.in().get(1));
        var target = scheduling.storage(group.result());
        var shape = group.result().type().shape();
        int channel = op.out().get(1);
        boolean direct = !target.panelled() && target.strides().get(channel).is(1);
        var y = direct ? target : rows(group.result(), channel, "product");
        var residual = group.residual().map(r -> channelsLast(r, channel));
        var tiles = new WinogradTiles(name, scheduling.origin(group.anchor()), op, group.act(), x, panels(op.u()), y, group.bias().map(scheduling::storage), residual);
        scheduling.add(new RowStrides.Layer(tiles.work(), List.of(tiles.step())));
        if (!direct) scheduling.add(Copies.copy("copy of " + name, scheduling.origin(group.anchor()), shape, target, Copies.identity(shape.size()), y, Copies.identity(shape.size())));
    }

    private Storage channelsLast(Value v, int channel) {
        var lies = scheduling.storage(v);
        if (!lies.panelled() && lies.strides().get(channel).is(1) && lies.buffer().space() != Space.INTS_IN) return lies;
        return copied(v, lies, rows(v, channel, "packed"));
    }

    /// The 36 matrices with the filters in panels.
    private Storage panels(Value u) {
        var lies = scheduling.storage(u);
        if (lies.panelled() && lies.panelAxis() == 2) return lies;
        var shape = u.type().shape();
        return copied(u, lies, Storages.panelled(shape, new Order(List.of(0, 1, 2), true), size -> scheduling.temporary("packed", size)));
    }

    private Storage copied(Value v, Storage from, Storage to) {
        var shape = v.type().shape();
        scheduling.add(Copies.copy("pack for " + name, scheduling.origin(v), shape, to, Copies.identity(shape.size()), from, Copies.identity(shape.size())), to, from);
        return to;
    }

    private Storage rows(Value v, int channel, String purpose) {
        int rank = v.type().rank();
        return Storages.plain(v.type().shape(), Order.inner(rank, channel), Storages.none(rank), true, size -> scheduling.temporary(purpose, size));
    }
}
