package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.binary;
import static dev.kiln.compiler.rewrite.Rule.rule;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Movements join, cancel, and make way for arithmetic on fewer elements. All exact but for the order of sums.
final class Movement {
    static final List<Rule<?>> RULES = List.of(
            rule(Permute.class, "permute(x, identity)  =>  x", EXACT,
                    (at, op) -> Ops.permute(at.graph(), op.x(), op.order()),
                    (g, d) -> g.add(new Permute(d.real(d.dim(), d.dim()), List.of(0, 1)))),
            rule(Permute.class, "permute(permute(x, p), q)  =>  permute(x, p·q)", EXACT,
                    (at, op) -> op.x().op() instanceof Permute(var x, var p) ? Ops.permute(at.graph(), x, Permute.then(p, op.order())) : null,
                    (g, d) -> Ops.permute(g, Ops.permute(g, d.real(d.dim(), d.dim(), d.dim()), List.of(1, 2, 0)), List.of(0, 2, 1)))
                    .butNot((g, d) -> Ops.permute(g, d.real(d.dim(), d.dim()), List.of(1, 0))),
            rule(Permute.class, "permute(fill(c))  =>  fill(c)", EXACT,
                    (at, op) -> fill(at, op.x(), op.type().shape()),
                    (g, d) -> Ops.permute(g, Ops.fill(g, 2, d.dim(), d.dim()), List.of(1, 0)))
                    .butNot((g, d) -> Ops.permute(g, rows(g, d), List.of(1, 0))),
            rule(Reshape.class, "reshape(x, shape of x)  =>  x", EXACT,
                    (at, op) -> Ops.reshape(at.graph(), op.x(), op.shape()),
                    (g, d) -> {
                        var x = d.real(d.dim());
                        return g.add(new Reshape(x, x.type().shape()));
                    }),
            rule(Reshape.class, "reshape(reshape(x, s), t)  =>  reshape(x, t)", EXACT,
                    (at, op) -> op.x().op() instanceof Reshape(var x, _) ? Ops.reshape(at.graph(), x, op.shape()) : null,
                    (g, d) -> {
                        Dim n = d.dim();
                        return Ops.reshape(g, Ops.reshape(g, d.real(n.times(6)), List.of(Dim.of(2), n.times(3))), List.of(Dim.of(3), n.times(2)));
                    }),
            rule(Reshape.class, "reshape(fill(c))  =>  fill(c)", EXACT,
                    (at, op) -> fill(at, op.x(), op.shape()),
                    (g, d) -> {
                        Dim n = d.dim();
                        return Ops.reshape(g, Ops.fill(g, 2, n, Dim.of(2)), List.of(n.times(2)));
                    })
                    .butNot((g, d) -> Ops.reshape(g, rows(g, d), List.of(Dim.of(6)))),
            rule(Broadcast.class, "broadcast(x, shape of x)  =>  x", EXACT,
                    (at, op) -> Ops.broadcast(at.graph(), op.x(), op.shape(), op.axes()),
                    (g, d) -> {
                        var x = d.real(d.dim());
                        return g.add(new Broadcast(x, x.type().shape(), List.of(0)));
                    }),
            rule(Broadcast.class, "broadcast(broadcast(x, p), q)  =>  broadcast(x, p·q)", EXACT,
                    (at, op) -> op.x().op() instanceof Broadcast(var x, _, var p) ? Ops.broadcast(at.graph(), x, op.shape(), Permute.then(op.axes(), p)) : null,
                    (g, d) -> {
                        Dim n = d.dim();
                        Dim k = d.dim();
                        return Ops.broadcast(g, Ops.broadcast(g, d.real(n), List.of(k, n), List.of(1)), List.of(k, n, Dim.of(2)), List.of(0, 1));
                    }),
            rule(Slice.class, "slice(x, all of x)  =>  x", EXACT,
                    (_, op) -> whole(op) ? op.x() : null,
                    (g, d) -> {
                        var x = d.real(d.dim());
                        return g.add(new Slice(x, List.of(Dim.ZERO), List.of(1), x.type().shape()));
                    })
                    .butNot((g, d) -> Ops.slice(g, d.real(Dim.of(4)), 0, Dim.ONE, 1, Dim.of(3)))
                    .butNot((g, d) -> Ops.slice(g, d.real(Dim.of(4)), 0, Dim.ZERO, 1, Dim.of(3)))
                    .butNot((g, d) -> Ops.slice(g, d.real(Dim.of(4)), 0, Dim.of(3), -1, Dim.of(4))),
            rule(Slice.class, "slice(slice(x, s), t)  =>  slice(x, s·t)", EXACT,
                    Movement::sliced,
                    (g, d) -> Ops.slice(g, Ops.slice(g, d.real(Dim.of(9)), 0, Dim.of(8), -1, Dim.of(9)), 0, Dim.of(1), 2, Dim.of(3)))
                    .and((g, d) -> Ops.slice(g, Ops.slice(g, d.real(Dim.of(9), Dim.of(7)), 0, Dim.of(1), 2, Dim.of(4)), 1, Dim.of(6), -3, Dim.of(3))),
            rule(Slice.class, "slice(fill(c))  =>  fill(c)", EXACT,
                    (at, op) -> fill(at, op.x(), op.extent()),
                    (g, _) -> Ops.slice(g, Ops.fill(g, 2, Dim.of(4)), 0, Dim.ONE, 1, Dim.of(2)))
                    .butNot((g, d) -> Ops.slice(g, rows(g, d), 1, Dim.ONE, 1, Dim.of(2))),
            rule(Slice.class, "slice(pad(x, margin), inside)  =>  x", EXACT,
                    (_, op) -> op.x().op() instanceof Pad p && op.start().equals(p.low()) && forward(op) && op.extent().equals(p.x().type().shape()) ? p.x() : null,
                    (g, d) -> {
                        Dim n = d.dim();
                        return Ops.slice(g, Ops.pad(g, d.real(n), 0, Dim.of(2), Dim.of(3), 1), 0, Dim.of(2), 1, n);
                    })
                    .butNot((g, d) -> Ops.slice(g, Ops.pad(g, d.real(Dim.of(4)), 0, Dim.of(2), Dim.of(3), 1), 0, Dim.of(1), 1, Dim.of(4)))
                    .butNot((g, d) -> Ops.slice(g, Ops.pad(g, d.real(Dim.of(4)), 0, Dim.of(2), Dim.of(3), 1), 0, Dim.of(2), 1, Dim.of(5)))
                    .butNot((g, d) -> Ops.slice(g, Ops.pad(g, d.real(Dim.of(3)), 0, Dim.of(2), Dim.of(3), 1), 0, Dim.of(2), 2, Dim.of(3))),
            rule(Slice.class, "slice(fn(x, port))  =>  fn(slice(x), slice(port)), only parts of fn read", EXACT,
                    Movement::part,
                    (g, d) -> swapping(g, d, 2, false))
                    .butNot((g, d) -> swapping(g, d, 3, false))
                    .butNot((g, d) -> swapping(g, d, 2, true))
                    .butNot((g, d) -> swapped(g, Ops.add(g, d.real(Dim.of(4)), d.real(Dim.of(4))), 2)),
            rule(Pad.class, "pad(x, nothing)  =>  x", EXACT,
                    (_, op) -> op.type().equals(op.x().type()) ? op.x() : null,
                    (g, d) -> g.add(new Pad(d.real(d.dim()), List.of(Dim.ZERO), List.of(Dim.ZERO), 1)))
                    .butNot((g, d) -> Ops.pad(g, d.real(Dim.of(3)), 0, Dim.ONE, Dim.ZERO, 1)),
            rule(Concat.class, "concat(x)  =>  x", EXACT,
                    (_, op) -> op.operands().size() == 1 ? op.operands().getFirst() : null,
                    (g, d) -> Ops.concat(g, 0, d.real(d.dim())))
                    .butNot((g, d) -> Ops.concat(g, 0, d.real(Dim.of(2)), d.real(Dim.of(3)))),
            rule(Concat.class, "concat(concat(x, y), z)  =>  concat(x, y, z)", EXACT,
                    (at, op) -> op.operands().stream().anyMatch(v -> isConcat(v, op.axis())) ? at.graph().add(new Concat(op.operands().stream().flatMap(v -> isConcat(v, op.axis()) ? v.op().operands().stream() : Stream.of(v)).toList(), op.axis())) : null,
                    (g, d) -> Ops.concat(g, 0, Ops.concat(g, 0, d.real(d.dim()), d.real(Dim.of(2))), d.real(d.dim())))
                    .butNot((g, d) -> Ops.concat(g, 1, Ops.concat(g, 0, d.real(Dim.of(2), Dim.of(3)), d.real(Dim.of(1), Dim.of(3))), d.real(Dim.of(3), Dim.of(2)))),
            binary(Functions.ADD, "pad(x, beside y) + z + pad(y, beside x)  =>  pad(concat(x, y)) + z", ROUNDS,
                    Movement::joined,
                    (g, d) -> {
                        Dim n = d.dim();
                        var left = Ops.pad(g, d.real(n, Dim.of(2)), 1, Dim.of(1), Dim.of(3), 0);
                        var right = Ops.pad(g, d.real(n, Dim.of(3)), 1, Dim.of(3), Dim.ZERO, 0);
                        return Ops.add(g, Ops.add(g, left, d.real(n, Dim.of(6))), right);
                    })
                    .and((g, d) -> Ops.add(g, Ops.add(g, beside(g, d, 3, 3, 0), d.real(Dim.of(2), Dim.of(6))), beside(g, d, 2, 1, 3)))
                    .and((g, d) -> Ops.add(g, d.real(Dim.of(2), Dim.of(6)), Ops.add(g, d.real(Dim.of(2), Dim.of(6)), Ops.add(g, beside(g, d, 2, 1, 3), beside(g, d, 3, 3, 0)))))
                    .butNot((g, d) -> Ops.add(g, beside(g, d, 2, 1, 3), beside(g, d, 2, 4, 0)))
                    .butNot((g, d) -> Ops.add(g, beside(g, d, 2, 1, 3), beside(g, d, 4, 2, 0)))
                    .butNot((g, d) -> Ops.add(g, Ops.pad(g, d.real(Dim.of(2)), 0, Dim.ZERO, Dim.of(3), 1), Ops.pad(g, d.real(Dim.of(3)), 0, Dim.of(2), Dim.ZERO, 0)))
                    .butNot((g, d) -> Ops.add(g, Ops.pad(g, d.real(Dim.of(2)), 0, Dim.ZERO, Dim.of(3), 0), Ops.pad(g, d.real(Dim.of(3)), 0, Dim.of(2), Dim.ZERO, 1)))
                    .butNot((g, d) -> corners(g, d))
                    .butNot((g, d) -> readTwice(g, d)),
            rule(Cast.class, "cast(x, type of x)  =>  x", EXACT,
                    (_, op) -> op.dtype() == op.x().type().dtype() ? op.x() : null,
                    (g, d) -> g.add(new Cast(d.real(d.dim()), DType.f32)))
                    .butNot((g, d) -> Ops.cast(g, d.truth(Dim.of(3)), DType.f32)),
            rule(Cast.class, "cast(broadcast(x))  =>  broadcast(cast(x))", EXACT,
                    (at, op) -> op.x().op() instanceof Broadcast b ? Ops.broadcast(at.graph(), Ops.cast(at.graph(), b.x(), op.dtype()), b.shape(), b.axes()) : null,
                    (g, d) -> Ops.cast(g, Ops.broadcast(g, d.truth(), List.of(d.dim()), List.of()), DType.f32))
                    .butNot((g, d) -> Ops.cast(g, d.truth(Dim.of(3)), DType.f32)),
            rule(Map.class, "fn(concat(x, y), port)  =>  concat(fn(x, slice(port)), fn(y, slice(port))), concat read once", EXACT,
                    Movement::inParts,
                    (g, d) -> joining(g, d, false))
                    .butNot((g, d) -> joining(g, d, true))
                    .butNot((g, d) -> Ops.map(g, Functions.EXP, Ops.concat(g, 0, d.real(Dim.of(2)), d.real(Dim.of(3)))))
                    .butNot((g, d) -> Ops.mul(g, Ops.concat(g, 0, d.real(Dim.of(2)), d.real(Dim.of(3))), Ops.fill(g, 2, List.of(Dim.of(5)))))
                    .butNot((g, d) -> Ops.mul(g, Ops.concat(g, 0, d.real(Dim.of(2)), d.real(Dim.of(3))), d.real(Dim.of(5)))),
            rule(Map.class, "fn(broadcast(x, p), broadcast(y, p), fill(c))  =>  broadcast(fn(x, y, fill(c)), p)", EXACT,
                    Movement::lifted,
                    (g, d) -> {
                        Dim n = d.dim();
                        var shape = List.of(d.dim(), n);
                        return Ops.mul(g, Ops.broadcast(g, d.real(n), shape, List.of(1)), Ops.fill(g, 2, shape));
                    })
                    .and((g, d) -> Ops.add(g, Ops.fill(g, 2, Dim.of(2), Dim.of(3)), rows(g, d)))
                    .and((g, d) -> Ops.add(g, rows(g, d), rows(g, d)))
                    .butNot((g, d) -> Ops.add(g, rows(g, d), d.real(Dim.of(2), Dim.of(3))))
                    .butNot((g, d) -> Ops.add(g, rows(g, d), Ops.broadcast(g, d.real(Dim.of(2)), List.of(Dim.of(2), Dim.of(3)), List.of(0)))));

