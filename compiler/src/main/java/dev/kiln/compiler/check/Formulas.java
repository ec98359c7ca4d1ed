package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Position;
import dev.kiln.compiler.check.Item.Product;
import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.IntStream;

/// Index notation: `y[n, i] = …`. Indices are bound on the left and after `over`; a first walk learns their extents from what they read alone.
final class Formulas {
    private final Elaboration in;

    Formulas(Elaboration in) {
        this.in = in;
    }

    /// The tensor that `target[indices] = value` defines; its axes are the indices in their order.
    Item define(List<Ast.Index> indices, Expr value, Site site) {
        Scope scope = bind(indices, site);
        Site inner = site.inner(scope);
        learn(value, inner);
        Item item = in.expressions().evaluate(value, inner);
        if (item instanceof Item.Poison) return item;
        Optional<Labelled> body = in.arithmetic().labelled(item, value.span(), inner);
        Optional<List<IndexVariable>> axes = variables(indices, scope, site);
        if (body.isEmpty() || axes.isEmpty()) return Item.Poison.MISTAKE;
        for (IndexVariable i : axes.get()) if (i.extent().isEmpty()) return in.fail(new CheckProblem.UnknownExtent(site.place(i.bound()), i.name()));
        Optional<IndexVariable> left = body.get().axes().stream().filter(i -> !axes.get().contains(i)).findFirst();
        if (left.isPresent()) return in.fail(new CheckProblem.AxisLeftOver(site.place(value.span()), left.get().name()));
        List<Dim> shape = axes.get().stream().map(i -> i.extent().orElseThrow()).toList();
        return new Tensor(in.contractions().spread(body.get(), axes.get(), shape));
    }

    /// A scope with these indices. An index must not hide a value that is visible; `over` may name an index of the left, which then stays an axis.
    Scope bind(List<Ast.Index> indices, Site site) {
        var scope = new Scope(site.scope());
        for (Ast.Index index : indices) {
            String name = index.name().text();
            var hidden = site.scope().find(name);
            if (hidden.isPresent() && index.extent().isEmpty() && isIndex(hidden.get().item(), index.axes())) {
                scope.bind(name, hidden.get().item(), hidden.get().place());
                continue;
            }
            if (hidden.isPresent()) in.fail(new CheckProblem.HiddenName(site.place(index.span()), name, hidden.get().place()));
            if (index.axes()) {
                var row = new RowIndex(name, index.span());
                site.frame().add(() -> row.variables().orElse(List.of()));
                scope.bind(name, new Item.Positions(row), index.span());
            } else {
                Optional<Dim> extent = index.extent().flatMap(e -> in.expressions().dim(e, site));
                var variable = new IndexVariable(name, index.span(), extent);
                site.frame().add(() -> List.of(variable));
                scope.bind(name, new Position(Coordinate.of(variable)), index.span());
            }
        }
        return scope;
    }

    private static boolean isIndex(Item item, boolean row) {
        return row ? item instanceof Item.Positions : item instanceof Position(Coordinate c) && c.alone().isPresent();
    }

    /// The variables that these indices were bound to.
    Optional<List<IndexVariable>> variables(List<Ast.Index> indices, Scope scope, Site site) {
        var all = new ArrayList<IndexVariable>();
        for (Ast.Index index : indices) {
            Item item = scope.own().get(index.name().text()).item();
            if (item instanceof Position(Coordinate c)) all.addAll(c.variables());
            if (item instanceof Item.Positions(RowIndex row)) {
                if (row.variables().isEmpty()) {
                    in.fail(new CheckProblem.UnknownExtent(site.place(index.span()), row.name() + ".."));
                    return Optional.empty();
                }
                all.addAll(row.variables().get());
            }
        }
        return Optional.of(all);
    }

    /// Two walks: a row variable may get its length from a read that stands later.
    void learn(Expr body, Site site) {
        var learner = new ExtentLearner(in);
        learner.walk(body, site);
        learner.walk(body, site);
    }

