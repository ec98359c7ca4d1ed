package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.binary;
import static dev.kiln.compiler.rewrite.Rule.rule;
import static dev.kiln.compiler.rewrite.Rule.unary;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// Laws of arithmetic. Absent on purpose: `x * 0 => 0` and `x - x => 0`, which would hide a NaN. A parameter that is not finite shows in its own update.
final class Algebra {
    static final List<Rule<?>> RULES = List.of(
            binary(Functions.ADD, "c + x  =>  x + c", EXACT,
                    (at, a, b) -> swap(at, Functions.ADD, a, b),
                    (g, d) -> Ops.add(g, like(g, 2), x(d)))
                    .butNot((g, d) -> with(g, d, Functions.ADD, 2))
                    .butNot((g, _) -> Ops.add(g, like(g, 2), like(g, 3))),
            binary(Functions.MUL, "c * x  =>  x * c", EXACT,
                    (at, a, b) -> swap(at, Functions.MUL, a, b),
                    (g, d) -> Ops.mul(g, like(g, 2), x(d)))
                    .butNot((g, d) -> with(g, d, Functions.MUL, 2)),
            binary(Functions.ADD, "y + x  =>  x + y", EXACT,
                    (at, a, b) -> ordered(at, Functions.ADD, a, b),
                    (g, d) -> younger(g, d, Functions.ADD))
                    .butNot((g, d) -> Ops.add(g, x(d), d.real(shape())))
                    .butNot((g, d) -> youngerRow(g, d, false))
                    .butNot((g, d) -> youngerRow(g, d, true)),
            binary(Functions.MUL, "y * x  =>  x * y", EXACT,
                    (at, a, b) -> ordered(at, Functions.MUL, a, b),
                    (g, d) -> younger(g, d, Functions.MUL)),
            binary(Functions.ADD, "x + 0  =>  x", EXACT,
                    (_, a, b) -> Match.is(b, 0) ? a : null,
                    (g, d) -> with(g, d, Functions.ADD, 0))
                    .butNot((g, d) -> with(g, d, Functions.ADD, 1)),
            binary(Functions.SUB, "x - 0  =>  x", EXACT,
                    (_, a, b) -> Match.is(b, 0) ? a : null,
                    (g, d) -> with(g, d, Functions.SUB, 0))
                    .butNot((g, d) -> with(g, d, Functions.SUB, 1)),
            binary(Functions.MUL, "x * 1  =>  x", EXACT,
                    (_, a, b) -> Match.is(b, 1) ? a : null,
                    (g, d) -> with(g, d, Functions.MUL, 1))
                    .butNot((g, d) -> with(g, d, Functions.MUL, 2)),
            binary(Functions.DIV, "x / 1  =>  x", EXACT,
                    (_, a, b) -> Match.is(b, 1) ? a : null,
                    (g, d) -> with(g, d, Functions.DIV, 1))
                    .butNot((g, d) -> with(g, d, Functions.DIV, 2)),
            binary(Functions.MUL, "parameter * 0  =>  0", EXACT,
                    (_, a, b) -> a.op() instanceof Param && Match.is(b, 0) ? b : null,
                    (g, _) -> Ops.mul(g, g.add(new Param("w", TensorType.f32(3))), like(g, 0)))
                    .butNot((g, d) -> with(g, d, Functions.MUL, 0))
                    .butNot((g, _) -> Ops.mul(g, g.add(new Param("w", TensorType.f32(3))), like(g, 1))),
            binary(Functions.MUL, "x * -1  =>  -x", EXACT,
                    (at, a, b) -> Match.is(b, -1) ? Ops.neg(at.graph(), a) : null,
                    (g, d) -> with(g, d, Functions.MUL, -1))
                    .butNot((g, d) -> with(g, d, Functions.MUL, 1)),
            binary(Functions.SUB, "0 - x  =>  -x", EXACT,
                    (at, a, b) -> Match.is(a, 0) ? Ops.neg(at.graph(), b) : null,
                    (g, d) -> Ops.sub(g, like(g, 0), x(d)))
                    .butNot((g, d) -> Ops.sub(g, like(g, 1), x(d))),
            unary(Functions.NEG, "--x  =>  x", EXACT,
                    (_, a) -> Match.map(a, Functions.NEG) instanceof Map(_, var of) ? of.getFirst() : null,
                    (g, d) -> Ops.neg(g, Ops.neg(g, x(d))))
                    .butNot((g, d) -> Ops.neg(g, x(d))),
            binary(Functions.ADD, "x + -y  =>  x - y", EXACT,
                    (at, a, b) -> Match.map(b, Functions.NEG) instanceof Map(_, var of) ? Ops.sub(at.graph(), a, of.getFirst()) : null,
                    (g, d) -> Ops.add(g, x(d), Ops.neg(g, d.real(shape()))))
                    .butNot((g, d) -> Ops.add(g, x(d), d.real(shape()))),
            binary(Functions.ADD, "-x + y  =>  y - x", EXACT,
                    (at, a, b) -> Match.map(a, Functions.NEG) instanceof Map(_, var of) ? Ops.sub(at.graph(), b, of.getFirst()) : null,
                    (g, d) -> Ops.add(g, Ops.neg(g, x(d)), d.real(shape())))
                    .butNot((g, d) -> Ops.add(g, x(d), d.real(shape()))),
            binary(Functions.SUB, "x - -y  =>  x + y", EXACT,
                    (at, a, b) -> Match.map(b, Functions.NEG) instanceof Map(_, var of) ? Ops.add(at.graph(), a, of.getFirst()) : null,
                    (g, d) -> Ops.sub(g, x(d), Ops.neg(g, d.real(shape()))))
                    .butNot((g, d) -> Ops.sub(g, x(d), d.real(shape()))),
            binary(Functions.MUL, "-x * -y  =>  x * y", EXACT,
                    (at, a, b) -> Match.map(a, Functions.NEG) instanceof Map(_, var p) && Match.map(b, Functions.NEG) instanceof Map(_, var q) ? Ops.mul(at.graph(), p.getFirst(), q.getFirst()) : null,
                    (g, d) -> Ops.mul(g, Ops.neg(g, x(d)), Ops.neg(g, d.real(shape()))))
                    .butNot((g, d) -> Ops.mul(g, Ops.neg(g, x(d)), d.real(shape())))
                    .butNot((g, d) -> Ops.mul(g, x(d), Ops.neg(g, d.real(shape())))),
            binary(Functions.DIV, "x / c  =>  x * (1 / c)", ROUNDS,
                    (at, a, b) -> Match.number(b).isPresent() && !Match.is(b, 0) ? Ops.mul(at.graph(), a, Ops.fill(at.graph(), 1 / Match.number(b).getAsDouble(), a.type().shape())) : null,
                    (g, d) -> with(g, d, Functions.DIV, 3))
                    .butNot((g, d) -> with(g, d, Functions.DIV, 0))
                    .butNot((g, d) -> Ops.div(g, x(d), d.real(1, 2, shape()))),
            binary(Functions.DIV, "x / broadcast(s)  =>  x * broadcast(1 / s)", ROUNDS,
                    Algebra::reciprocal,
                    (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                return Ops.div(g, x, Ops.broadcast(g, d.real(1, 2, x.type().dim(1)), x.type().shape(), List.of(1)));
            })
                    .butNot((g, d) -> Ops.div(g, Ops.fill(g, 1, Dim.of(2), shape()), Ops.broadcast(g, d.real(1, 2, shape()), List.of(Dim.of(2), shape()), List.of(1))))
                    .butNot((g, d) -> Ops.div(g, x(d), d.real(1, 2, shape()))),
            binary(Functions.DIV, "1 / sqrt(x)  =>  rsqrt(x)", ROUNDS,
                    (at, a, b) -> Match.is(a, 1) && Match.map(b, Functions.SQRT) instanceof Map(_, var of) ? Ops.map(at.graph(), Functions.RSQRT, of) : null,
                    (g, d) -> {
                var x = d.real(0.5, 4, d.dim());
                return Ops.div(g, Ops.fill(g, 1, x.type().shape()), Ops.map(g, Functions.SQRT, x));
            })
                    .butNot((g, d) -> Ops.div(g, like(g, 2), Ops.map(g, Functions.SQRT, d.real(0.5, 4, shape()))))
                    .butNot((g, d) -> Ops.div(g, like(g, 1), Ops.map(g, Functions.EXP, x(d)))),
            binary(Functions.MUL, "(x * c) * d  =>  x * (c * d)", ROUNDS,
                    (at, a, b) -> chain(at, Functions.MUL, a, b),
                    (g, d) -> Ops.mul(g, with(g, d, Functions.MUL, 3), like(g, 5)))
                    .butNot((g, d) -> Ops.mul(g, with(g, d, Functions.MUL, 3), d.real(shape())))
                    .butNot((g, d) -> Ops.mul(g, Ops.mul(g, x(d), d.real(shape())), like(g, 5)))
                    .butNot((g, d) -> Ops.mul(g, with(g, d, Functions.ADD, 3), like(g, 5)))
                    .butNot((g, d) -> wholeChain(g, d)),
            binary(Functions.ADD, "(x + c) + d  =>  x + (c + d)", ROUNDS,
                    (at, a, b) -> chain(at, Functions.ADD, a, b),
                    (g, d) -> Ops.add(g, with(g, d, Functions.ADD, 3), like(g, 5))),
            binary(Functions.MUL, "-x * c  =>  x * -c", EXACT,
                    (at, a, b) -> Match.map(a, Functions.NEG) instanceof Map(_, var of) && Match.number(b).isPresent() ? Ops.mul(at.graph(), of.getFirst(), Ops.neg(at.graph(), b)) : null,
                    (g, d) -> Ops.mul(g, Ops.neg(g, x(d)), like(g, 5)))
                    .butNot((g, d) -> Ops.mul(g, Ops.neg(g, x(d)), d.real(shape())))
                    .butNot((g, d) -> with(g, d, Functions.MUL, 5)),
            unary(Functions.NEG, "-(x * c)  =>  x * -c", EXACT,
                    (at, a) -> Match.map(a, Functions.MUL) instanceof Map(_, var of) && Match.number(of.get(1)).isPresent() ? Ops.mul(at.graph(), of.getFirst(), Ops.neg(at.graph(), of.get(1))) : null,
                    (g, d) -> Ops.neg(g, with(g, d, Functions.MUL, 3)))
                    .butNot((g, d) -> Ops.neg(g, Ops.mul(g, x(d), d.real(shape()))))
                    .butNot((g, d) -> Ops.neg(g, with(g, d, Functions.ADD, 3))),
            unary(Functions.NEG, "-(x - y)  =>  y - x", EXACT,
                    (at, a) -> Match.map(a, Functions.SUB) instanceof Map(_, var of) ? Ops.sub(at.graph(), of.get(1), of.get(0)) : null,
                    (g, d) -> Ops.neg(g, Ops.sub(g, x(d), d.real(shape()))))
                    .butNot((g, d) -> Ops.neg(g, Ops.add(g, x(d), d.real(shape())))),
            rule(Map.class, "select(c, x, x)  =>  x", EXACT,
                    (_, op) -> op.fn().equals(Functions.SELECT) && op.operands().get(1).equals(op.operands().get(2)) ? op.operands().get(1) : null,
                    (g, d) -> {
                var x = x(d);
                return Ops.select(g, d.truth(shape()), x, x);
            })
                    .butNot((g, d) -> Ops.select(g, d.truth(shape()), x(d), d.real(shape()))));

