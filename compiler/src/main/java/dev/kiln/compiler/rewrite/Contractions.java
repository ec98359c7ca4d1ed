package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.binary;
import static dev.kiln.compiler.rewrite.Rule.rule;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/// Contractions take in movements of their operands, and fixed affine maps of their result: batch norm after a convolution becomes weights and bias.
/// "Fixed" is what depends on parameters and constants alone, so it is computed when weights are loaded.
final class Contractions {
    static final List<Rule<?>> RULES = List.of(
            rule(Contract.class, "contract(permute(x)[i, j])  =>  contract(x[j, i])", EXACT,
                    (at, op) -> operand(at, op, Contractions::permuted),
                    (g, d) -> {
                        Dim k = d.dim();
                        return dense(g, Ops.permute(g, d.real(k, d.dim()), List.of(1, 0)), d.real(k, Dim.of(3)));
                    })
                    .and((g, d) -> dense(g, d.real(Dim.of(2), Dim.of(3)), Ops.permute(g, d.real(Dim.of(4), Dim.of(3)), List.of(1, 0))))
                    .and((g, d) -> cube(g, d)),
            rule(Contract.class, "contract(pad(x, 0)[i])  =>  contract(x[i - low])", EXACT,
                    (at, op) -> operand(at, op, Contractions::padded),
                    (g, d) -> dense(g, Ops.pad(g, d.real(d.dim(), Dim.of(3)), 1, Dim.of(2), Dim.of(1), 0), d.real(Dim.of(6), Dim.of(2))))
                    .and((g, d) -> dense(g, d.real(Dim.of(2), Dim.of(6)), Ops.pad(g, d.real(Dim.of(3), Dim.of(4)), 0, Dim.of(2), Dim.of(1), 0)))
                    .butNot((g, d) -> dense(g, Ops.pad(g, d.real(Dim.of(2), Dim.of(3)), 1, Dim.of(2), Dim.of(1), 1), d.real(Dim.of(6), Dim.of(2)))),
            rule(Contract.class, "contract(broadcast(x)[i, j])  =>  contract(x[i])", EXACT,
                    (at, op) -> operand(at, op, Contractions::repeated),
                    (g, d) -> {
                        Dim k = d.dim();
                        return g.add(new Contract(Ops.broadcast(g, d.real(k), List.of(k, Dim.of(2)), List.of(0)), d.real(Dim.of(2)), List.of(new Axis("i", k), new Axis("j", Dim.of(2))),
                                new Access(List.of(Affine.axis(0), Affine.axis(1))), new Access(List.of(Affine.axis(1))), List.of(0, 1)));
                    })
                    .butNot((g, d) -> partly(g, d, new Affine(java.util.Map.of(1, 1), 1, 1), 4))
                    .butNot((g, d) -> partly(g, d, Affine.axis(1), 3))
                    .butNot((g, d) -> alone(g, d, 0))
                    .butNot((g, d) -> alone(g, d, 1)),
            rule(Permute.class, "permute(contract(x, w))  =>  contract(x, w) in that order", EXACT,
                    (at, op) -> op.x().op() instanceof Contract c && at.onlyUse(op.x()) ? at.graph().add(new Contract(c.a(), c.b(), c.axes(), c.ofA(), c.ofB(), Permute.then(c.out(), op.order()))) : null,
                    (g, d) -> Ops.permute(g, dense(g, d.real(d.dim(), Dim.of(3)), d.real(Dim.of(3), d.dim())), List.of(1, 0)))
                    .butNot((g, d) -> twice(g, dense(g, d.real(Dim.of(3), Dim.of(2)), d.real(Dim.of(2), Dim.of(3))), v -> Ops.permute(g, v, List.of(1, 0)))),
            rule(Sum.class, "sum(contract(x, y), p)  =>  contract(x, y) without p, read by both", ROUNDS,
                    (at, op) -> op.x().op() instanceof Contract c && at.onlyUse(op.x()) ? summed(at.graph(), c, op.axes()) : null,
                    (g, d) -> Ops.sum(g, outer(g, d), 0))
                    .butNot((g, d) -> Ops.sum(g, dense(g, d.real(Dim.of(3), Dim.of(2)), d.real(Dim.of(2), Dim.of(3))), 0))
                    .butNot((g, d) -> Ops.sum(g, dense(g, d.real(Dim.of(3), Dim.of(2)), d.real(Dim.of(2), Dim.of(3))), 1)),
            rule(Sum.class, "sum(contract(x, y) + z, p)  =>  contract(x, y) without p + sum(z, p)", ROUNDS,
                    Contractions::summed,
                    (g, d) -> {
                        var y = outer(g, d);
                        return Ops.sum(g, Ops.add(g, y, Ops.mul(g, y, d.real(y.type().shape().toArray(Dim[]::new)))), 0);
                    })
                    .and((g, d) -> {
                        var y = outer(g, d);
                        return Ops.sum(g, Ops.add(g, d.real(y.type().shape().toArray(Dim[]::new)), y), 0);
                    })
                    .butNot((g, d) -> Ops.sum(g, Ops.add(g, dense(g, d.real(Dim.of(3), Dim.of(2)), d.real(Dim.of(2), Dim.of(3))), d.real(Dim.of(3), Dim.of(3))), 0)),
            binary(Functions.MUL, "contract(x, w) * broadcast(s)  =>  contract(x, w * s), w and s fixed", ROUNDS,
                    Contractions::scaled,
                    (g, d) -> {
                        var y = dense(g, d.real(d.dim(), Dim.of(3)), weights(g));
                        return Ops.mul(g, y, Ops.broadcast(g, vector(g, 2, 3), y.type().shape(), List.of(1)));
                    })
                    .and((g, d) -> {
                        var y = dense(g, weights(g), d.real(Dim.of(2), Dim.of(2)));
                        return Ops.mul(g, y, Ops.broadcast(g, g.add(new Const(TensorType.f32(3), List.of(2.0, 3.0, 5.0))), y.type().shape(), List.of(0)));
                    })
                    .butNot((g, d) -> {
                        var y = dense(g, d.real(Dim.of(2), Dim.of(3)), weights(g));
                        return Ops.mul(g, y, Ops.broadcast(g, vector(g, 2, 3), y.type().shape(), List.of(0)));
                    })
                    .butNot((g, d) -> {
                        var y = dense(g, d.real(Dim.of(2), Dim.of(3)), weights(g));
                        return Ops.mul(g, y, Ops.broadcast(g, d.real(Dim.of(2)), y.type().shape(), List.of(1)));
                    })
                    .butNot((g, d) -> {
                        var y = dense(g, d.real(Dim.of(2), Dim.of(3)), d.real(Dim.of(3), Dim.of(2)));
                        return Ops.mul(g, y, Ops.broadcast(g, vector(g, 2, 3), y.type().shape(), List.of(1)));
                    }),
            binary(Functions.MUL, "(x + b) * s  =>  x * s + b * s, b and s fixed, the sum read once", ROUNDS,
                    (at, a, b) -> distributed(at, a, b, Functions.ADD),
                    (g, d) -> {
                        var x = d.real(d.dim(), Dim.of(2));
                        return Ops.mul(g, Ops.add(g, x, row(g, x, 5, 7)), row(g, x, 2, 3));
                    })
                    .butNot((g, d) -> {
                        var x = d.real(Dim.of(3), Dim.of(2));
                        return Ops.mul(g, Ops.add(g, x, d.real(Dim.of(3), Dim.of(2))), row(g, x, 2, 3));
                    })
                    .butNot((g, d) -> {
                        var x = d.real(Dim.of(3), Dim.of(2));
                        return twice(g, Ops.add(g, x, row(g, x, 5, 7)), sum -> Ops.mul(g, sum, row(g, x, 2, 3)));
                    })
                    .butNot((g, d) -> {
                        var x = d.real(Dim.of(3), Dim.of(2));
                        return Ops.mul(g, Ops.sub(g, x, row(g, x, 5, 7)), row(g, x, 2, 3));
                    }),
            binary(Functions.ADD, "x + (contract(a, b) + contract(c, d))  =>  (x + contract(a, b)) + contract(c, d)", ROUNDS,
                    Contractions::inTurn,
                    (g, d) -> {
                        var y = dense(g, d.real(d.dim(), Dim.of(3)), d.real(Dim.of(3), Dim.of(2)));
                        var z = dense(g, d.real(y.type().dim(0), Dim.of(4)), d.real(Dim.of(4), Dim.of(2)));
                        return Ops.add(g, d.real(y.type().shape().toArray(Dim[]::new)), Ops.add(g, y, z));
                    })
                    .and((g, d) -> Ops.add(g, Ops.add(g, square(g, d), square(g, d)), d.real(Dim.of(2), Dim.of(2))))
                    .butNot((g, d) -> Ops.add(g, square(g, d), Ops.add(g, square(g, d), square(g, d))))
                    .butNot((g, d) -> Ops.add(g, d.real(Dim.of(2), Dim.of(2)), Ops.add(g, square(g, d), d.real(Dim.of(2), Dim.of(2)))))
                    .butNot((g, d) -> twice(g, Ops.add(g, square(g, d), square(g, d)), sum -> Ops.add(g, d.real(Dim.of(2), Dim.of(2)), sum))),
            binary(Functions.SUB, "x - b  =>  x + (-b), b fixed", EXACT,
                    Contractions::negated,
                    (g, d) -> {
                        var x = d.real(d.dim(), Dim.of(2));
                        return Ops.sub(g, x, row(g, x, 5, 7));
                    })
                    .butNot((g, d) -> Ops.sub(g, d.real(Dim.of(2)), d.real(Dim.of(2))))
                    .butNot((g, d) -> Ops.sub(g, row(g, weights(g), 2, 3), row(g, weights(g), 5, 7))));