    private Movement() {}

    private static Value fill(Site at, Value x, List<Dim> shape) {
        return x.op() instanceof Broadcast b && b.axes().isEmpty() ? Ops.fill(at.graph(), b.x(), shape) : null;
    }

    private static boolean forward(Slice op) {
        return op.stride().stream().allMatch(s -> s == 1);
    }

    private static boolean whole(Slice op) {
        return forward(op) && op.start().stream().allMatch(s -> s.is(0)) && op.extent().equals(op.x().type().shape());
    }

    private static Value sliced(Site at, Slice op) {
        if (!(op.x().op() instanceof Slice inner)) return null;
        var axes = IntStream.range(0, op.start().size()).boxed().toList();
        return at.graph().add(new Slice(inner.x(),
                axes.stream().map(a -> inner.start().get(a).plus(op.start().get(a).times(inner.stride().get(a)))).toList(),
                axes.stream().map(a -> inner.stride().get(a) * op.stride().get(a)).toList(),
                op.extent()));
    }

    /// Arithmetic on what a loop reads step by step is a sweep, and no end of a contraction: where only parts are read, it goes into the sweeps of these parts.
    private static Value part(Site at, Slice op) {
        if (!(op.x().op() instanceof Map(var fn, var operands)) || !readsPort(at, op.x()) || !at.onlyParts(op.x())) return null;
        return Ops.map(at.graph(), fn, operands.stream().map(x -> at.graph().add(new Slice(x, op.start(), op.stride(), op.extent()))).toList());
    }