    /// The indices of an `over`, the same ones each time it is looked at within a statement.
    Scope over(Expr.Call call, Site site) {
        Scope known = site.frame().scopes().get(call);
        if (known != null) return known;
        Scope scope = bind(call.over(), site);
        site.frame().scopes().put(call, scope);
        return scope;
    }

    /// An index as a value: `i`, `2*i - 1`.
    Optional<Labelled> position(Coordinate c, Span span, Site site) {
        List<IndexVariable> axes = c.variables();
        for (IndexVariable i : axes)
            if (i.extent().isEmpty()) {
                in.fail(new CheckProblem.UnknownExtent(site.place(i.bound()), i.name()));
                return Optional.empty();
            }
        List<Dim> shape = axes.stream().map(i -> i.extent().orElseThrow()).toList();
        Value sum = in.tensors().whole(c.offset(), shape);
        boolean bare = c.offset().is(0);
        for (IndexVariable i : axes) {
            Value part = in.contractions().spread(new Labelled(in.tensors().iota(i.extent().orElseThrow()), List.of(i)), axes, shape);
            int k = c.coefficients().get(i);
            if (k != 1) part = in.tensors().map(Functions.MUL, part, in.tensors().fill(k, DType.i32, shape));
            sum = bare ? part : in.tensors().map(Functions.ADD, part, sum);
            bare = false;
        }
        return Optional.of(new Labelled(sum, axes));
    }

