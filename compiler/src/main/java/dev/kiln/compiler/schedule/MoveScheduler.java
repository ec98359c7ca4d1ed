package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Interleave;
import dev.kiln.compiler.op.Last;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Put;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.ScatterAdd;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.schedule.Action.Move;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Schedules the movements that no reader absorbed.
final class MoveScheduler {
    private final Scheduling scheduling;

    MoveScheduler(Scheduling scheduling) {
        this.scheduling = scheduling;
    }

    /// What is put together from parts is put together in rows: no part begins where a panel does.
    void schedule(Value v, String name) {
        var to = scheduling.storage(v);
        boolean parts = switch (v.op()) {
            case Reshape _, Pad _, Concat _, Interleave _ -> true;
            default -> false;
        };
        if (!parts || !to.panelled()) {
            schedule(v, name, to);
            return;
        }
        var shape = v.type().shape();
        var rows = scheduling.rows(shape, "parts");
        schedule(v, name, rows);
        scheduling.add(Copies.copy("pack of " + name, scheduling.origin(v), shape, to, Copies.identity(shape.size()), rows, Copies.identity(shape.size())));
    }

    private void schedule(Value v, String name, Storage to) {
        var origin = scheduling.origin(v);
        if (v.op() instanceof Pad pad) {
            scheduling.add(filled(name, origin, to, stored(v.type().dtype(), pad.value())));
            scheduling.border(v.type().shape(), to);
            scheduling.add(part(name, origin, pad.x(), to, pad.low()));
            return;
        }
        scheduling.border(v.type().shape(), to);
        switch (v.op()) {
            case Reshape(var x, _) -> reshape(name, origin, v, to, x);
            case Concat concat -> {
                var first = Dim.ZERO;
                for (var part : concat.operands()) {
                    var low = new ArrayList<>(java.util.Collections.nCopies(to.strides().size(), Dim.ZERO));
                    low.set(concat.axis(), first);
                    if (!isThere(part, to, low)) scheduling.add(part(name, origin, part, to, low));
                    first = first.plus(part.type().shape().get(concat.axis()));
                }
            }
            case Interleave interleave -> {
                for (int f = 0; f < interleave.operands().size(); f++) {
                    var at = new ArrayList<>(Copies.identity(to.strides().size()));
                    at.set(interleave.axis(), new Term(interleave.axis(), interleave.operands().size(), f));
                    var x = interleave.operands().get(f);
                    scheduling.add(from(name, origin, x, x.type().shape(), to, at));
                }
            }
            case Const c -> literal(name, origin, c, to);
            case Gather gather -> byNumber("gather", name, v, gather.table(), gather.ids(), gather.table(), to);
            case ScatterAdd scatter -> byNumber("scatterAdd", name, v, scatter.rows(), scatter.ids(), v, to);
            case Put put -> put(name, origin, v, put, to);
            case Last last -> last(name, origin, last, to);
            case Slice slice -> slice(name, origin, slice, v.type().shape(), to);
            case Permute _, Broadcast _, StopGradient _ -> scheduling.add(from(name, origin, v, v.type().shape(), to, Copies.identity(to.strides().size())));
            default -> throw new IllegalStateException("no movement: " + v.op().spec().name());
        }
    }

    /// Copies what `x` reads as, element by element of `extents`.
    private Step from(String name, Optional<Origin> origin, Value x, List<Dim> extents, Storage to, List<Term> at) {
        var view = View.of(x);
        return Copies.copy(name, origin, extents, to, at, readable(view, name), view.dims());
    }

    private Storage readable(View view, String name) {
        return scheduling.readable(name, view.base().type().shape(), scheduling.storage(view.base()), view.dims());
    }

    private Step part(String name, Optional<Origin> origin, Value x, Storage to, List<Dim> low) {
        return from(name, origin, x, x.type().shape(), part(to, low), Copies.identity(low.size()));
    }

    /// From place `low` on.
    private static Storage part(Storage to, List<Dim> low) {
        var base = to.base();
        for (int d = 0; d < low.size(); d++) base = base.plus(to.strides().get(d).times(low.get(d)));
        return to.at(base);
    }