    /// What a loop puts together, and then computes with what it is given in each step, is computed where the parts are made. Without anything given, a sweep of all parts is one step.
    private static Value inParts(Site at, Map op) {
        var joined = op.operands().stream().filter(x -> x.op() instanceof Concat && at.onlyUse(x)).findFirst();
        if (joined.isEmpty() || !op.operands().stream().allMatch(x -> x.equals(joined.get()) || isSwept(at, x)) || op.operands().stream().allMatch(x -> x.equals(joined.get()) || Match.number(x).isPresent())) return null;
        var concat = (Concat) joined.get().op();
        Graph g = at.graph();
        var parts = new ArrayList<Value>();
        var from = Dim.ZERO;
        for (var part : concat.operands()) {
            var size = part.type().dim(concat.axis());
            var first = from;
            parts.add(Ops.map(g, op.fn(), op.operands().stream().map(x -> x.equals(joined.get()) ? part : Ops.slice(g, x, concat.axis(), first, 1, size)).toList()));
            from = from.plus(size);
        }
        return Ops.concat(g, concat.axis(), parts.toArray(Value[]::new));
    }

    /// Whether it costs nothing to read `x` in parts.
    private static boolean isSwept(Site at, Value x) {
        return x.op() instanceof Port || Match.number(x).isPresent() || (at.users(x).size() == 1 && at.onlyUse(x) && readsPort(at, x));
    }

