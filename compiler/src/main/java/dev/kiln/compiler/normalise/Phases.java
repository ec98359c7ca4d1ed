package dev.kiln.compiler.normalise;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Interleave;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Site;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Divisors vanish. An index `(c*x + …) / s` has a value only for some x modulo `m = s / gcd(c, s)`: with `x = m*q + f` each phase f is a contraction of its own, over
/// q, and in the end all its indices divide. Phases of an axis of the result interleave, phases of a summed axis add; a phase that never divides is zero.
/// So the input gradient of a convolution of stride s becomes s² contractions of stride 1 on the taps that matter: no column matrix, no scatter.
final class Phases {
    static final List<Rule<?>> RULES = List.of(
            rule(Contract.class, "contract(x[(c*i + ..) / s]), i in the result  =>  interleave(its phases)", EXACT,
                    (at, op) -> split(op).filter(s -> op.out().contains(s.axis())).map(s -> interleaved(at, op, s)).orElse(null),
                    (g, d) -> inputGradient(g, d, Dim.of(7))),
            rule(Contract.class, "contract(x[(c*u + ..) / s]), u summed  =>  the sum of its phases", ROUNDS,
                    (at, op) -> split(op).filter(s -> !op.out().contains(s.axis())).map(s -> added(at, op, s)).orElse(null),
                    (g, d) -> g.add(new Contract(d.real(d.dim()), d.real(Dim.of(5)), List.of(new Axis("u", Dim.of(5))), new Access(List.of(new Affine(Map.of(0, 1), 1, 2))), new Access(List.of(Affine.axis(0))), List.of())))
                    .and((g, d) -> g.add(new Contract(d.real(d.dim()), d.real(Dim.ONE), List.of(new Axis("u", Dim.ONE)), new Access(List.of(new Affine(Map.of(0, 1), 1, 2))), new Access(List.of(Affine.axis(0))), List.of()))),
            rule(Contract.class, "contract(x[an index that never divides])  =>  0", EXACT,
                    (at, op) -> indices(op).anyMatch(Phases::never) ? Ops.fill(at.graph(), 0, op.type().shape()) : null,
                    (g, d) -> g.add(new Contract(d.real(Dim.of(4)), d.real(), List.of(new Axis("i", Dim.of(3))), new Access(List.of(new Affine(Map.of(0, 2), 1, 2))), new Access(List.of()), List.of(0)))));

    private Phases() {}

    /// An axis to be written as `count*q + f`.
    private record Split(int axis, int count) {}

    private static Stream<Affine> indices(Contract op) {
        return Stream.concat(op.ofA().dims().stream(), op.ofB().dims().stream());
    }

    /// True when the part of the numerator that varies has a common factor with the divisor that the rest has not.
    private static boolean never(Affine index) {
        int common = index.axes().stream().map(index::coefficient).reduce(index.divisor(), Phases::gcd);
        return index.offset() % common != 0;
    }

    /// The axis to split next, one of the result first; empty when nothing divides or a rule before this one says zero.
    private static Optional<Split> split(Contract op) {
        if (indices(op).anyMatch(Phases::never)) return Optional.empty();
        var splits = indices(op).filter(index -> index.divisor() > 1)
                .flatMap(index -> index.axes().stream().filter(x -> index.coefficient(x) % index.divisor() != 0).map(x -> new Split(x, index.divisor() / gcd(index.coefficient(x), index.divisor()))))
                .toList();
        return splits.stream().filter(s -> op.out().contains(s.axis())).findFirst().or(() -> splits.stream().findFirst());
    }

    private static Value interleaved(Site at, Contract op, Split split) {
        int place = op.out().indexOf(split.axis());
        var phases = IntStream.range(0, split.count()).mapToObj(phase(at.graph(), op, split)).toList();
        return at.graph().add(new Interleave(phases, place, op.axes().get(split.axis()).extent()));
    }

    private static Value added(Site at, Contract op, Split split) {
        Dim extent = op.axes().get(split.axis()).extent();
        return IntStream.range(0, split.count())
                .filter(f -> !Interleave.phase(extent, f, split.count()).is(0) && indices(at(op, split, f)).noneMatch(Phases::never))
                .mapToObj(phase(at.graph(), op, split))
                .reduce((a, b) -> Ops.add(at.graph(), a, b))
                .orElseGet(() -> Ops.fill(at.graph(), 0, op.type().shape()));
    }

    private static IntFunction<Value> phase(Graph g, Contract op, Split split) {
        return f -> g.add(at(op, split, f));
    }

    /// The contraction over q for `axis = count*q + f`.
    private static Contract at(Contract op, Split split, int f) {
        var axes = new ArrayList<>(op.axes());
        var axis = axes.get(split.axis());
        axes.set(split.axis(), new Axis(axis.name(), Interleave.phase(axis.extent(), f, split.count())));
        var value = new Affine(Map.of(split.axis(), split.count()), f, 1);
        return new Contract(op.a(), op.b(), axes, substitute(op.ofA(), split.axis(), value), substitute(op.ofB(), split.axis(), value), op.out());
    }

    private static Access substitute(Access access, int axis, Affine value) {
        return new Access(access.dims().stream().map(index -> index.substitute(axis, value)).toList());
    }

    private static int gcd(int a, int b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }

    /// `dx[i, c] = Σ dy[(i + 1 - u) / 2, f] * w[u, c, f]`: a convolution of kernel 3, stride 2, padding 1.
    private static Value inputGradient(Graph g, Draw d, Dim length) {
        Dim out = length.minus(1).floorDiv(2).plus(1);
        var axes = List.of(new Axis("i", length), new Axis("c", Dim.of(2)), new Axis("u", Dim.of(3)), new Axis("f", Dim.of(3)));
        return g.add(new Contract(d.real(out, Dim.of(3)), d.real(Dim.of(3), Dim.of(2), Dim.of(3)), axes,
                new Access(List.of(new Affine(Map.of(0, 1, 2, -1), 1, 2), Affine.axis(3))), new Access(List.of(Affine.axis(2), Affine.axis(1), Affine.axis(3))), List.of(0, 1)));
    }
}
