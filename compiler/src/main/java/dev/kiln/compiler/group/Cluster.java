package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group.Rows.Reduction;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// A group of pointwise operators and reductions while it grows: a space of axes, and for each member the axis that each of its dims is (-1 for a dim of size one).
/// All reductions of a cluster run the same way: along its innermost axis (rows) or along outer axes (columns). Panels end in pads, so nothing is reduced along them.
final class Cluster {
    final List<Dim> space;
    final Order order;
    final Map<Value, List<Integer>> axes = new LinkedHashMap<>();
    /// For each member the axes of its operands' dims: its own, unless it reduces.
    final Map<Value, List<Integer>> before = new LinkedHashMap<>();
    private final Set<Value> columnResults = new HashSet<>();
    private Reduction reduction = Reduction.NONE;
    private List<Integer> reduced = List.of();
    private int first = Integer.MAX_VALUE;
    private int last = -1;

    /// A new cluster for `v` alone: the space is its own shape, or its operand's where `v` reduces.
    static Cluster of(Value v, List<Dim> space, Order order) {
        var cluster = new Cluster(space, order);
        var at = IntStream.range(0, space.size()).map(i -> space.get(i).is(1) ? -1 : i).boxed().toList();
        cluster.add(v, at, cluster.place(v, at).orElseThrow());
        return cluster;
    }

    private Cluster(List<Dim> space, Order order) {
        this.space = List.copyOf(space);
        this.order = order;
    }

    Reduction reduction() {
        return reduction;
    }

    /// The least number of a member.
    int first() {
        return first;
    }

    /// The greatest number of a member.
    int last() {
        return last;
    }

    boolean contains(Value v) {
        return axes.containsKey(v);
    }

    private int innermost() {
        return Group.Rows.innermost(space, order);
    }

    /// True for a value with an element for every place along the innermost axis.
    boolean isFull(List<Integer> at) {
        return innermost() < 0 || at.contains(innermost());
    }

    /// A column's result is known only after the last row, so nobody in the same cluster may read it.
    boolean readable(Value v) {
        return contains(v) && !columnResults.contains(v);
    }

    /// The axes of a reader's dims when it reads members of this cluster, or empty when it lives in another space: all pairs of rows need an axis more than rows have.
    Optional<List<Integer>> axesOfReader(List<Dim> shape, List<View> reads) {
        var at = new Integer[shape.size()];
        for (int i = 0; i < at.length; i++) if (shape.get(i).is(1)) at[i] = -1;
        for (var read : reads) {
            if (!contains(read.base())) continue;
            if (!readable(read.base()) || !read.isPlain()) return Optional.empty();
            var from = axes.get(read.base());
            for (int d = 0; d < from.size(); d++) {
                int dim = read.dims().get(d).axis();
                if (dim < 0 || from.get(d) < 0) continue;
                if (at[dim] != null ? !at[dim].equals(from.get(d)) : Arrays.asList(at).contains(from.get(d))) return Optional.empty();
                at[dim] = from.get(d);
            }
        }
        for (int dim = 0; dim < at.length; dim++) {
            if (at[dim] != null) continue;
            var free = free(shape.get(dim), at);
            if (free.isEmpty()) return Optional.empty();
            at[dim] = free.get();
        }
        return Optional.of(List.of(at));
    }

    private Optional<Integer> free(Dim extent, Integer[] taken) {
        return IntStream.range(0, space.size()).boxed().filter(a -> space.get(a).equals(extent) && !Arrays.asList(taken).contains(a)).findFirst();
    }

    /// Where `v` stands when its operand (itself, for a pointwise operator) stands at `at`; empty when this cluster cannot compute it.
    Optional<List<Integer>> place(Value v, List<Integer> at) {
        var over = Reductions.axes(v);
        if (over.isEmpty()) return Optional.of(at);
        var axesReduced = over.get().stream().map(at::get).filter(a -> a >= 0).sorted().toList();
        if (!isFull(at)) return Optional.empty();
        var kind = axesReduced.isEmpty() ? Reduction.NONE : axesReduced.equals(List.of(innermost())) ? Reduction.ROWS : axesReduced.contains(innermost()) ? null : Reduction.COLUMNS;
        if (kind == null || (kind != Reduction.NONE && order.panelled()) || (kind != Reduction.NONE && reduction != Reduction.NONE && reduction != kind)) return Optional.empty();
        if (kind == Reduction.COLUMNS && reduction == kind && !reduced.equals(axesReduced)) return Optional.empty();
        if (kind == Reduction.COLUMNS && axes.values().stream().anyMatch(other -> !isFull(other))) return Optional.empty();
        var left = new ArrayList<Integer>();
        for (int d = 0; d < at.size(); d++) if (!over.get().contains(d)) left.add(at.get(d));
        return Optional.of(left);
    }