    private static boolean readsPort(Site at, Value v) {
        return v.op() instanceof Map(_, var operands) && operands.stream().anyMatch(x -> (x.op() instanceof Port && x.type().rank() > 0) || (at.users(x).size() == 1 && readsPort(at, x)));
    }

    private static boolean isConcat(Value v, int axis) {
        return v.op() instanceof Concat c && c.axis() == axis;
    }

    /// What flows back into the parts of a value: addends in a margin of zeros, each where another ends. The sum is read by nobody in part.
    private static Value joined(Site at, Value a, Value b) {
        if (!(a.op() instanceof Pad) && b.op() instanceof Pad) return joined(at, b, a);
        if (!(a.op() instanceof Pad pad)) return null;
        var addends = new ArrayList<Value>();
        addends(at, b, addends);
        for (int i = 0; i < addends.size(); i++) {
            if (!(addends.get(i).op() instanceof Pad other)) continue;
            var both = joined(at.graph(), pad, other);
            if (both == null) both = joined(at.graph(), other, pad);
            if (both == null) continue;
            addends.set(i, both);
            return addends.stream().reduce((u, v) -> Ops.add(at.graph(), u, v)).orElseThrow();
        }
        return null;
    }

    private static void addends(Site at, Value v, List<Value> to) {
        if (Match.map(v, Functions.ADD) instanceof Map(_, var of) && at.onlyUse(v)) of.forEach(x -> addends(at, x, to));
        else to.add(v);
    }

