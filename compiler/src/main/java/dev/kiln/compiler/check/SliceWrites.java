package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Slices;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// `h'[n, j, k] = …` where j is a number: the next value of a state slice by slice, each exactly once. The last slice makes `h'` whole.
final class SliceWrites {
    private final Elaboration in;

    SliceWrites(Elaboration in) {
        this.in = in;
    }

    /// Whether the target names one slice: a number among its places, or a name that stands for one.
    boolean isSlice(Ast.Target target, Site site) {
        return target.primed() && target.places().stream().anyMatch(p -> number(p, site).isPresent());
    }

    private static OptionalLong number(Ast.Place place, Site site) {
        return switch (place) {
            case Ast.Fixed f -> OptionalLong.of(f.number().value());
            case Ast.Index i when !i.axes() && i.extent().isEmpty() -> site.scope().find(i.name().text()).flatMap(b -> Numbers.whole(b.item())).map(Dim::constant).orElse(OptionalLong.empty());
            case Ast.Index _ -> OptionalLong.empty();
        };
    }

    void write(Ast.Target target, Expr value, Site site) {
        String name = target.name().text();
        if (!site.frame().states().containsKey(name)) {
            if (site.scope().find(name).filter(b -> b.item() instanceof Item.Poison).isEmpty()) in.fail(new CheckProblem.SliceWithoutState(site.place(target.span()), name));
            return;
        }
        TensorType type = in.owners().state(name, site);
        Optional<Map<Integer, Integer>> place = place(target, type, site);
        if (place.isEmpty() || isWritten(target, type, place.get(), site)) return;
        Optional<Value> slice = slice(target, value, type, place.get(), site);
        if (slice.isEmpty()) spoil(name, site);
        else add(target, type, place.get(), slice.get(), site);
    }

    /// The axes that numbers stand for, with their numbers.
    private Optional<Map<Integer, Integer>> place(Ast.Target target, TensorType type, Site site) {
        List<Ast.Place> places = target.places();
        var fixed = new LinkedHashMap<Integer, Integer>();
        int rows = Math.toIntExact(places.stream().filter(p -> p instanceof Ast.Index i && i.axes()).count());
        boolean leading = places.stream().allMatch(p -> number(p, site).isPresent());
        int row = rows == 1 ? type.rank() - places.size() + 1 : 1;
        if (rows > 1 || row < 0 || places.size() > type.rank() + rows || (rows == 0 && !leading && places.size() < type.rank())) return refused(new CheckProblem.IndexCount(site.place(target.span()), type.rank(), places.size()), target, site);
        int axis = 0;
        for (Ast.Place p : places) {
            OptionalLong number = number(p, site);
            if (number.isPresent()) {
                Dim size = type.dim(axis);
                if (!size.isConstant()) return refused(new CheckProblem.SliceUnsized(site.place(p.span()), target.name().text(), size.toString()), target, site);
                if (number.getAsLong() < 0 || number.getAsLong() >= size.toInt()) return refused(new CheckProblem.IndexOutside(site.place(p.span()), size.toString(), Long.toString(number.getAsLong())), target, site);
                fixed.put(axis, Math.toIntExact(number.getAsLong()));
            }
            axis += p instanceof Ast.Index i && i.axes() ? row : 1;
        }
        return Optional.of(fixed);
    }

    private Optional<Map<Integer, Integer>> refused(CheckProblem problem, Ast.Target target, Site site) {
        in.fail(problem);
        spoil(target.name().text(), site);
        return Optional.empty();
    }

    /// After a mistake in one slice nothing is said about the others.
    private static void spoil(String name, Site site) {
        site.frame().slices().remove(name);
        site.scope().bindBeside(name, name + "'", Item.Poison.MISTAKE, site.frame().call());
    }

    private boolean isWritten(Ast.Target target, TensorType type, Map<Integer, Integer> place, Site site) {
        String name = target.name().text();
        Slices before = site.frame().slices().get(name);
        if (before == null) {
            Scope.Binding whole = site.scope().find(name + "'").orElse(null);
            if (whole != null && !(whole.item() instanceof Item.Poison)) in.fail(new CheckProblem.SliceTwice(site.place(target.span()), name, target.span().text(), site.place(whole.place())));
            return whole != null;
        }
        if (!before.axes().equals(List.copyOf(place.keySet()))) {
            refused(new CheckProblem.SliceAxes(site.place(target.span()), name, print(type, before.axes(), before.written().keySet().iterator().next()), site.place(before.written().values().iterator().next().place())), target, site);
            return true;
        }
        Item.Slice first = before.written().get(List.copyOf(place.values()));
        if (first != null) refused(new CheckProblem.SliceTwice(site.place(target.span()), name, name + "'" + print(type, before.axes(), List.copyOf(place.values())), site.place(first.place())), target, site);
        return first != null;
    }

