package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Calls.Given;
import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Callable;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A function of exactly the packed axes, `energy(x[n, k] over k)` with `fn energy(v: f32[K])`, at every position of the others:
/// a loop over these positions without states, of which `simplify` leaves operators on whole tensors.
final class RowByRow {
    private final Elaboration in;

    RowByRow(Elaboration in) {
        this.in = in;
    }

    /// Whether `callee` takes a tensor of this rank and of no other.
    static boolean fits(Item callee, int rank) {
        return switch (callee) {
            case Callable f -> fits(f.function().inputs(), f.fixed(), rank);
            case Item.Kind k when !k.isCell() -> fits(k.block().inputs(), Map.of(), rank);
            case Applicable a when !a.isCell() -> fits(a.instance().block().inputs(), a.fixed(), rank);
            default -> false;
        };
    }

    private static boolean fits(List<Ast.Input> inputs, Map<String, Item> fixed, int rank) {
        Optional<Ast.Input> open = inputs.stream().filter(i -> !fixed.containsKey(i.name().text())).findFirst();
        return open.isPresent() && open.get().type().dims().size() == rank && open.get().type().dims().stream().noneMatch(d -> d instanceof Expr.Axes);
    }

    /// @param outer how many axes of `v` stand before those that the function takes
    Item run(Item callee, Value v, int outer, Span argument, Span span, Site site) {
        List<Dim> shape = v.type().shape();
        Dim rows = shape.subList(0, outer).stream().reduce(Dim.ONE, Dim::times);
        var loop = new Loop(in.loop(), in.tensors(), rows, rows);
        in.enter(Optional.of(loop));
        Value row = loop.step(in.tensors().reshape(v, joined(List.of(rows), shape.subList(outer, shape.size()))));
        Item result = in.calls().call(callee, List.of(new Given(Optional.empty(), new Tensor(row), argument)), span, site);
        in.enter(loop.outer());
        for (var state : loop.states().entrySet())
            if (state.getValue().after().isPresent()) return in.fail(new CheckProblem.StateByRow(site.place(span), callee.describe(), state.getKey()));
        if (!(result instanceof Tensor(Value y))) return result;
        Value all = Cut.of(in.graph(), loop, List.of(y), false).outputs().getFirst();
        return new Tensor(in.tensors().reshape(all, joined(shape.subList(0, outer), y.type().shape())));
    }

    private static List<Dim> joined(List<Dim> first, List<Dim> then) {
        var all = new ArrayList<>(first);
        all.addAll(then);
        return all;
    }
}
