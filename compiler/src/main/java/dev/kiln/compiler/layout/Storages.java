package dev.kiln.compiler.layout;

import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;

/// The ways a tensor can lie in memory.
public final class Storages {
    /// Floats of 4096 bytes.
    private static final int PAGE = 1024;
    /// Rows that lie a multiple of so many floats apart share an eighth of a cache's places, or less.
    private static final int CROWDED = 128;

    /// Axes one after another in `order`, with zeros around them. A padded row is a multiple of 16 floats long, and never a multiple of 4096 bytes (those collide in the cache).
    public static Storage plain(List<Dim> shape, Order order, List<Halo> halo, boolean padRows, Function<Dim, Buffer> buffer) {
        return plain(shape, order, halo, padRows, PAGE, buffer);
    }

    /// The same for a window of channels to slide on: what it reads of each of its rows is less than a row, and all of that should stay in the nearest cache.
    static Storage spread(List<Dim> shape, Order order, List<Halo> halo, Function<Dim, Buffer> buffer) {
        return plain(shape, order, halo, true, CROWDED, buffer);
    }

    private static Storage plain(List<Dim> shape, Order order, List<Halo> halo, boolean padRows, int collides, Function<Dim, Buffer> buffer) {
        var strides = new Dim[shape.size()];
        var stride = Dim.ONE;
        var base = Dim.ZERO;
        for (int i = order.axes().size() - 1; i >= 0; i--) {
            int axis = order.axes().get(i);
            strides[axis] = stride;
            base = base.plus(stride.times(halo.get(axis).low()));
            stride = stride.times(shape.get(axis).plus(halo.get(axis).low() + halo.get(axis).high()));
            if (i == order.axes().size() - 1 && padRows && shape.size() > 1) stride = padded(stride, collides);
        }
        return new Storage(buffer.apply(stride), base, List.of(strides), order.axes(), -1, Dim.ZERO, halo);
    }

    private static Dim padded(Dim row, int collides) {
        var rounded = row.plus(15).floorDiv(16).times(16);
        return rounded.isConstant() && rounded.toInt() % collides == 0 ? rounded.plus(16) : rounded;
    }

    /// The last axis of `order` in panels of 32, all other axes flattened to the rows of a matrix: `[columns / 32][K][32]`.
    public static Storage panelled(List<Dim> shape, Order order, Function<Dim, Buffer> buffer) {
        var strides = new Dim[shape.size()];
        int column = order.last();
        var stride = Dim.of(Storage.PANEL);
        strides[column] = Dim.ONE;
        for (int i = order.axes().size() - 2; i >= 0; i--) {
            strides[order.axes().get(i)] = stride;
            stride = stride.times(shape.get(order.axes().get(i)));
        }
        var size = stride.times(shape.get(column).ceilDiv(Dim.of(Storage.PANEL)));
        return new Storage(buffer.apply(size), Dim.ZERO, List.of(strides), order.axes(), column, stride, none(shape.size()));
    }

    /// A value as the dims of a reader see it: a dim that the value does not have moves nowhere.
    static Storage seen(Storage s, View view, Order order) {
        var strides = new Dim[view.rank()];
        Arrays.fill(strides, Dim.ZERO);
        var halo = new ArrayList<>(none(view.rank()));
        var base = s.base();
        int panelAxis = -1;
        for (int d = 0; d < view.dims().size(); d++) {
            var term = view.dims().get(d);
            base = base.plus(s.strides().get(d).times(term.offset()));
            if (term.axis() < 0) continue;
            strides[term.axis()] = s.strides().get(d).times(term.coefficient());
            halo.set(term.axis(), s.halo().get(d));
            if (s.panelAxis() == d) panelAxis = term.axis();
        }
        return new Storage(s.buffer(), base, List.of(strides), order.axes(), panelAxis, s.panelStride(), halo);
    }

    /// What a view permutes, where the permuted one lies so.
    static Storage before(View view, Storage s) {
        var strides = view.dims().stream().map(term -> s.strides().get(term.axis())).toList();
        var order = s.order().stream().map(axis -> view.dims().stream().map(View.Term::axis).toList().indexOf(axis)).toList();
        return new Storage(s.buffer(), s.base(), strides, order, -1, Dim.ZERO, none(strides.size()));
    }

    /// What stands at one place of the first axis of a tensor, in a buffer that begins there.
    static Storage row(Storage s, Buffer buffer) {
        var order = s.order().stream().filter(a -> a > 0).map(a -> a - 1).toList();
        return new Storage(buffer, s.base(), s.strides().subList(1, s.strides().size()), order, s.panelAxis() - (s.panelled() ? 1 : 0), s.panelStride(), s.halo().subList(1, s.halo().size()));
    }

    /// The same from place `first` of the first axis on.
    static Storage from(Storage s, Dim first) {
        return s.at(s.base().plus(s.strides().getFirst().times(first)));
    }

    /// Row-major without pads: the caller's arrays.
    public static Storage dense(List<Dim> shape, Buffer buffer) {
        return plain(shape, Order.logical(shape.size()), none(shape.size()), false, _ -> buffer);
    }

    public static List<Halo> none(int rank) {
        return Collections.nCopies(rank, Halo.NONE);
    }

    private Storages() {}
}
