package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.Roles;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.layout.Halos;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.layout.Strip;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Schedules a contraction. The column axis is the vector; row axes that lie evenly merge, the innermost is cut into strips; reduced axes that lie evenly merge,
/// the innermost is the tile's own loop, the next two its outer loops; everything else is a driver loop.
final class TileScheduler {
    /// The least columns for which A is brought into the order of B.
    private static final int TURNED_COLUMNS = 256;

    private final Scheduling scheduling;
    private final Group.Tiled group;
    private final Roles roles;
    private final String name;
    private final Optional<Origin> origin;
    private final Optional<Strip> strip;
    private final Optional<LineTiles> line;
    private Storage a;
    private Storage b;
    private Storage c;

    /// An axis of the contraction, or several that merged, with the strides of every operand along it.
    record Run(Dim extent, Dim ofA, Dim ofB, Dim ofC, Dim ofResidual) {
        /// This run and the next outer one as one, if all operands move evenly.
        Optional<Run> merge(Run outer) {
            boolean even = outer.ofA.equals(ofA.times(extent)) && outer.ofB.equals(ofB.times(extent)) && outer.ofC.equals(ofC.times(extent)) && outer.ofResidual.equals(ofResidual.times(extent));
            return even ? Optional.of(new Run(extent.times(outer.extent), ofA, ofB, ofC, ofResidual)) : Optional.empty();
        }
    }

    TileScheduler(Scheduling scheduling, Group.Tiled group, String name) {
        this(scheduling, group, name, Optional.empty());
    }

    /// @param line for the tiles of one line of an image alone
    TileScheduler(Scheduling scheduling, Group.Tiled group, String name, Optional<LineTiles> line) {
        this.scheduling = scheduling;
        this.group = group;
        this.roles = group.roles();
        this.name = name;
        this.origin = scheduling.origin(group.anchor());
        this.strip = Optional.ofNullable(scheduling.layouts.strips().get(group.result()));
        this.line = line;
    }

    void schedule() {
        operands();
        scheduling.add(new RowStrides.Layer(work(), tiles()));
        end();
    }

    /// Brings operands where tiles can read them, and finds room for the result.
    void operands() {
        a = scheduling.storage(roles.a());
        var around = Halos.of(roles.a(), roles.ofA(), roles.axes());
        var passed = line.flatMap(LineTiles::from);
        if (passed.isPresent()) a = passed.get();
        else if (roles.isChannel()) a = columns(roles.a(), a, roles.columnDimOfA(), around, false);
        else if (a.panelled() || !a.covers(around)) a = copied(roles.a(), a, Order.logical(roles.a().type().shape().size()), around, false);
        b = columns(roles.b(), scheduling.storage(roles.b()), roles.columnDimOfB(), Halos.of(roles.b(), roles.ofB(), roles.axes()), true);
        alongB().ifPresent(order -> a = scheduling.once(List.of(roles.a(), order, around), () -> copied(roles.a(), a, order, around, false)));
        var target = target();
        int columnDim = roles.out().indexOf(roles.column());
        boolean direct = target.panelled() ? target.panelAxis() == columnDim : target.strides().get(columnDim).is(1) && holdsVectors(target, columnDim);
        c = direct ? target : Storages.plain(group.result().type().shape(), Order.inner(roles.out().size(), columnDim), Storages.none(roles.out().size()), true, size -> scheduling.temporary("product", size));
    }

    /// Sums over more than one axis are one run of terms where both operands have these axes in the same order. Brought into that of B, A costs as much as some 25 columns of the product.
    private Optional<Order> alongB() {
        var columns = roles.axes().get(roles.column()).extent();
        boolean pays = columns.isConstant() && columns.toInt() >= TURNED_COLUMNS && !roles.isChannel() && !b.panelled() && line.isEmpty();
        return pays ? roles.alongB(a.order(), b.order()) : Optional.empty();
    }

    private Storage target() {
        return line.flatMap(LineTiles::to).orElseGet(() -> scheduling.storage(group.result()));
    }

    /// Copies the result where tiles could not write it.
    void end() {
        var target = target();
        if (!c.equals(target)) scheduling.add(Copies.copy("copy of " + name, origin, group.result().type().shape(), target, Copies.identity(roles.out().size()), c, Copies.identity(roles.out().size())));
    }

