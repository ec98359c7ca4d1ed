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

    public int last() {
        return axes.getLast();
    }

    @Override
    public String toString() {
        return axes + (panelled ? " panelled" : "");
    }
}