    private Contractions() {}

    /// Each contraction begins with what is there already; the sum of both would be a pass of its own.
    private static Value inTurn(Site at, Value a, Value b) {
        if (!isSum(at, b)) return isSum(at, a) ? inTurn(at, b, a) : null;
        if (a.op() instanceof Contract) return null;
        var both = b.op().operands();
        return Ops.add(at.graph(), Ops.add(at.graph(), a, both.get(0)), both.get(1));
    }

    private static boolean isSum(Site at, Value v) {
        return Match.map(v, Functions.ADD) instanceof Map(_, var both) && at.onlyUse(v) && both.stream().allMatch(x -> x.op() instanceof Contract && at.onlyUse(x));
    }

    private static Value square(Graph g, Draw d) {
        return dense(g, d.real(Dim.of(2), Dim.of(3)), d.real(Dim.of(3), Dim.of(2)));
    }

    /// An operand and how it is read.
    private record Read(Value x, Access access, List<Axis> axes) {}

    private interface Change {
        /// How else to read what `read` reads, or null.
        Read of(Read read);
    }

    /// Applies `change` to the first operand it fits, if every axis is still read.
    private static Value operand(Site at, Contract op, Change change) {
        var a = change.of(new Read(op.a(), op.ofA(), op.axes()));
        var b = a == null ? change.of(new Read(op.b(), op.ofB(), op.axes())) : null;
        if (a == null && b == null) return null;
        var ofA = a == null ? op.ofA() : a.access();
        var ofB = b == null ? op.ofB() : b.access();
        if (!IntStream.range(0, op.axes().size()).allMatch(axis -> ofA.reads(axis) || ofB.reads(axis))) return null;
        return at.graph().add(new Contract(a == null ? op.a() : a.x(), b == null ? op.b() : b.x(), op.axes(), ofA, ofB, op.out()));
    }

