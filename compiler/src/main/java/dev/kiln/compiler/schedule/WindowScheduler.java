package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.kernel.WindowKey;
import dev.kiln.compiler.kernel.WindowKey.Kind;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Schedules maxima that slide over images: one call a row of result pixels, channels are the vector.
final class WindowScheduler {
    /// One windowed axis: the image's extent, the number of windows, and how they lie.
    private record Slid(int axis, Dim extent, Dim windows, int kernel, int step, int dilation, int pad) {
        static final Slid NONE = new Slid(-1, Dim.ONE, Dim.ONE, 1, 1, 1, 0);
    }

    private final Scheduling scheduling;

    WindowScheduler(Scheduling scheduling) {
        this.scheduling = scheduling;
    }

    void schedule(Value v, String name) {
        var target = scheduling.storage(v);
        var shape = v.type().shape();
        scheduling.border(shape, target);
        var to = target.panelled() ? scheduling.rows(shape, "windows") : target;
        switch (v.op()) {
            case WindowMax(var x, var slides) -> call(v, name, Kind.MAX, slid(x, slides), rows(x, name), to, to, to);
            case WindowMaxGrad(var x, var y, var dy, var slides) -> call(v, name, Kind.MAX_GRADIENT, slid(x, slides), rows(x, name), rows(y, name), rows(dy, name), to);
            default -> throw new IllegalStateException("no window: " + v.op().spec().name());
        }
        if (target.panelled()) scheduling.add(Copies.copy("copy of " + name, scheduling.origin(v), shape, target, Copies.identity(shape.size()), to, Copies.identity(shape.size())));
    }

    /// Windows slide over rows: what lies in panels is laid out first.
    private Storage rows(Value x, String name) {
        return scheduling.unpacked(name, x.type().shape(), scheduling.storage(x));
    }

    private static List<Slid> slid(Value x, List<Slide> slides) {
        return slides.stream().map(s -> new Slid(s.axis(), x.type().shape().get(s.axis()), s.out(), s.kernel(), s.stride(), s.dilation(), s.padLow())).toList();
    }

    private void call(Value v, String name, Kind kind, List<Slid> slid, Storage x, Storage y, Storage d, Storage e) {
        boolean gradient = kind == Kind.MAX_GRADIENT;
        var h = slid.size() == 2 ? slid.getFirst() : Slid.NONE;
        var w = slid.isEmpty() ? Slid.NONE : slid.getLast();
        var storages = List.of(x, y, d, e);
        var windowed = slid.stream().map(Slid::axis).toList();
        int rank = x.strides().size();
        int channel = IntStream.range(0, rank).filter(a -> !windowed.contains(a) && storages.stream().allMatch(s -> s.strides().get(a).is(1))).findFirst().orElse(-1);
        var shape = v.type().shape();
        var places = new IndexExpr[] {start(x), start(y), start(d), start(e)};
        var loops = new ArrayList<Loops.Axis>();
        for (int a = 0; a < rank; a++) {
            if (windowed.contains(a) || a == channel) continue;
            var axis = new Loops.Axis("i" + a, IndexExpr.size(shape.get(a)));
            loops.add(axis);
            for (int s = 0; s < places.length; s++) places[s] = places[s].plus(Loops.at(axis).times(IndexExpr.size(storages.get(s).strides().get(a))));
        }
        var row = new Loops.Axis("p", IndexExpr.size(gradient ? h.extent() : h.windows()));
        loops.add(row);
        var arguments = new ArrayList<Argument>();
        for (int s = 0; s < places.length; s++) arguments.add(new Place(storages.get(s).buffer(), places[s]));
        arguments.add(Argument.of(Loops.at(row)));
        for (var dim : List.of(h.extent(), w.extent(), h.windows(), w.windows(), channel < 0 ? Dim.ONE : shape.get(channel))) arguments.add(Argument.of(IndexExpr.size(dim)));
        for (int number : new int[] {h.kernel(), w.kernel(), h.step(), w.step(), h.dilation(), w.dilation(), h.pad(), w.pad()}) arguments.add(Argument.of(number));
        for (var s : storages) for (var one : List.of(h, w)) arguments.add(Argument.of(one.axis() < 0 ? IndexExpr.number(0) : IndexExpr.size(s.strides().get(one.axis()))));
        var pixels = IndexExpr.size(gradient ? w.extent() : w.windows());
        long taps = (long) h.kernel() * w.kernel();
        scheduling.add(new Loops(loops).step(name, scheduling.origin(v), pixels.times(IndexExpr.number(taps * 2)).plus(IndexExpr.number(20)), List.of(new Action.Kernel(new WindowKey(kind, slid.stream().anyMatch(one -> one.dilation() != 1)), arguments))));
    }

    private static IndexExpr start(Storage s) {
        return IndexExpr.size(s.base());
    }
}