    /// Whether a part was made where it belongs.
    private boolean isThere(Value x, Storage to, List<Dim> low) {
        var view = View.of(x);
        return view.isIdentity() && scheduling.storage(view.base()).equals(part(to, low));
    }

    /// Rows by number: all three arrays row-major without pads, whatever lies otherwise is copied.
    private void byNumber(String method, String name, Value v, Value x, Value ids, Value table, Storage to) {
        var origin = scheduling.origin(v);
        var from = dense(x, name);
        var numbers = dense(ids, name);
        var y = isDense(to, v) ? to : Storages.dense(v.type().shape(), scheduling.temporary("rows", size(v.type().shape())));
        var count = size(ids.type().shape());
        var row = size(table.type().shape().subList(1, table.type().shape().size()));
        var cost = IndexExpr.size(count.times(row));
        scheduling.add(new Step(name, origin, IndexExpr.number(1), cost, List.of(new Move(method, List.of(
                new Place(y.buffer(), IndexExpr.size(y.base())), new Place(from.buffer(), IndexExpr.size(from.base())), new Place(numbers.buffer(), IndexExpr.size(numbers.base())),
                Argument.of(IndexExpr.size(count)), Argument.of(IndexExpr.size(row)), Argument.of(IndexExpr.size(table.type().shape().getFirst())))))));
        var each = Copies.identity(v.type().shape().size());
        if (!y.equals(to)) scheduling.add(Copies.copy("copy of " + name, origin, v.type().shape(), to, each, y, each));
    }

    /// Into the table itself where it lies there, else into a copy.
    private void put(String name, Optional<Origin> origin, Value v, Put put, Storage to) {
        var each = Copies.identity(v.type().shape().size());
        var y = isDense(to, v) ? to : Storages.dense(v.type().shape(), scheduling.temporary("table", size(v.type().shape())));
        var table = View.of(put.table());
        if (!table.isIdentity() || !scheduling.storage(table.base()).equals(y)) scheduling.add(from("table of " + name, origin, put.table(), v.type().shape(), y, each));
        byNumber("put", name, v, put.rows(), put.ids(), v, y);
        if (!y.equals(to)) scheduling.add(Copies.copy("copy of " + name, origin, v.type().shape(), to, each, y, each));
    }

    /// By a table of places, twice as long as the numbers are many.
    private void last(String name, Optional<Origin> origin, Last last, Storage to) {
        var numbers = dense(last.ids(), name);
        var count = last.ids().type().dim(0);
        var places = count.times(2);
        var table = scheduling.temporary("places", places);
        scheduling.add(new Step(name, origin, IndexExpr.number(1), IndexExpr.size(count), List.of(new Move("last", List.of(
                new Place(to.buffer(), IndexExpr.size(to.base())), new Place(numbers.buffer(), IndexExpr.size(numbers.base())), new Place(table, IndexExpr.number(0)),
                Argument.of(IndexExpr.size(count)), Argument.of(IndexExpr.size(places)))))));
    }

    private Storage dense(Value x, String name) {
        var view = View.of(x);
        var lies = scheduling.storage(view.base());
        if (view.isIdentity() && isDense(lies, x)) return lies;
        lies = readable(view, name);
        var shape = x.type().shape();
        var copy = Storages.dense(shape, scheduling.temporary("packed", size(shape)));
        scheduling.add(Copies.copy("pack for " + name, scheduling.origin(x), shape, copy, Copies.identity(shape.size()), lies, view.dims()), copy, lies);
        return copy;
    }

    private static boolean isDense(Storage s, Value v) {
        return !s.panelled() && s.strides().equals(Storages.dense(v.type().shape(), s.buffer()).strides());
    }

    private static Dim size(List<Dim> shape) {
        return shape.stream().reduce(Dim.ONE, Dim::times);
    }