    /// `tensor[indices else outside]`: a read of a formula, or slices of a whole tensor.
    Item at(Expr.At at, Site site) {
        Item item = tensor(at, site);
        if (item instanceof Item.Poison) return item;
        if (item instanceof Item.Many(List<Item> items) && at.indices().size() == 1) {
            Item chosen = in.expressions().evaluate(at.indices().getFirst(), site);
            Optional<Dim> place = Numbers.whole(chosen);
            if (place.isPresent() && place.get().isConstant()) {
                int i = place.get().toInt();
                return i >= 0 && i < items.size() ? items.get(i) : in.fail(new CheckProblem.IndexOutside(site.place(at.span()), Integer.toString(items.size()), Integer.toString(i)));
            }
        }
        Optional<Value> tensor;
        Optional<List<Item>> indices;
        if (item instanceof Item.Slices slices) {
            indices = indices(at, slices.type().shape(), site);
            tensor = indices.flatMap(i -> in.sliceWrites().read(slices, i, at, site)).map(Item.Slice::value);
            indices = indices.map(all -> IntStream.range(0, all.size()).filter(axis -> !slices.axes().contains(axis)).mapToObj(all::get).toList());
            if (tensor.isPresent() && tensor.get().type().rank() == 0) return new Tensor(tensor.get());
        } else {
            tensor = in.arithmetic().tensor(item, at.tensor().span(), site);
            indices = tensor.flatMap(t -> indices(at, t.type().shape(), site));
        }
        if (tensor.isEmpty() || indices.isEmpty()) return Item.Poison.MISTAKE;
        OptionalDouble outside = OptionalDouble.empty();
        if (at.outside().isPresent()) {
            Item value = in.expressions().evaluate(at.outside().get(), site);
            outside = Numbers.value(value);
            if (outside.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(at.outside().get().span()), "a number for what lies outside", value.describe()));
        }
        if (!in.ragged().axes(tensor.get().type().shape()).isEmpty()) {
            tensor = inside(tensor.get(), indices.get(), outside.orElse(0), at, site);
            if (tensor.isEmpty()) return Item.Poison.MISTAKE;
        }
        if (indices.get().stream().anyMatch(i -> i instanceof Product || i instanceof Tensor)) return gather(tensor.get(), indices.get(), at, site);
        if (indices.get().stream().noneMatch(Position.class::isInstance)) return slices(tensor.get(), indices.get(), outside, at, site);
        var coordinates = new ArrayList<Coordinate>();
        for (Item i : indices.get()) {
            Optional<Coordinate> c = Arithmetic.coordinate(i);
            if (c.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(at.span()), "an index with whole numbers", i.describe()));
            coordinates.add(c.get());
        }
        return inside(new Read(tensor.get(), coordinates, outside), at, site).<Item>map(r -> new Product(List.of(r))).orElse(Item.Poison.MISTAKE);
    }

    /// What reads a ragged axis other than step by step sees the padding as outside. An index over it must know the row.
    private Optional<Value> inside(Value tensor, List<Item> indices, double outside, Expr.At at, Site site) {
        List<Dim> shape = tensor.type().shape();
        boolean shifted = false;
        for (int axis : in.ragged().axes(shape)) {
            boolean whole = isIndex(indices.get(axis), false);
            shifted |= !whole;
            if (whole && !in.ragged().rows(shape, axis).orElseThrow().stream().allMatch(r -> isIndex(indices.get(r), false))) {
                in.fail(new CheckProblem.RaggedAxis(site.place(at.span()), "an index over it without one for its rows", shape.get(axis).toString()));
                return Optional.empty();
            }
        }
        return Optional.of(shifted ? in.ragged().masked(tensor, outside) : tensor);
    }

    /// Evaluated once in a statement, however often it is looked at.
    Item tensor(Expr.At at, Site site) {
        Item known = site.frame().evaluated().get(at);
        if (known != null) return known;
        Optional<Item> part = at.tensor() instanceof Expr.Reference r && r.primed() ? site.scope().find(r.name() + "'").map(Scope.Binding::item).filter(Item.Slices.class::isInstance) : Optional.empty();
        Item item = part.orElseGet(() -> in.expressions().evaluate(at.tensor(), site));
        site.frame().evaluated().put(at, item);
        return item;
    }

    /// One item for each dim: rows are laid out, ranges become pairs. Numbers alone stand for the leading axes; the others stay whole.
    private Optional<List<Item>> indices(Expr.At at, List<Dim> shape, Site site) {
        int rank = shape.size();
        var items = new ArrayList<Item>();
        for (Expr e : at.indices()) {
            if (e instanceof Expr.Axes axes) {
                var row = site.scope().find(axes.name().text()).map(Scope.Binding::item);
                if (row.isEmpty() || !(row.get() instanceof Item.Positions(RowIndex r)) || r.variables().isEmpty()) {
                    in.fail(new CheckProblem.UnknownExtent(site.place(e.span()), axes.name().text() + ".."));
                    return Optional.empty();
                }
                for (IndexVariable v : r.variables().get()) items.add(new Position(Coordinate.of(v)));
            } else if (e instanceof Expr.Range range) {
                items.add(new Item.Many(List.of(in.expressions().evaluate(range.low(), site), in.expressions().evaluate(range.high(), site))));
            } else {
                Item item = quotient(e, at, site).orElseGet(() -> in.expressions().evaluate(e, site));
                items.add(item instanceof Item.Many ? in.fail(new CheckProblem.TypeMismatch(site.place(e.span()), "a whole number as an index", item.describe())) : item);
            }
        }
        if (items.stream().anyMatch(Item.Poison.class::isInstance)) return Optional.empty();
        boolean numbers = items.stream().allMatch(i -> i instanceof Item.Ratio || i instanceof Item.Many);
        while (numbers && items.size() < rank) items.add(new Item.Many(List.of(Item.Ratio.of(0), Item.Ratio.of(shape.get(items.size()).minus(1)))));
        if (items.size() == rank) return Optional.of(items);
        in.fail(new CheckProblem.IndexCount(site.place(at.span()), rank, items.size()));
        return Optional.empty();
    }

    /// `(i - u) / s`, in a read that says what lies outside.
    private Optional<Item> quotient(Expr e, Expr.At at, Site site) {
        if (at.outside().isEmpty() || !(e instanceof Expr.Binary(_, var operator, _, Expr left, Expr right)) || operator != Expr.BinaryOperator.DIVIDE) return Optional.empty();
        Optional<Dim> divisor = Numbers.whole(in.expressions().evaluate(right, site)).filter(d -> d.isConstant() && d.toInt() > 0);
        if (divisor.isEmpty()) return Optional.empty();
        Item dividend = in.expressions().evaluate(left, site);
        if (dividend instanceof Item.Poison) return Optional.of(dividend);
        return dividend instanceof Position(Coordinate c) && !c.isConstant() ? Optional.of(new Position(c.over(divisor.get().toInt()))) : Optional.empty();
    }

    /// Numbers and ranges alone: a range becomes an axis, a number takes its axis away.
    private Item slices(Value tensor, List<Item> indices, OptionalDouble outside, Expr.At at, Site site) {
        var axes = new ArrayList<IndexVariable>();
        var coordinates = new ArrayList<Coordinate>();
        for (Item i : indices) {
            Optional<Dim> low = Numbers.whole(i instanceof Item.Many(List<Item> ends) ? ends.getFirst() : i);
            Optional<Dim> high = Numbers.whole(i instanceof Item.Many(List<Item> ends) ? ends.getLast() : i);
            if (low.isEmpty() || high.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(at.span()), "a whole number as an index", i.describe()));
            var place = Coordinate.constant(low.get());
            if (i instanceof Item.Many) {
                Dim extent = high.get().minus(low.get()).plus(1);
                if (!in.contractions().atLeast(extent, Dim.ZERO, tensor.type().dim(coordinates.size()), at.span(), site)) return Item.Poison.MISTAKE;
                var along = new IndexVariable("place", at.span(), Optional.of(extent));
                axes.add(along);
                place = place.plus(Coordinate.of(along));
            }
            coordinates.add(place);
        }
        Optional<Read> read = inside(new Read(tensor, coordinates, outside), at, site);
        return read.flatMap(r -> in.contractions().materialise(r, at.span(), site))
                .<Item>map(found -> new Tensor(in.contractions().spread(found, axes, axes.stream().map(a -> a.extent().orElseThrow()).toList())))
                .orElse(Item.Poison.MISTAKE);
    }

    /// The read, proved to stay inside, checked at the door, or told what lies outside; empty when a mistake was reported.
    private Optional<Read> inside(Read read, Expr.At at, Site site) {
        if (!in.contractions().inside(read, at.span(), site)) return Optional.empty();
        Optional<Read> anchored = in.contractions().anchored(read);
        if (anchored.isEmpty()) in.fail(new CheckProblem.SymbolicOffset(site.place(at.span()), at.tensor().span().text()));
        return anchored;
    }

    /// An index that is data. Rows of a table are gathered; where the index shares axes with the others, the place is found by comparing.
    private Item gather(Value tensor, List<Item> indices, Expr.At at, Site site) {
        List<Integer> data = IntStream.range(0, indices.size()).filter(d -> indices.get(d) instanceof Product || indices.get(d) instanceof Tensor).boxed().toList();
        if (data.size() > 1) return several(tensor, indices, data, at, site);
        int d = data.getFirst();
        Optional<Labelled> ids = in.arithmetic().labelled(indices.get(d), at.indices().getFirst().span(), site);
        if (ids.isEmpty()) return Item.Poison.MISTAKE;
        if (ids.get().value().type().dtype() != DType.i32) return in.fail(new CheckProblem.WrongElementType(site.place(at.span()), "an index", ids.get().value().type().dtype().toString()));
        var place = new IndexVariable("place", at.span(), Optional.of(tensor.type().dim(d)));
        var coordinates = new ArrayList<Coordinate>();
        for (int i = 0; i < indices.size(); i++) {
            Optional<Coordinate> c = i == d ? Optional.of(Coordinate.of(place)) : Arithmetic.coordinate(indices.get(i)).filter(x -> x.offset().isConstant());
            if (c.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(at.span()), "an index with whole numbers", indices.get(i).describe()));
            coordinates.add(c.get());
        }
        Optional<Labelled> table = in.contractions().materialise(new Read(tensor, coordinates, OptionalDouble.empty()), at.span(), site);
        if (table.isEmpty()) return Item.Poison.MISTAKE;
        boolean shared = table.get().axes().stream().anyMatch(ids.get().axes()::contains);
        Labelled chosen = shared ? compared(table.get(), ids.get(), place, site) : gathered(table.get(), ids.get(), place);
        return new Product(List.of(Read.plain(chosen.value(), chosen.axes())));
    }

    /// Axes that data choose from together are one axis of all their places: `x[n, i[n], j[n]]` reads place `i·W + j` of H·W, and none where one of them lies outside.
    private Item several(Value tensor, List<Item> indices, List<Integer> data, Expr.At at, Site site) {
        var order = new ArrayList<>(data);
        for (int d = 0; d < indices.size(); d++) if (!data.contains(d)) order.add(d);
        Value turned = in.tensors().permute(tensor, order);
        Dim places = Dim.ONE;
        Item place = Ratio.of(0);
        Item inside = new Item.Truth(true);
        for (int d : data) {
            Optional<Labelled> ids = in.arithmetic().labelled(indices.get(d), at.span(), site);
            if (ids.isEmpty()) return Item.Poison.MISTAKE;
            if (ids.get().value().type().dtype() != DType.i32) return in.fail(new CheckProblem.WrongElementType(site.place(at.span()), "an index", ids.get().value().type().dtype().toString()));
            Dim extent = tensor.type().dim(d);
            Item size = new Tensor(in.tensors().whole(extent, List.of()));
            Item index = new Product(List.of(Read.plain(ids.get().value(), ids.get().axes())));
            Item low = in.arithmetic().map(Functions.LESS_EQUAL, at.span(), site, Ratio.of(0), index);
            Item high = in.arithmetic().map(Functions.LESS, at.span(), site, index, size);
            Item both = in.arithmetic().map(Functions.MIN, at.span(), site, low, high);
            inside = inside instanceof Item.Truth ? both : in.arithmetic().map(Functions.MIN, at.span(), site, inside, both);
            place = places.is(1) ? index : in.arithmetic().map(Functions.ADD, at.span(), site, in.arithmetic().map(Functions.MUL, at.span(), site, place, size), index);
            places = places.times(extent);
        }
        Item chosen = in.arithmetic().map(Functions.SELECT, at.span(), site, inside, place, Ratio.of(-1));
        if (chosen instanceof Item.Poison) return chosen;
        var shape = new ArrayList<>(turned.type().shape().subList(data.size(), indices.size()));
        shape.addFirst(places);
        var rest = new ArrayList<>(order.subList(data.size(), indices.size()).stream().map(indices::get).toList());
        rest.addFirst(chosen);
        return gather(in.tensors().reshape(turned, shape), rest, at, site);
    }

    private Labelled gathered(Labelled table, Labelled ids, IndexVariable place) {
        var order = new ArrayList<IndexVariable>(List.of(place));
        for (IndexVariable i : table.axes()) if (i != place) order.add(i);
        Value rows = in.tensors().permute(table.value(), order.stream().map(table.axes()::indexOf).toList());
        var axes = new ArrayList<>(ids.axes());
        axes.addAll(order.subList(1, order.size()));
        return new Labelled(in.tensors().add(new Gather(rows, ids.value())), axes);
    }

    private Labelled compared(Labelled table, Labelled ids, IndexVariable place, Site site) {
        List<IndexVariable> axes = site.frame().inOrder(List.of(table.axes(), ids.axes()));
        List<Dim> shape = axes.stream().map(i -> i.extent().orElseThrow()).toList();
        Value here = in.contractions().spread(new Labelled(in.tensors().iota(place.extent().orElseThrow()), List.of(place)), axes, shape);
        Value same = in.tensors().map(Functions.EQUAL, here, in.contractions().spread(ids, axes, shape));
        Value kept = in.tensors().map(Functions.SELECT, same, in.contractions().spread(table, axes, shape), in.tensors().fill(0, table.value().type().dtype(), shape));
        Value sum = in.tensors().sum(kept, List.of(axes.indexOf(place)));
        return new Labelled(sum, axes.stream().filter(i -> i != place).toList());
    }
}