    private static Read permuted(Read read) {
        if (!(read.x().op() instanceof Permute(var x, var order))) return null;
        return new Read(x, new Access(Permute.inverse(order).stream().map(read.access().dims()::get).toList()), read.axes());
    }

    private static Read padded(Read read) {
        if (!(read.x().op() instanceof Pad p) || p.value() != 0 || !p.low().stream().allMatch(Dim::isConstant)) return null;
        return new Read(p.x(), new Access(IntStream.range(0, p.low().size()).mapToObj(d -> read.access().dims().get(d).plus(-p.low().get(d).toInt())).toList()), read.axes());
    }

    /// The repeated dims must be read whole, by an axis as it is: elsewhere zeros would be read.
    private static Read repeated(Read read) {
        if (!(read.x().op() instanceof Broadcast b) || !b.repeated().stream().allMatch(d -> isWhole(read, d))) return null;
        return new Read(b.x(), new Access(b.axes().stream().map(read.access().dims()::get).toList()), read.axes());
    }

    private static boolean isWhole(Read read, int dim) {
        var index = read.access().dims().get(dim);
        return index.isAxis() && read.axes().get(index.axes().getFirst()).extent().equals(read.x().type().dim(dim));
    }

    /// The repetition of something fixed that `v` is, or null.
    private static Broadcast vector(Site at, Value v) {
        return v.op() instanceof Broadcast b && at.fixed(b.x()) ? b : null;
    }

