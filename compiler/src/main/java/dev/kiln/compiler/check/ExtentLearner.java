package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Position;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Origin;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Walks a formula before it is evaluated: an index that reads a dim alone has that dim's extent.
final class ExtentLearner {
    private final Elaboration in;

    ExtentLearner(Elaboration in) {
        this.in = in;
    }

    void walk(Expr e, Site site) {
        switch (e) {
            case Expr.At at -> {
                for (Expr i : at.indices()) walk(i, site);
                at(at, site);
            }
            case Expr.Call call -> {
                Site inner = call.over().isEmpty() ? site : site.inner(in.formulas().over(call, site));
                for (Expr.Argument a : call.arguments()) walk(a.value(), inner);
                if (!(call.callee() instanceof Expr.Reference)) walk(call.callee(), inner);
            }
            case Expr.Unary u -> walk(u.operand(), site);
            case Expr.Binary b -> {
                walk(b.left(), site);
                walk(b.right(), site);
            }
            case Expr.Choose c -> {
                walk(c.condition(), site);
                walk(c.then(), site);
                walk(c.otherwise(), site);
            }
            case Expr.Chain c -> walk(c.first(), site);
            case Expr.Tuple t -> t.items().forEach(i -> walk(i, site));
            case Expr.Items t -> t.items().forEach(i -> walk(i, site));
            case Expr.Range r -> {
                walk(r.low(), site);
                walk(r.high(), site);
            }
            case Expr.Member m -> walk(m.owner(), site);
            case Expr.Whole _, Expr.Real _, Expr.Text _, Expr.Truth _, Expr.Reference _, Expr.Fresh _, Expr.Axes _, Expr.Ragged _ -> {}
        }
    }

    private void at(Expr.At at, Site site) {
        Value tensor;
        switch (in.formulas().tensor(at, site)) {
            case Tensor(Value v) -> tensor = v;
            case Item.Reversed(Value v) -> tensor = v;
            case Item.Slices s -> {
                IntStream.range(0, Math.min(at.indices().size(), s.type().rank())).filter(axis -> !s.axes().contains(axis)).forEach(axis -> alone(at.indices().get(axis), s.type().dim(axis), site));
                return;
            }
            default -> {
                return;
            }
        }
        int rank = tensor.type().rank();
        rows(at, rank, site);
        var alone = new ArrayList<Optional<IndexVariable>>();
        int axis = 0;
        for (Expr e : at.indices()) {
            if (e instanceof Expr.Axes axes) {
                Optional<RowIndex> row = row(axes, site);
                if (row.isEmpty() || row.get().variables().isEmpty()) return;
                for (IndexVariable v : row.get().variables().get())
                    if (axis < rank) {
                        learn(v, tensor.type().dim(axis++), e, site);
                        alone.add(Optional.of(v));
                    }
            } else {
                alone.add(axis < rank ? alone(e, tensor.type().dim(axis), site) : Optional.empty());
                axis++;
            }
        }
        if (alone.size() == rank) lengths(tensor, alone);
    }

    /// An index that stands alone at an axis runs over it.
    private Optional<IndexVariable> alone(Expr e, Dim dim, Site site) {
        if (!(e instanceof Expr.Reference r)) return Optional.empty();
        Optional<IndexVariable> read = site.scope().find(r.name()).map(Scope.Binding::item).flatMap(item -> item instanceof Position(Coordinate c) ? c.alone() : Optional.empty());
        read.ifPresent(index -> learn(index, dim, e, site));
        return read;
    }

    /// An index that reads a ragged axis runs as far as the row does.
    private void lengths(Value tensor, List<Optional<IndexVariable>> alone) {
        List<Dim> shape = tensor.type().shape();
        for (int axis : in.ragged().axes(shape)) {
            List<Integer> rows = in.ragged().rows(shape, axis).orElseThrow();
            if (alone.get(axis).isEmpty() || rows.stream().anyMatch(r -> alone.get(r).isEmpty())) continue;
            List<IndexVariable> of = rows.stream().map(r -> alone.get(r).orElseThrow()).toList();
            alone.get(axis).get().lengths().add(new Labelled(in.ragged().length(shape, axis), of));
        }
    }

    /// A row variable stands for the axes that the other indices leave, when it is the only unknown one.
    private void rows(Expr.At at, int rank, Site site) {
        int left = rank;
        Optional<RowIndex> unknown = Optional.empty();
        for (Expr e : at.indices()) {
            Optional<RowIndex> row = e instanceof Expr.Axes axes ? row(axes, site) : Optional.empty();
            if (row.isEmpty()) left--;
            else if (row.get().variables().isPresent()) left -= row.get().variables().get().size();
            else if (unknown.isEmpty()) unknown = row;
            else return;
        }
        if (unknown.isPresent() && left >= 0) unknown.get().learn(left);
    }

    private static Optional<RowIndex> row(Expr.Axes axes, Site site) {
        Optional<Item> item = site.scope().find(axes.name().text()).map(Scope.Binding::item);
        return item.isPresent() && item.get() instanceof Item.Positions(RowIndex r) ? Optional.of(r) : Optional.empty();
    }

    private void learn(IndexVariable index, Dim dim, Expr at, Site site) {
        if (index.extent().isEmpty()) {
            index.learn(dim, at.span());
        } else if (!index.extent().get().equals(dim) && !index.source().orElseThrow().equals(index.bound())) {
            if (!in.together(List.of(index.extent().get()), List.of(dim), at.span(), site)) in.fail(new CheckProblem.IndexMismatch(site.place(at.span()), index.name(), dim.toString(), index.extent().get().toString(),
                    List.of(new Origin(site.place(index.source().orElseThrow()), "%s has %s places here".formatted(index.name(), index.extent().get())))));
        }
    }
}
