package dev.kiln.compiler.check;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Axes of which each row has its own length. A dim that an input declares as `T~len` is ragged wherever it stands beside the axes that `len` has;
/// what lies behind the length is padding, which no result depends on.
final class Ragged {
    private final Elaboration in;
    /// Of an axis, by the rows that stand beside it: `repeat` has more rows of the same axis.
    private final Map<Dim, List<Value>> lengths = new LinkedHashMap<>();

    Ragged(Elaboration in) {
        this.in = in;
    }

    /// From now on `axis` has these lengths.
    void declare(Dim axis, Value length) {
        List<Value> known = lengths.computeIfAbsent(axis, _ -> new ArrayList<>());
        if (!known.contains(length)) known.add(length);
    }

    /// Rows of `axis` end where an input says, or with the axis.
    void ends(Dim axis, Value given) {
        Value most = in.tensors().broadcast(in.tensors().cast(in.tensors().size(axis), DType.i32), given.type().shape(), List.of());
        declare(axis, in.tensors().map(Functions.MIN, given, most));
    }

    /// Lengths that a loop made anew in each step are unknown outside of it.
    void leave(Loop loop) {
        Set<Value> standIns = loop.standIns();
        for (List<Value> known : lengths.values()) known.removeIf(length -> in.graph().reachable(List.of(length)).stream().anyMatch(standIns::contains));
    }

    boolean isDeclared(Dim axis) {
        return !lengths.getOrDefault(axis, List.of()).isEmpty();
    }

    /// The axes of `shape` that say which row an element of `axis` is in; empty for an axis that is not ragged here.
    Optional<List<Integer>> rows(List<Dim> shape, int axis) {
        return lengths.getOrDefault(shape.get(axis), List.of()).stream().map(length -> rows(shape, axis, length)).flatMap(Optional::stream).findFirst();
    }

    private static Optional<List<Integer>> rows(List<Dim> shape, int axis, Value length) {
        var rows = new ArrayList<Integer>();
        int from = 0;
        for (Dim d : length.type().shape()) {
            while (from < shape.size() && (from == axis || !shape.get(from).equals(d))) from++;
            if (from == shape.size()) return Optional.empty();
            rows.add(from++);
        }
        return Optional.of(rows);
    }

    private Value known(List<Dim> shape, int axis) {
        return lengths.get(shape.get(axis)).stream().filter(length -> rows(shape, axis, length).isPresent()).findFirst().orElseThrow();
    }

    List<Integer> axes(List<Dim> shape) {
        return IntStream.range(0, shape.size()).filter(a -> rows(shape, a).isPresent()).boxed().toList();
    }

    /// The length of each row along an axis; every row is full where nothing else was said.
    Value length(List<Dim> shape, int axis) {
        if (rows(shape, axis).isPresent()) return known(shape, axis);
        Value full = in.tensors().cast(in.tensors().size(shape.get(axis)), DType.i32);
        return in.tensors().broadcast(full, shape.subList(0, axis), List.of());
    }

    /// True where `axis` of the shape is no padding.
    Value real(List<Dim> shape, int axis) {
        List<Integer> rows = rows(shape, axis).orElseThrow();
        var places = new ArrayList<>(rows);
        places.add(axis);
        places.sort(null);
        List<Dim> small = places.stream().map(shape::get).toList();
        Value step = in.tensors().broadcast(in.tensors().iota(shape.get(axis)), small, List.of(places.indexOf(axis)));
        Value length = in.tensors().broadcast(known(shape, axis), small, rows.stream().map(places::indexOf).toList());
        return in.tensors().broadcast(in.tensors().map(Functions.LESS, step, length), shape, places);
    }

    /// True where no ragged axis of the shape is in its padding.
    Optional<Value> real(List<Dim> shape) {
        return axes(shape).stream().map(a -> real(shape, a)).reduce((a, b) -> in.tensors().map(Functions.MIN, a, b));
    }