    /// Tiles write whole vectors of columns: in the caller's array there is nothing behind a row that may be written, and behind a row of weights may lie the next one.
    private boolean holdsVectors(Storage storage, int dim) {
        var columns = group.result().type().shape().get(dim);
        return switch (storage.buffer().space()) {
            case ARENA, DERIVED -> true;
            case WEIGHTS -> rowsHaveRoom(group.result(), storage, dim);
            case FLOATS_IN, INTS_IN, FLOATS_OUT, INTS_OUT -> columns.isConstant() && columns.toInt() % 16 == 0;
        };
    }

    /// An operand with its columns side by side: in panels of this column, or as padded rows.
    private Storage columns(Value v, Storage lies, int dim, List<Storage.Halo> around, boolean panels) {
        if (!lies.covers(around)) return copied(v, lies, Order.inner(v.type().shape().size(), dim), around, false);
        if (lies.panelled() ? panels && lies.panelAxis() == dim : hasColumns(v, lies, dim)) return lies;
        boolean isStatic = v.type().shape().stream().allMatch(Dim::isConstant);
        return copied(v, lies, Order.inner(v.type().shape().size(), dim), around, panels && isStatic && v.type().shape().size() > 1 && around.stream().allMatch(Storage.Halo::isNone));
    }

    /// Whether columns lie side by side, with room for whole vectors.
    static boolean hasColumns(Value v, Storage lies, int dim) {
        return lies.strides().get(dim).is(1) && rowsHaveRoom(v, lies, dim);
    }

    /// Tiles read and write whole vectors of columns: a row must reach to the next multiple of 16.
    private static boolean rowsHaveRoom(Value v, Storage lies, int dim) {
        var row = v.type().shape().get(dim);
        var wanted = row.plus(15).floorDiv(16).times(16);
        var strides = lies.strides().stream().filter(s -> !s.is(1)).toList();
        return strides.stream().allMatch(s -> hasRoom(s, wanted) || strides.stream().anyMatch(t -> hasRoom(t, wanted) && s.exactDiv(t).isPresent()));
    }

    private static boolean hasRoom(Dim stride, Dim wanted) {
        return stride.equals(wanted) || stride.exactDiv(wanted).isPresent() || (stride.isConstant() && wanted.isConstant() && stride.toInt() >= wanted.toInt());
    }

    private Storage copied(Value v, Storage from, Order order, List<Storage.Halo> halo, boolean panels) {
        var shape = v.type().shape();
        var to = panels ? Storages.panelled(shape, new Order(order.axes(), true), size -> scheduling.temporary("packed", size)) : Storages.plain(shape, order, halo, true, size -> scheduling.temporary("packed", size));
        scheduling.border(shape, to);
        scheduling.add(Copies.copy("pack for " + name, origin, shape, to, Copies.identity(shape.size()), from, Copies.identity(shape.size())), to, from);
        return to;
    }

    /// The steps of the tiles, all of them or those of a line.
    List<Step> tiles() {
        var residual = group.residual().map(scheduling::storage);
        var reduces = runs(byStrideOfA(roles.reduces()), residual);
        var rows = runs(byStrideOfA(roles.rows().stream().filter(axis -> line.stream().noneMatch(l -> l.fixes(axis))).toList()), residual);
        var outer = new ArrayList<Run>();
        for (int axis : roles.batches()) if (axis != roles.column()) outer.add(run(axis, residual));
        for (int axis : roles.columns()) if (axis != roles.column()) outer.add(run(axis, residual));
        for (int i = rows.size() - 1; i >= 1; i--) outer.add(rows.get(i));
        var one = new Run(Dim.ONE, Dim.ZERO, Dim.ZERO, Dim.ZERO, Dim.ZERO);
        var row = rows.isEmpty() ? one : rows.getFirst();
        var k = reduces.isEmpty() ? one : reduces.getFirst();
        var r = reduces.size() < 2 ? one : reduces.get(1);
        boolean third = reduces.size() >= 3 && reduces.get(2).extent().isConstant();
        var q = third ? reduces.get(2) : one;
        var gathered = reduces.subList(third ? 3 : Math.min(2, reduces.size()), reduces.size());
        var start = !gathered.isEmpty() ? Start.RESIDUAL : group.bias().isPresent() ? residual.isPresent() ? Start.BIAS_RESIDUAL : Start.BIAS : residual.isPresent() ? Start.RESIDUAL : Start.ZERO;
        if (!gathered.isEmpty()) scheduling.add(MoveScheduler.zeroed(name, origin, c));
        var column = new Run(roles.axes().get(roles.column()).extent(), roles.isChannel() ? Dim.ONE : Dim.ZERO, Dim.ONE, Dim.ONE, Dim.ONE);
        if (strip.isPresent()) scheduling.inStrips(group.result());
        var tiles = new Tiles(name, origin, start, group.act(), a, b, c, group.bias().map(scheduling::storage), residual, row, column, k, r, q, outer, gathered, base(roles.ofA(), a), base(roles.ofB(), b), strip.map(this::loop), inside(outer, r, residual), line.map(l -> l.offsets(axis -> run(axis, residual))).orElse(Offsets.NONE));
        if (strip.filter(s -> s.beside().isPresent()).isPresent()) scheduling.following(group.result(), tiles.following());
        var beside = scheduling.beside(group.result());
        return beside.isEmpty() ? tiles.steps() : tiles.steps().stream().map(beside.get()::of).toList();
    }