    private Algebra() {}

    /// Constants stand on the right, so that rules need to look for them in one place.
    private static Value swap(Site at, Fn fn, Value a, Value b) {
        return Match.number(a).isPresent() && Match.number(b).isEmpty() ? Ops.map(at.graph(), fn, b, a) : null;
    }

    /// Products and sums of the same two values are one value.
    private static Value ordered(Site at, Fn fn, Value a, Value b) {
        return a.id() > b.id() && !(a.op() instanceof Broadcast) && !(b.op() instanceof Broadcast) && Match.number(b).isEmpty() ? Ops.map(at.graph(), fn, b, a) : null;
    }

    private static Value reciprocal(Site at, Value a, Value b) {
        if (!(b.op() instanceof Broadcast by) || Match.is(a, 1)) return null;
        var g = at.graph();
        return Ops.mul(g, a, Ops.broadcast(g, Ops.div(g, Ops.fill(g, 1, by.x().type().shape()), by.x()), by.shape(), by.axes()));
    }

    private static Value chain(Site at, Fn fn, Value a, Value b) {
        if (!(Match.map(a, fn) instanceof Map(_, var inner)) || a.type().dtype() != DType.f32 || Match.number(b).isEmpty() || Match.number(inner.get(1)).isEmpty()) return null;
        return Ops.map(at.graph(), fn, inner.getFirst(), Ops.map(at.graph(), fn, inner.get(1), b));
    }