    /// Where a slice starts may be symbolic.
    private void slice(String name, Optional<Origin> origin, Slice slice, List<Dim> extents, Storage to) {
        var view = View.of(slice.x());
        var lies = scheduling.unpacked(name, view.base().type().shape(), scheduling.storage(view.base()));
        var base = lies.base();
        var at = new ArrayList<Term>();
        for (int d = 0; d < view.dims().size(); d++) {
            var term = view.dims().get(d);
            if (term.axis() < 0) {
                at.add(term);
                continue;
            }
            base = base.plus(lies.strides().get(d).times(slice.start().get(term.axis()).times(term.coefficient())));
            at.add(new Term(term.axis(), term.coefficient() * slice.stride().get(term.axis()), term.offset()));
        }
        scheduling.add(Copies.copy(name, origin, extents, to, Copies.identity(extents.size()), lies.at(base), at));
    }

    /// A reshape walks the finest axes that both shapes are made of. Where there are none, `[N, 6]` and `[6, N]`, it walks those of the result through elements that lie without gaps.
    private void reshape(String name, Optional<Origin> origin, Value v, Storage to, Value x) {
        var factors = Factors.of(plain(x.type().shape()), plain(v.type().shape()));
        if (factors.isPresent()) along(factors.get(), name, origin, v, to, x);
        else {
            var lies = dense(x, name);
            var each = Copies.identity(v.type().shape().size());
            scheduling.add(Copies.copy(name, origin, v.type().shape(), to, each, Storages.dense(v.type().shape(), lies.buffer()).at(lies.base()), each));
        }
    }

    private void along(Factors f, String name, Optional<Origin> origin, Value v, Storage to, Value x) {
        var view = View.of(x);
        var from = readable(view, name);
        if (from.panelled() && view.dims().get(from.panelAxis()).axis() >= 0 && f.first().get(view.dims().get(from.panelAxis()).axis()).size() > 1) from = scheduling.unpacked(name, view.base().type().shape(), from);
        var source = f.split(from, view.dims(), f.first());
        var target = f.split(to, Copies.identity(v.type().shape().size()), f.second());
        scheduling.add(Copies.copy(name, origin, f.extents(), target, Copies.identity(f.extents().size()), source, Copies.identity(f.extents().size())));
    }

    /// An axis that got a name of its own is laid out as the one it was.
    private static List<Dim> plain(List<Dim> shape) {
        return shape.stream().map(Dim::plain).toList();
    }

    private void literal(String name, Optional<Origin> origin, Const c, Storage to) {
        var shape = c.type().shape().stream().mapToInt(Dim::toInt).toArray();
        var actions = new ArrayList<Action>();
        for (int i = 0; i < c.data().size(); i++) {
            var place = to.base();
            int rest = i;
            for (int d = shape.length - 1; d >= 0; d--) {
                int at = rest % shape[d];
                rest /= shape[d];
                place = place.plus(to.panelAxis() == d ? to.panelStride().times(at / Storage.PANEL).plus(at % Storage.PANEL) : to.strides().get(d).times(at));
            }
            actions.add(fill(to, IndexExpr.size(place), IndexExpr.number(1), stored(c.type().dtype(), c.data().get(i))));
        }
        scheduling.add(new Step(name, origin, IndexExpr.number(1), IndexExpr.number(1), actions));
    }

    /// An i32 lies as its bits.
    private static float stored(DType dtype, double value) {
        return dtype == DType.i32 ? Float.intBitsToFloat((int) value) : (float) value;
    }

    /// Zeros everywhere, halo and pads included, for sums that begin there.
    static Step zeroed(String name, Optional<Origin> origin, Storage to) {
        return filled("zeros for " + name, origin, to, 0);
    }

    private static Step filled(String name, Optional<Origin> origin, Storage to, float value) {
        return new Step(name, origin, IndexExpr.number(1), IndexExpr.number(1), List.of(fill(to, IndexExpr.number(0), IndexExpr.size(to.buffer().size()), value)));
    }

    private static Action fill(Storage to, IndexExpr from, IndexExpr count, float value) {
        return new Move("fill", List.of(new Place(to.buffer(), from), Argument.of(0), Argument.of(1), Argument.of(1), Argument.of(count), new Argument.Real(value)));
    }
}
