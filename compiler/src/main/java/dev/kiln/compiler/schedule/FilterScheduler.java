package dev.kiln.compiler.schedule;

import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.kernel.TransformKey;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.op.WinogradFilter;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// Schedules the transform of filters into the 36 matrices that a convolution by transforms multiplies with: panel by panel of filters, channel by channel.
record FilterScheduler(Scheduling scheduling) {
    void schedule(Group.Filters group, String name) {
        var op = group.op();
        var w = readable(op, name);
        var u = scheduling.storage(group.result());
        var panels = new Loops.Axis("p", IndexExpr.size(op.type().dim(2)).parts(Storage.PANEL));
        var channels = new Loops.Axis("c", IndexExpr.size(op.type().dim(1)));
        int filter = op.places().get(0);
        var row = tap(w, op.places().get(2), op.taps(), op.flipRows());
        var column = tap(w, op.places().get(3), op.taps(), op.flipColumns());
        var ofPanel = w.panelled() ? IndexExpr.size(w.panelStride()) : IndexExpr.number(Storage.PANEL);
        var from = IndexExpr.size(w.base().plus(row.first()).plus(column.first())).plus(Loops.at(panels).times(ofPanel)).plus(Loops.at(channels).times(IndexExpr.size(w.strides().get(op.places().get(1)))));
        var to = IndexExpr.size(u.base()).plus(Loops.at(panels).times(IndexExpr.size(u.panelStride()))).plus(Loops.at(channels).times(IndexExpr.size(u.strides().get(1))));
        var left = IndexExpr.size(op.w().type().dim(filter)).minus(Loops.at(panels).times(IndexExpr.number(Storage.PANEL)));
        List<Action> body = List.of(new Action.Kernel(TransformKey.filter(op.taps()), List.of(new Place(w.buffer(), from), new Place(u.buffer(), to),
                Argument.of(IndexExpr.number(Storage.PANEL).minimum(left)), Argument.of(IndexExpr.size(row.step())), Argument.of(IndexExpr.size(column.step())), Argument.of(IndexExpr.size(u.strides().getFirst())))));
        scheduling.add(new Loops(List.of(panels, channels)).step(name, scheduling.origin(group.result()), IndexExpr.number(100), body));
    }

    /// The filters side by side, in panels or rows.
    private Storage readable(WinogradFilter op, String name) {
        var lies = scheduling.storage(op.w());
        int filter = op.places().getFirst();
        if (lies.panelled() ? lies.panelAxis() == filter : lies.strides().get(filter).is(1)) return lies;
        var shape = op.w().type().shape();
        var rows = Storages.plain(shape, Order.inner(shape.size(), filter), Storages.none(shape.size()), true, size -> scheduling.temporary("packed", size));
        scheduling.add(Copies.copy("pack for " + name, scheduling.origin(op.w()), shape, rows, Copies.identity(shape.size()), lies, Copies.identity(shape.size())), rows, lies);
        return rows;
    }

    /// Where the first tap of an axis lies, and how far the next one is.
    private record Taps(Dim first, Dim step) {}

    private static Taps tap(Storage w, int dim, int taps, boolean flips) {
        var stride = w.strides().get(dim);
        return flips ? new Taps(stride.times(taps - 1), stride.times(-1)) : new Taps(Dim.ZERO, stride);
    }
}