    private Optional<Value> slice(Ast.Target target, Expr value, TensorType type, Map<Integer, Integer> place, Site site) {
        List<Ast.Index> free = target.indices().stream().filter(i -> number(i, site).isEmpty()).toList();
        Item item = free.isEmpty() ? in.expressions().evaluate(value, site) : in.formulas().define(free, value, site);
        Optional<Value> made = item instanceof Item.Poison ? Optional.empty() : in.arithmetic().tensor(item, target.span(), site);
        if (made.isEmpty()) return made;
        var shape = new ArrayList<Dim>();
        for (int axis = 0; axis < type.rank(); axis++) if (!place.containsKey(axis)) shape.add(type.dim(axis));
        TensorType wanted = type.withShape(shape);
        Value slice = made.get().type().isScalar() ? in.tensors().broadcast(made.get(), shape, List.of()) : made.get();
        if (slice.type().equals(wanted)) return Optional.of(slice);
        if (slice.type().dtype() != wanted.dtype() || !in.together(shape, slice.type().shape(), target.span(), site)) in.fail(new CheckProblem.ShapeMismatch(site.place(target.span()), "a slice of the next value of " + target.name(), wanted.toString(), slice.type().toString(), List.of()));
        return Optional.empty();
    }

    private void add(Ast.Target target, TensorType type, Map<Integer, Integer> place, Value slice, Site site) {
        String name = target.name().text();
        Slices before = site.frame().slices().get(name);
        var written = new LinkedHashMap<>(before == null ? Map.of() : before.written());
        written.put(List.copyOf(place.values()), new Item.Slice(slice, target.span()));
        var slices = new Slices(name, type, List.copyOf(place.keySet()), written);
        site.frame().slices().put(name, slices);
        if (slices.missing().isEmpty()) {
            site.frame().slices().remove(name);
            in.owners().moved(name, stacked(slices, List.of()), site);
            site.scope().bindBeside(name, name + "'", new Tensor(stacked(slices, List.of())), target.span());
        } else {
            site.scope().bindBeside(name, name + "'", slices, target.span());
        }
    }

    /// The slices whose numbers begin with `numbers`, joined along the axes of the other numbers.
    private Value stacked(Slices slices, List<Integer> numbers) {
        int depth = numbers.size();
        if (depth == slices.axes().size()) return slices.written().get(numbers).value();
        int axis = slices.axes().get(depth);
        var parts = new ArrayList<Value>();
        for (int i = 0; i < slices.type().dim(axis).toInt(); i++) {
            var inner = new ArrayList<>(numbers);
            inner.add(i);
            Value part = stacked(slices, List.copyOf(inner));
            var shape = new ArrayList<>(part.type().shape());
            shape.add(axis - depth, Dim.ONE);
            parts.add(in.tensors().reshape(part, shape));
        }
        return in.tensors().concat(parts, axis - depth);
    }

    /// `h'[n, 0, k]` before all of h' is written.
    Optional<Item.Slice> read(Slices slices, List<Item> indices, Expr.At at, Site site) {
        var numbers = new ArrayList<Integer>();
        for (int axis : slices.axes()) Numbers.whole(indices.get(axis)).filter(Dim::isConstant).ifPresent(d -> numbers.add(d.toInt()));
        Optional<Item.Slice> slice = Optional.ofNullable(slices.written().get(numbers));
        if (slice.isEmpty()) missing(slices, at.span(), site);
        return slice;
    }

    /// Every state of a body that was written by slices is whole at its end.
    void finish(Site site) {
        for (Slices s : site.frame().slices().values()) missing(s, s.written().values().iterator().next().place(), site);
        site.frame().slices().clear();
    }

    Item missing(Slices slices, Span span, Site site) {
        List<String> missing = slices.missing().stream().map(m -> slices.state() + "'" + print(slices.type(), slices.axes(), m)).toList();
        return in.fail(new CheckProblem.SlicesMissing(site.place(span), slices.state(), missing, slices.written().size()));
    }

    /// `[.., 2, ..]`
    private static String print(TensorType type, List<Integer> axes, List<Integer> numbers) {
        var places = new ArrayList<String>();
        for (int axis = 0; axis < type.rank(); axis++) places.add(axes.contains(axis) ? numbers.get(axes.indexOf(axis)).toString() : "…");
        return "[" + String.join(", ", places) + "]";
    }
}