    /// Where `right` begins, along one axis, where `left` ends.
    private static Value joined(Graph g, Pad left, Pad right) {
        if (left.value() != 0 || right.value() != 0) return null;
        var axes = IntStream.range(0, left.low().size()).boxed().filter(a -> !left.low().get(a).equals(right.low().get(a)) || !left.high().get(a).equals(right.high().get(a))).toList();
        if (axes.size() != 1) return null;
        int axis = axes.getFirst();
        if (!left.low().get(axis).plus(left.x().type().dim(axis)).equals(right.low().get(axis))) return null;
        var high = new ArrayList<>(left.high());
        high.set(axis, right.high().get(axis));
        return g.add(new Pad(g.add(new Concat(List.of(left.x(), right.x()), axis)), left.low(), high, 0));
    }

    /// Arithmetic before repetition: over the operand with the most axes, when all others have the same or are one number.
    private static Value lifted(Site at, Map op) {
        if (!op.operands().stream().allMatch(v -> v.op() instanceof Broadcast)) return null;
        var parts = op.operands().stream().map(v -> (Broadcast) v.op()).toList();
        var widest = parts.stream().max(Comparator.comparingInt(b -> b.axes().size())).orElseThrow();
        if (!parts.stream().allMatch(b -> b.axes().isEmpty() || b.axes().equals(widest.axes()))) return null;
        Graph g = at.graph();
        var inner = parts.stream().map(b -> b.axes().isEmpty() ? Ops.fill(g, b.x(), widest.x().type().shape()) : b.x()).toList();
        return Ops.broadcast(g, Ops.map(g, op.fn(), inner), widest.shape(), widest.axes());
    }

    /// Two equal rows of three.
    private static Value rows(Graph g, Draw d) {
        return Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1));
    }

    /// Columns in a margin of zeros.
    private static Value beside(Graph g, Draw d, int columns, int low, int high) {
        return Ops.pad(g, d.real(Dim.of(2), Dim.of(columns)), 1, Dim.of(low), Dim.of(high), 0);
    }

    /// Margins along two axes: the parts touch at a corner.
    private static Value corners(Graph g, Draw d) {
        var zero = List.of(Dim.ZERO, Dim.ZERO);
        var two = List.of(Dim.of(2), Dim.of(2));
        return Ops.add(g, g.add(new Pad(d.real(Dim.of(2), Dim.of(2)), zero, two, 0)), g.add(new Pad(d.real(Dim.of(2), Dim.of(2)), two, zero, 0)));
    }

    /// A sum that somebody reads in part stays as it is.
    private static Value readTwice(Graph g, Draw d) {
        var part = Ops.add(g, beside(g, d, 2, 1, 3), d.real(Dim.of(2), Dim.of(6)));
        return Ops.mul(g, Ops.add(g, part, beside(g, d, 3, 3, 0)), part);
    }

    /// `h' = swapped(h + x)`, four elements of which so many are read first.
    /// @param whole whether the sum is an output, too
    private static Value swapping(Graph g, Draw d, int first, boolean whole) {
        var x = d.real(d.dim(), Dim.of(4));
        var loop = new Loop(g, x.type().dim(0));
        var sum = Ops.add(loop.body(), loop.state(d.real(Dim.of(4))), loop.step(x));
        return loop.scan(List.of(swapped(loop.body(), sum, first)), whole ? List.of(sum) : List.of()).states().getFirst();
    }

    /// So many elements of x from the first on behind the last two.
    private static Value swapped(Graph g, Value x, int first) {
        var both = Ops.concat(g, 0, Ops.slice(g, x, 0, Dim.of(2), 1, Dim.of(2)), Ops.slice(g, x, 0, Dim.ZERO, 1, Dim.of(first)));
        return first == 2 ? both : Ops.slice(g, both, 0, Dim.ZERO, 1, Dim.of(4));
    }

    /// `h' = concat(h[2..], h[..2]) * x`.
    /// @param whole whether what is put together is an output, too
    private static Value joining(Graph g, Draw d, boolean whole) {
        var x = d.real(d.dim(), Dim.of(4));
        var loop = new Loop(g, x.type().dim(0));
        var joined = swapped(loop.body(), loop.state(d.real(Dim.of(4))), 2);
        return loop.scan(List.of(Ops.mul(loop.body(), joined, loop.step(x))), whole ? List.of(joined) : List.of()).states().getFirst();
    }
}
