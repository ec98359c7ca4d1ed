package dev.kiln.compiler.group;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// The order in which the axes of a value lie in memory, slowest first. A panelled value keeps its last axis in blocks of 32.
public record Order(List<Integer> axes, boolean panelled) {
    public Order {
        axes = List.copyOf(axes);
    }

    public static Order logical(int rank) {
        return new Order(IntStream.range(0, rank).boxed().toList(), false);
    }

    /// The logical order with `inner` moved to the end.
    public static Order inner(int rank, int inner) {
        var axes = new ArrayList<>(IntStream.range(0, rank).boxed().toList());
        axes.remove(Integer.valueOf(inner));
        axes.add(inner);
        return new Order(axes, false);
    }

    /// The same behind a new first axis that moves slowest.
    public Order stacked() {
        var all = new ArrayList<>(List.of(0));
        axes.forEach(a -> all.add(a + 1));
        return new Order(all, false);
    }

    /// Without the first axis.
    public Order step() {
        return new Order(axes.stream().filter(a -> a > 0).map(a -> a - 1).toList(), panelled && last() > 0);
    }

    /// Without panels.
    public Order plain() {
        return new Order(axes, false);
    }

    /// How the dims of a reader lie that sees a value of this order through `view`: dims it does not have first.
    public Order through(View view) {
        var seen = new ArrayList<Integer>();
        for (int axis : axes) if (view.dims().get(axis).axis() >= 0) seen.add(view.dims().get(axis).axis());
        var all = new ArrayList<>(IntStream.range(0, view.rank()).boxed().filter(d -> !seen.contains(d)).toList());
        all.addAll(seen);
        return new Order(all, panelled && view.dims().get(last()).axis() >= 0);
    }

    public int last() {
        return axes.getLast();
    }

    @Override
    public String toString() {
        return axes + (panelled ? " panelled" : "");
    }
}