    private static Value scaled(Site at, Value a, Value b) {
        var scale = vector(at, b);
        if (scale == null || !(a.op() instanceof Contract c) || !at.onlyUse(a)) return null;
        var inB = at.fixed(c.b()) ? spread(at.graph(), c, scale, c.b(), c.ofB()) : null;
        if (inB != null) return at.graph().add(new Contract(c.a(), Ops.mul(at.graph(), c.b(), inB), c.axes(), c.ofA(), c.ofB(), c.out()));
        var inA = at.fixed(c.a()) ? spread(at.graph(), c, scale, c.a(), c.ofA()) : null;
        return inA == null ? null : at.graph().add(new Contract(Ops.mul(at.graph(), c.a(), inA), c.b(), c.axes(), c.ofA(), c.ofB(), c.out()));
    }

    /// The scale in the shape of an operand, when each of its axes is an axis of the result that the operand reads as it is.
    private static Value spread(Graph g, Contract c, Broadcast scale, Value operand, Access access) {
        var dims = new ArrayList<Integer>();
        for (int axis : scale.axes()) {
            int dim = access.dims().indexOf(Affine.axis(c.out().get(axis)));
            if (dim < 0 || !operand.type().dim(dim).equals(scale.shape().get(axis))) return null;
            dims.add(dim);
        }
        var sorted = dims.stream().sorted().toList();
        return Ops.broadcast(g, Ops.permute(g, scale.x(), sorted.stream().map(dims::indexOf).toList()), operand.type().shape(), sorted);
    }


    /// The contraction that sums over `gone` of its result as well, if both operands read them: else one operand would better be summed before.
    private static Value summed(Graph g, Contract c, List<Integer> gone) {
        if (!gone.stream().map(c.out()::get).allMatch(axis -> c.ofA().reads(axis) && c.ofB().reads(axis))) return null;
        return g.add(new Contract(c.a(), c.b(), c.axes(), c.ofA(), c.ofB(), IntStream.range(0, c.out().size()).filter(i -> !gone.contains(i)).mapToObj(c.out()::get).toList()));
    }

    private static Value summed(Site at, Sum op) {
        if (!(Match.map(op.x(), Functions.ADD) instanceof Map(_, var of)) || !at.onlyUse(op.x())) return null;
        for (int i = 0; i < 2; i++) {
            var sum = of.get(i).op() instanceof Contract c ? summed(at.graph(), c, op.axes()) : null;
            if (sum != null) return Ops.add(at.graph(), sum, Ops.sum(at.graph(), of.get(1 - i), op.axes()));
        }
        return null;
    }