    void add(Value v, List<Integer> operands, List<Integer> at) {
        axes.put(v, at);
        before.put(v, operands);
        first = Math.min(first, v.id());
        last = Math.max(last, v.id());
        var over = Reductions.axes(v);
        if (over.isEmpty()) return;
        var missing = IntStream.range(0, space.size()).filter(a -> !space.get(a).is(1) && !at.contains(a)).boxed().toList();
        if (missing.isEmpty()) return;
        reduction = missing.contains(innermost()) ? Reduction.ROWS : Reduction.COLUMNS;
        reduced = missing;
        if (reduction == Reduction.COLUMNS) columnResults.add(v);
    }

    /// How the axes of `other` are called here, when both run over the same space in the same order with compatible reductions.
    /// @param from the axes of something that both know, as `other` calls them
    /// @param at   the same axes as they are called here
    Optional<int[]> renaming(Cluster other, List<Integer> from, List<Integer> at) {
        if (other.space.size() != space.size() || other.order.panelled() != order.panelled()) return Optional.empty();
        if (!reductionsAgree(other)) return Optional.empty();
        var names = new int[space.size()];
        Arrays.fill(names, -1);
        for (int d = 0; d < from.size(); d++) if (from.get(d) >= 0) names[from.get(d)] = at.get(d);
        for (int a = 0; a < names.length; a++) {
            if (names[a] >= 0) continue;
            int extent = a;
            var free = IntStream.range(0, space.size()).filter(b -> space.get(b).equals(other.space.get(extent)) && Arrays.stream(names).noneMatch(n -> n == b)).findFirst();
            if (free.isEmpty()) return Optional.empty();
            names[a] = free.getAsInt();
        }
        for (int a = 0; a < names.length; a++) if (!space.get(names[a]).equals(other.space.get(a))) return Optional.empty();
        return other.order.axes().stream().map(a -> names[a]).toList().equals(order.axes()) ? Optional.of(names) : Optional.empty();
    }

    /// The axes of what a member reads from outside, when it reads an element for every place of the space.
    Optional<List<Integer>> outside(Value member, View read) {
        if (contains(read.base()) || !read.isPlain()) return Optional.empty();
        var at = read.dims().stream().map(t -> t.axis() < 0 ? -1 : before.get(member).get(t.axis())).toList();
        return IntStream.range(0, space.size()).allMatch(a -> space.get(a).is(1) || at.contains(a)) ? Optional.of(at) : Optional.empty();
    }

    /// Do both sum up the same columns, when the axes of `other` are called so?
    boolean sumsWith(Cluster other, int[] names) {
        return reduction == Reduction.COLUMNS && other.reduction == reduction && other.reduced.stream().map(a -> names[a]).sorted().toList().equals(reduced);
    }

    private boolean reductionsAgree(Cluster other) {
        if (reduction == Reduction.NONE) return other.reduction != Reduction.COLUMNS || axes.values().stream().allMatch(this::isFull);
        if (other.reduction == Reduction.NONE) return reduction != Reduction.COLUMNS || other.axes.values().stream().allMatch(other::isFull);
        return reduction == other.reduction && (reduction == Reduction.ROWS || reduced.size() == other.reduced.size());
    }

    /// Does every member of either read members of both at the places where they stand?
    boolean agrees(Cluster other, int[] names) {
        return readsAgree(this, a -> a, other, a -> names[a]) && readsAgree(other, a -> names[a], this, a -> a);
    }

    private static boolean readsAgree(Cluster readers, IntUnaryOperator readerName, Cluster owners, IntUnaryOperator ownerName) {
        for (var reader : readers.before.entrySet())
            for (var operand : reader.getKey().op().operands()) {
                var view = View.of(operand);
                if (!owners.contains(view.base())) continue;
                if (!owners.readable(view.base()) || !view.isPlain()) return false;
                var at = owners.axes.get(view.base());
                for (int d = 0; d < at.size(); d++) {
                    int dim = view.dims().get(d).axis();
                    if (dim < 0 || at.get(d) < 0) continue;
                    int axis = reader.getValue().get(dim);
                    if (axis < 0 || readerName.applyAsInt(axis) != ownerName.applyAsInt(at.get(d))) return false;
                }
            }
        return true;
    }

    void absorb(Cluster other, int[] names) {
        other.axes.forEach((v, at) -> axes.put(v, renamed(at, names)));
        other.before.forEach((v, at) -> before.put(v, renamed(at, names)));
        columnResults.addAll(other.columnResults);
        first = Math.min(first, other.first);
        last = Math.max(last, other.last);
        if (other.reduction != Reduction.NONE) {
            reduction = other.reduction;
            reduced = other.reduced.stream().map(a -> names[a]).sorted().toList();
        }
    }

    private static List<Integer> renamed(List<Integer> at, int[] names) {
        return at.stream().map(a -> a < 0 ? a : names[a]).toList();
    }
}
