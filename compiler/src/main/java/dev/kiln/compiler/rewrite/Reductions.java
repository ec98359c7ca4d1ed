package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Reductions join, and what does not vary along the reduced axes leaves them.
final class Reductions {
    static final List<Rule<?>> RULES = List.of(
            rule(Sum.class, "sum(x, axes of extent 1)  =>  reshape(x)", EXACT,
                    (at, op) -> op.axes().stream().allMatch(a -> op.x().type().dim(a).is(1)) ? Ops.reshape(at.graph(), op.x(), op.type().shape()) : null,
                    (g, d) -> Ops.sum(g, d.real(d.dim(), Dim.ONE), 1))
                    .butNot((g, d) -> Ops.sum(g, d.real(Dim.of(2), Dim.ONE), 0, 1)),
            rule(Sum.class, "sum(sum(x, p), q)  =>  sum(x, p + q)", ROUNDS,
                    (at, op) -> op.x().op() instanceof Sum(var x, var p) && at.onlyUse(op.x()) ? Ops.sum(at.graph(), x, joined(x, p, op.axes())) : null,
                    (g, d) -> Ops.sum(g, Ops.sum(g, d.real(d.dim(), d.dim(), d.dim()), 1), 1))
                    .and((g, d) -> Ops.sum(g, Ops.sum(g, d.real(Dim.of(2), Dim.of(3), Dim.of(4), Dim.of(5)), 0, 2), 1))
                    .butNot((g, d) -> kept(g, Ops.sum(g, d.real(Dim.of(2), Dim.of(3)), 1), v -> Ops.sum(g, v, 0))),
            rule(Max.class, "max(max(x, p), q)  =>  max(x, p + q)", EXACT,
                    (at, op) -> op.x().op() instanceof Max(var x, var p) && at.onlyUse(op.x()) ? at.graph().add(new Max(x, joined(x, p, op.axes()))) : null,
                    (g, d) -> Ops.max(g, Ops.max(g, d.real(d.dim(), d.dim(), d.dim()), 1), 1))
                    .butNot((g, d) -> kept(g, Ops.max(g, d.real(Dim.of(2), Dim.of(3)), 1), v -> Ops.max(g, v, 0)))
                    .butNot((g, d) -> Ops.max(g, Ops.sum(g, d.real(Dim.of(2), Dim.of(3)), 1), 0)),
            rule(Sum.class, "sum(broadcast(x))  =>  x * size", ROUNDS,
                    Reductions::repeated,
                    (g, d) -> {
                        Dim n = d.dim();
                        return Ops.sum(g, Ops.broadcast(g, d.real(n, Dim.of(3)), List.of(n, Dim.of(5), Dim.of(3)), List.of(0, 2)), 1, 2);
                    })
                    .and((g, d) -> Ops.sum(g, Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1)), 0))
                    .and((g, d) -> Ops.sum(g, Ops.broadcast(g, d.real(Dim.of(3), Dim.of(4)), List.of(Dim.of(3), Dim.of(2), Dim.of(4), Dim.of(5)), List.of(0, 2)), 1))
                    .butNot((g, d) -> Ops.sum(g, Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1)), 1))
                    .butNot((g, d) -> Ops.sum(g, Ops.broadcast(g, d.ids(4, Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1)), 0))
                    .butNot((g, d) -> Ops.sum(g, Ops.broadcast(g, d.real(), List.of(d.dim()), List.of()), 0)),
            rule(Max.class, "max(broadcast(x))  =>  x", EXACT,
                    (_, op) -> op.x().op() instanceof Broadcast b && b.repeated().equals(op.axes()) ? b.x() : null,
                    (g, d) -> {
                        Dim n = d.dim();
                        return Ops.max(g, Ops.broadcast(g, d.real(n), List.of(n, d.dim()), List.of(0)), 1);
                    })
                    .butNot((g, d) -> Ops.max(g, Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(3), Dim.of(3)), List.of(0)), 0)),
            rule(Sum.class, "sum(-x)  =>  -sum(x)", EXACT,
                    (at, op) -> Match.map(op.x(), Functions.NEG) instanceof Map(_, var of) && at.onlyUse(op.x()) ? Ops.neg(at.graph(), Ops.sum(at.graph(), of.getFirst(), op.axes())) : null,
                    (g, d) -> Ops.sum(g, Ops.neg(g, d.real(d.dim(), d.dim())), 1))
                    .butNot((g, d) -> kept(g, Ops.neg(g, d.real(Dim.of(3))), v -> Ops.sum(g, v, 0))),
            rule(Sum.class, "sum(x * broadcast(s))  =>  sum(x) * broadcast(s)", ROUNDS,
                    Reductions::factor,
                    (g, d) -> {
                        Dim n = d.dim();
                        var x = d.real(n, Dim.of(3), Dim.of(2));
                        return Ops.sum(g, Ops.mul(g, x, Ops.broadcast(g, d.real(n), x.type().shape(), List.of(0))), 1, 2);
                    })
                    .and((g, d) -> Ops.sum(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(3), Dim.of(4)), Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3), Dim.of(4)), List.of(1))), 0, 2))
                    .and((g, d) -> Ops.sum(g, Ops.mul(g, Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1)), d.real(Dim.of(2), Dim.of(3))), 0))
                    .butNot((g, d) -> Ops.sum(g, Ops.mul(g, d.real(Dim.of(2), Dim.of(3)), Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1))), 1))
                    .butNot((g, d) -> Ops.sum(g, Ops.mul(g, d.ids(4, Dim.of(3)), Ops.broadcast(g, d.ids(4), List.of(Dim.of(3)), List.of())), 0))
                    .butNot((g, d) -> {
                        Dim n = d.dim();
                        return Ops.sum(g, Ops.mul(g, d.real(n), Ops.broadcast(g, d.real(), List.of(n), List.of())), 0);
                    }));

    private Reductions() {}

    /// The axes of x that go when first `p` go and then `q` of the rest.
    private static List<Integer> joined(Value x, List<Integer> p, List<Integer> q) {
        var rest = kept(x.type().rank(), p);
        var all = new ArrayList<>(p);
        q.forEach(a -> all.add(rest.get(a)));
        return all.stream().sorted().toList();
    }

    private static List<Integer> kept(int rank, List<Integer> gone) {
        return IntStream.range(0, rank).boxed().filter(a -> !gone.contains(a)).toList();
    }

    /// Axes along which x is repeated become a factor; the others are summed in x itself. A sum of nothing is 0, whatever x is.
    private static Value repeated(Site at, Sum op) {
        if (!(op.x().op() instanceof Broadcast b) || op.type().dtype() != DType.f32 || !at.inhabited(op.x(), op.axes()) || op.axes().stream().noneMatch(b.repeated()::contains)) return null;
        var g = at.graph();
        var sum = Ops.sum(g, b.x(), IntStream.range(0, b.axes().size()).boxed().filter(k -> op.axes().contains(b.axes().get(k))).toList());
        var times = Ops.count(g, op.x(), op.axes().stream().filter(b.repeated()::contains).toList());
        var product = Ops.mul(g, sum, Ops.fill(g, times, sum.type().shape()));
        return Ops.broadcast(g, product, op.type().shape(), places(b.axes(), op.axes()));
    }

    /// Where the axes that stay stand after `gone` went.
    private static List<Integer> places(List<Integer> axes, List<Integer> gone) {
        return axes.stream().filter(a -> !gone.contains(a)).map(a -> a - (int) gone.stream().filter(other -> other < a).count()).toList();
    }

    /// A sum of nothing is 0, whatever the factor is.
    private static Value factor(Site at, Sum op) {
        if (!(Match.map(op.x(), Functions.MUL) instanceof Map(_, var of)) || op.type().dtype() != DType.f32 || !at.inhabited(op.x(), op.axes())) return null;
        var g = at.graph();
        for (int i = 1; i >= 0; i--)
            if (of.get(i).op() instanceof Broadcast b && b.repeated().containsAll(op.axes())) {
                var sum = Ops.sum(g, of.get(1 - i), op.axes());
                return Ops.mul(g, sum, Ops.broadcast(g, b.x(), sum.type().shape(), places(b.axes(), op.axes())));
            }
        return null;
    }

    /// What `reduced` makes of v, beside a second reader of v.
    private static Value kept(Graph g, Value v, UnaryOperator<Value> reduced) {
        return Ops.add(g, Ops.broadcast(g, reduced.apply(v), v.type().shape(), List.of()), v);
    }
}