    /// `v` with its padding replaced.
    Value masked(Value v, double padding) {
        return real(v.type().shape()).map(real -> choose(real, v, padding)).orElse(v);
    }

    /// The same for one axis.
    Value masked(Value v, double padding, int axis) {
        return rows(v.type().shape(), axis).isPresent() ? choose(real(v.type().shape(), axis), v, padding) : v;
    }

    /// `v` where `real` holds, else a number.
    Value choose(Value real, Value v, double otherwise) {
        return in.tensors().map(Functions.SELECT, real, v, in.tensors().fill(otherwise, v.type().dtype(), v.type().shape()));
    }

    /// Whether the step of a loop is real, for each element of a shape; empty where the shape has no axis for the rows.
    /// @param step the number of the step, a scalar
    Optional<Value> real(Value step, Dim time, List<Dim> shape) {
        var beside = new ArrayList<>(shape);
        beside.addFirst(time);
        return rows(beside, 0).map(rows -> {
            Value length = known(beside, 0);
            Value real = in.tensors().map(Functions.LESS, in.tensors().broadcast(step, length.type().shape(), List.of()), length);
            return in.tensors().broadcast(real, shape, rows.stream().map(r -> r - 1).toList());
        });
    }

    /// True where each ragged index of a formula is inside its row: for the reduction over `over` of a body with the indices `all`.
    Optional<Labelled> real(List<IndexVariable> all, List<IndexVariable> over, Site site) {
        Optional<Labelled> real = Optional.empty();
        for (IndexVariable i : all)
            for (Labelled length : i.lengths()) {
                boolean reduced = over.contains(i) || length.axes().stream().anyMatch(over::contains);
                if (!reduced || !all.containsAll(length.axes())) continue;
                Labelled one = less(i, length, site);
                real = real.isEmpty() ? Optional.of(one) : Optional.of(both(real.get(), one, site));
            }
        return real;
    }

    private Labelled less(IndexVariable i, Labelled length, Site site) {
        List<IndexVariable> axes = site.frame().inOrder(List.of(length.axes(), List.of(i)));
        List<Dim> shape = axes.stream().map(a -> a.extent().orElseThrow()).toList();
        Value step = in.contractions().spread(new Labelled(in.tensors().iota(i.extent().orElseThrow()), List.of(i)), axes, shape);
        return new Labelled(in.tensors().map(Functions.LESS, step, in.contractions().spread(length, axes, shape)), axes);
    }

    private Labelled both(Labelled a, Labelled b, Site site) {
        List<IndexVariable> axes = site.frame().inOrder(List.of(a.axes(), b.axes()));
        List<Dim> shape = axes.stream().map(i -> i.extent().orElseThrow()).toList();
        return new Labelled(in.tensors().map(Functions.MIN, in.contractions().spread(a, axes, shape), in.contractions().spread(b, axes, shape)), axes);
    }

    /// Each row of the axis behind the batch from its own end; padding stays where it is.
    Value backwards(Value v) {
        List<Dim> shape = v.type().shape();
        if (rows(shape, 1).isEmpty()) return in.tensors().backwards(v, 1);
        Tensors t = in.tensors();
        List<Dim> plane = shape.subList(0, 2);
        Value step = t.broadcast(t.iota(shape.get(1)), plane, List.of(1));
        Value length = t.broadcast(known(shape, 1), plane, List.of(0));
        Value one = t.fill(1, DType.i32, plane);
        Value turned = t.map(Functions.SELECT, real(plane, 1), t.map(Functions.SUB, t.map(Functions.SUB, length, step), one), step);
        Value row = t.broadcast(t.iota(shape.get(0)), plane, List.of(0));
        Value width = t.broadcast(t.cast(t.size(shape.get(1)), DType.i32), plane, List.of());
        Value place = t.map(Functions.ADD, t.map(Functions.MUL, row, width), turned);
        var flat = new ArrayList<>(shape.subList(2, shape.size()));
        flat.addFirst(shape.get(0).times(shape.get(1)));
        return t.gather(t.reshape(v, flat), place);
    }
}