    private static Dim shape() {
        return Dim.of(3);
    }

    private static Value x(Draw d) {
        return d.real(shape());
    }

    /// `fn(y, x)` of a y that is younger than x.
    private static Value younger(Graph g, Draw d, Fn fn) {
        var x = x(d);
        return Ops.map(g, fn, d.real(shape()), x);
    }

    /// A repeated row and a matrix, either of them the younger.
    private static Value youngerRow(Graph g, Draw d, boolean first) {
        var x = d.real(Dim.of(2), shape());
        var row = Ops.broadcast(g, d.real(shape()), x.type().shape(), List.of(1));
        return first ? Ops.add(g, row, x) : Ops.add(g, d.real(Dim.of(2), shape()), row);
    }

    /// Products of whole numbers wrap around.
    private static Value wholeChain(Graph g, Draw d) {
        var two = Ops.broadcast(g, Ops.constant(g, DType.i32, 2), List.of(shape()), List.of());
        return Ops.mul(g, Ops.mul(g, d.ids(4, shape()), two), two);
    }

    private static Value like(Graph g, double number) {
        return Ops.fill(g, number, shape());
    }

    private static Value with(Graph g, Draw d, Fn fn, double number) {
        return Ops.map(g, fn, x(d), like(g, number));
    }
}