    /// Where the run around the terms is one axis of a window that leaves the image.
    private Optional<Inside> inside(List<Run> outer, Run r, Optional<Storage> residual) {
        if (strip.isPresent() || line.isPresent() || roles.isChannel() || roles.reduces().stream().anyMatch(axis -> !extent(axis).isConstant())) return Optional.empty();
        for (int d = 0; d < roles.ofA().dims().size(); d++) {
            var index = roles.ofA().dims().get(d);
            for (int window : roles.reduces())
                for (int row : roles.rows()) {
                    int at = outer.indexOf(run(row, residual));
                    var inside = at < 0 || !run(window, residual).equals(r) ? Optional.<Inside>empty() : Inside.of(at, index, roles.a().type().dim(d), row, extent(row), window, extent(window));
                    if (inside.isPresent()) return inside;
                }
        }
        return Optional.empty();
    }

    private Dim extent(int axis) {
        return roles.axes().get(axis).extent();
    }

    /// Multiply-adds for one of everything symbolic; a size that counts down from a symbol may be none then.
    long work() {
        return roles.axes().stream().mapToLong(axis -> Math.max(1, axis.extent().evaluate(_ -> 1))).reduce(1, (x, y) -> x * y);
    }

    private StripLoop loop(Strip strip) {
        return new StripLoop(strip, stride(roles.ofA(), a, strip.axis()), c.strides().get(roles.out().indexOf(strip.axis())), IntStream.range(0, roles.axes().size()).mapToObj(axis -> axis == strip.axis() ? strip.before() : roles.axes().get(axis).extent()).toList(), false);
    }

    /// Axes as runs, innermost first, neighbours merged.
    private List<Run> runs(List<Integer> axes, Optional<Storage> residual) {
        var runs = new ArrayList<Run>();
        for (int axis : axes) {
            var next = run(axis, residual);
            if (next.extent().is(1)) continue;
            var merged = runs.isEmpty() ? Optional.<Run>empty() : runs.getLast().merge(next);
            if (merged.isPresent()) runs.set(runs.size() - 1, merged.get());
            else runs.add(next);
        }
        return runs;
    }

    private List<Integer> byStrideOfA(List<Integer> axes) {
        return axes.stream().sorted(Comparator.comparingInt((Integer axis) -> -place(axis)).thenComparing(Comparator.reverseOrder())).toList();
    }

    /// How fast an axis moves in A: the place in its order of the dim that reads it.
    private int place(int axis) {
        int dim = Roles.dimOf(roles.ofA(), axis);
        return dim < 0 ? -1 : a.order().indexOf(dim);
    }

    private Run run(int axis, Optional<Storage> residual) {
        Axis ax = roles.axes().get(axis);
        int outDim = roles.out().indexOf(axis);
        var ofC = outDim < 0 ? Dim.ZERO : c.strides().get(outDim);
        var ofResidual = outDim < 0 || residual.isEmpty() ? Dim.ZERO : residual.get().strides().get(outDim);
        var extent = strip.filter(s -> s.axis() == axis).map(Strip::steps).orElse(ax.extent());
        return new Run(extent, stride(roles.ofA(), a, axis), stride(roles.ofB(), b, axis), ofC, residual.isEmpty() ? ofC : ofResidual);
    }

    private static Dim stride(Access access, Storage s, int axis) {
        var stride = Dim.ZERO;
        for (int d = 0; d < access.dims().size(); d++) stride = stride.plus(s.strides().get(d).times(access.dims().get(d).coefficient(axis)));
        return stride;
    }

    private static Dim base(Access access, Storage s) {
        var base = s.base();
        for (int d = 0; d < access.dims().size(); d++) base = base.plus(s.strides().get(d).times(access.dims().get(d).offset()));
        return base;
    }
}
