package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.binary;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// What is repeated along the same axes is joined before it meets the large operand; scales move outwards, where sums and contractions take them.
final class Repetition {
    static final List<Rule<?>> RULES = List.of(
            binary(Functions.ADD, "broadcast(s) + x  =>  x + broadcast(s)", EXACT,
                    (at, a, b) -> swapped(at, Functions.ADD, a, b),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.add(g, row(g, d, x), x);
                    })
                    .butNot((g, d) -> Ops.add(g, twoRows(g, d, 1), twoRows(g, d, 1)))
                    .butNot((g, d) -> Ops.add(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1))),
            binary(Functions.MUL, "broadcast(s) * x  =>  x * broadcast(s)", EXACT,
                    (at, a, b) -> swapped(at, Functions.MUL, a, b),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.mul(g, row(g, d, x), x);
                    }),
            binary(Functions.ADD, "(x + broadcast(s)) + broadcast(t)  =>  x + broadcast(s + t)", ROUNDS,
                    (at, a, b) -> joined(at, Functions.ADD, a, b),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.add(g, Ops.add(g, x, row(g, d, x)), row(g, d, x));
                    })
                    .and((g, d) -> Ops.add(g, Ops.add(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1)), Ops.fill(g, 3, Dim.of(2), Dim.of(2))))
                    .and((g, d) -> Ops.add(g, Ops.add(g, d.real(Dim.of(2), Dim.of(2)), Ops.fill(g, 3, Dim.of(2), Dim.of(2))), twoRows(g, d, 0)))
                    .butNot((g, d) -> Ops.add(g, Ops.add(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1)), twoRows(g, d, 0)))
                    .butNot((g, d) -> Ops.add(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1)), twoRows(g, d, 1)))
                    .butNot((g, d) -> Ops.add(g, Ops.add(g, d.ids(4, Dim.of(2)), wholes(g, d)), wholes(g, d))),
            binary(Functions.MUL, "(x * broadcast(s)) * broadcast(t)  =>  x * broadcast(s * t)", ROUNDS,
                    (at, a, b) -> joined(at, Functions.MUL, a, b),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.mul(g, Ops.mul(g, x, row(g, d, x)), row(g, d, x));
                    }),
            binary(Functions.MUL, "(x * broadcast(s)) * y  =>  (x * y) * broadcast(s)", ROUNDS,
                    (at, a, b) -> outwards(at, a, b),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.mul(g, Ops.mul(g, x, row(g, d, x)), Ops.neg(g, x));
                    })
                    .butNot((g, d) -> Ops.mul(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1)), twoRows(g, d, 0)))
                    .butNot((g, d) -> Ops.mul(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(2)), d.real(Dim.of(2), Dim.of(2))), d.real(Dim.of(2), Dim.of(2))))
                    .butNot((g, d) -> squared(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(2)), twoRows(g, d, 1)), d))
                    .butNot((g, d) -> Ops.mul(g, Ops.mul(g, d.ids(4, Dim.of(2)), wholes(g, d)), d.ids(4, Dim.of(2)))),
            binary(Functions.MUL, "y * (x * broadcast(s))  =>  (y * x) * broadcast(s)", ROUNDS,
                    (at, a, b) -> outwards(at, b, a),
                    (g, d) -> {
                        var x = matrix(d);
                        return Ops.mul(g, Ops.neg(g, x), Ops.mul(g, x, row(g, d, x)));
                    }));

    private Repetition() {}

    private static Value matrix(Draw d) {
        return d.real(d.dim(), d.dim());
    }

    private static Value row(Graph g, Draw d, Value x) {
        return Ops.broadcast(g, d.real(x.type().dim(1)), x.type().shape(), List.of(1));
    }

    private static Value swapped(Site at, Fn fn, Value a, Value b) {
        return a.op() instanceof Broadcast && !(b.op() instanceof Broadcast) ? Ops.map(at.graph(), fn, b, a) : null;
    }

    private static Value joined(Site at, Fn fn, Value a, Value b) {
        if (!(b.op() instanceof Broadcast t) || !(Match.map(a, fn) instanceof Map(_, var of)) || !(of.get(1).op() instanceof Broadcast s)) return null;
        boolean alike = s.axes().equals(t.axes()) || s.axes().isEmpty() || t.axes().isEmpty();
        return alike && a.type().dtype() == DType.f32 ? Ops.map(at.graph(), fn, of.get(0), Ops.map(at.graph(), fn, of.get(1), b)) : null;
    }

    private static Value outwards(Site at, Value scaled, Value y) {
        if (!(Match.map(scaled, Functions.MUL) instanceof Map(_, var of)) || !(of.get(1).op() instanceof Broadcast) || y.op() instanceof Broadcast || scaled.type().dtype() != DType.f32 || !at.onlyUse(scaled)) return null;
        return Ops.mul(at.graph(), Ops.mul(at.graph(), of.get(0), y), of.get(1));
    }

    /// A row or a column twice, in a matrix of two by two.
    private static Value twoRows(Graph g, Draw d, int axis) {
        return Ops.broadcast(g, d.real(Dim.of(2)), List.of(Dim.of(2), Dim.of(2)), List.of(axis));
    }

    private static Value wholes(Graph g, Draw d) {
        return Ops.broadcast(g, d.ids(4), List.of(Dim.of(2)), List.of());
    }

    /// `scaled` has a second reader.
    private static Value squared(Graph g, Value scaled, Draw d) {
        return Ops.add(g, Ops.mul(g, scaled, d.real(Dim.of(2), Dim.of(2))), Ops.map(g, Functions.SIN, scaled));
    }
}