    /// `y[t, i, j] = x[t, i] z[t, j]`.
    private static Value outer(Graph g, Draw d) {
        Dim time = d.dim();
        var x = d.real(time, d.dim());
        var z = d.real(time, d.dim());
        var axes = List.of(new Axis("t", time), new Axis("i", x.type().dim(1)), new Axis("j", z.type().dim(1)));
        return g.add(new Contract(x, z, axes, new Access(List.of(Affine.axis(0), Affine.axis(1))), new Access(List.of(Affine.axis(0), Affine.axis(2))), List.of(0, 1, 2)));
    }

    private static Value negated(Site at, Value a, Value b) {
        var by = vector(at, b);
        return by == null || at.fixed(a) ? null : Ops.add(at.graph(), a, Ops.broadcast(at.graph(), Ops.neg(at.graph(), by.x()), by.shape(), by.axes()));
    }

    private static Value distributed(Site at, Value a, Value b, Fn inner) {
        var scale = vector(at, b);
        if (scale == null || !(Match.map(a, inner) instanceof Map(_, var of)) || vector(at, of.get(1)) == null || at.fixed(a) || !at.onlyUse(a)) return null;
        var g = at.graph();
        return Ops.map(g, inner, Ops.mul(g, of.get(0), b), Ops.mul(g, of.get(1), b));
    }


    private static Value dense(Graph g, Value x, Value w) {
        var axes = List.of(new Axis("n", x.type().dim(0)), new Axis("k", x.type().dim(1)), new Axis("o", w.type().dim(1)));
        return g.add(new Contract(x, w, axes, new Access(List.of(Affine.axis(0), Affine.axis(1))), new Access(List.of(Affine.axis(1), Affine.axis(2))), List.of(0, 2)));
    }

    private static Value weights(Graph g) {
        return g.add(new Const(TensorType.f32(3, 2), List.of(1.0, -2.0, 3.0, 0.5, 0.25, -1.0)));
    }

    private static Value vector(Graph g, double first, double second) {
        return g.add(new Const(TensorType.f32(2), List.of(first, second)));
    }

    private static Value row(Graph g, Value x, double first, double second) {
        return Ops.broadcast(g, vector(g, first, second), x.type().shape(), List.of(1));
    }

    /// `y[i, j] = x[j, i, k] w[k]`, whose operand is turned around.
    private static Value cube(Graph g, Draw d) {
        var turned = Ops.permute(g, d.real(Dim.of(4), Dim.of(2), Dim.of(3)), List.of(2, 0, 1));
        var axes = List.of(new Axis("i", Dim.of(3)), new Axis("j", Dim.of(4)), new Axis("k", Dim.of(2)));
        return g.add(new Contract(turned, d.real(Dim.of(2)), axes, new Access(List.of(Affine.axis(0), Affine.axis(1), Affine.axis(2))), new Access(List.of(Affine.axis(2))), List.of(0, 1)));
    }

    /// A repetition that is read in part, or beyond its end.
    private static Value partly(Graph g, Draw d, Affine index, int extent) {
        var rows = Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(3), Dim.of(4)), List.of(0));
        return g.add(new Contract(rows, d.real(Dim.of(extent)), List.of(new Axis("i", Dim.of(3)), new Axis("j", Dim.of(extent))), new Access(List.of(Affine.axis(0), index)), new Access(List.of(Affine.axis(1))), List.of(0, 1)));
    }

    /// `y[i] = Σ x[i] b` over an axis that only the repetition of x reads; it is axis `repeated` of the two.
    private static Value alone(Graph g, Draw d, int repeated) {
        var rows = Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(3), Dim.of(4)), List.of(0));
        var kept = new Axis("i", Dim.of(3));
        var gone = new Axis("j", Dim.of(4));
        var axes = repeated == 0 ? List.of(gone, kept) : List.of(kept, gone);
        return g.add(new Contract(rows, d.real(), axes, new Access(List.of(Affine.axis(1 - repeated), Affine.axis(repeated))), new Access(List.of()), List.of(1 - repeated)));
    }

    /// What `moved` makes of v, beside a second reader of v.
    private static Value twice(Graph g, Value v, UnaryOperator<Value> moved) {
        return Ops.add(g, moved.apply(v), v);
    }
}
