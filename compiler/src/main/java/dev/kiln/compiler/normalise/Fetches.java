package dev.kiln.compiler.normalise;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.rule;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// As many zeros lie around an operand as a contraction reads beyond its edges. Where sizes that have nothing to do with each other leave open how many that are
/// (`y[j < M] = x[j else 0]`), what is read is fetched first, element by element.
final class Fetches {
    static final List<Rule<?>> RULES = List.of(rule(Contract.class, "contract(x[an index that reaches beyond an edge by no known number])  =>  contract(what it reads)", EXACT,
            (at, op) -> normal(op) ? of(at.graph(), op) : null,
            (g, d) -> g.add(new Contract(d.real(Dim.of(5)), d.real(), List.of(new Axis("j", d.dim())), new Access(List.of(new Affine(Map.of(0, -1), 1, 1))), new Access(List.of()), List.of(0)))));

    private Fetches() {}

    private static boolean normal(Contract op) {
        return Stream.concat(op.ofA().dims().stream(), op.ofB().dims().stream()).allMatch(index -> index.divisor() == 1);
    }

    static boolean isBounded(Contract op) {
        return unbounded(op.a(), op.ofA(), op.axes()).isEmpty() && unbounded(op.b(), op.ofB(), op.axes()).isEmpty();
    }

    private static OptionalInt unbounded(Value x, Access access, List<Axis> axes) {
        return IntStream.range(0, x.type().rank()).filter(d -> !isBounded(access.dims().get(d), x.type().dim(d), axes)).findFirst();
    }

    private static boolean isBounded(Affine index, Dim extent, List<Axis> axes) {
        return index.least(axes).least().isPresent() && extent.minus(1).minus(index.most(axes)).least().isPresent();
    }

    private static Value of(Graph g, Contract op) {
        var a = unbounded(op.a(), op.ofA(), op.axes());
        if (a.isPresent()) return g.add(new Contract(fetched(g, op.a(), op.ofA(), a.getAsInt(), op.axes()), op.b(), op.axes(), fetched(op.ofA(), a.getAsInt()), op.ofB(), op.out()));
        var b = unbounded(op.b(), op.ofB(), op.axes());
        if (b.isPresent()) return g.add(new Contract(op.a(), fetched(g, op.b(), op.ofB(), b.getAsInt(), op.axes()), op.axes(), op.ofA(), fetched(op.ofB(), b.getAsInt()), op.out()));
        return null;
    }

    private static List<Integer> others(int rank, int d) {
        return IntStream.range(0, rank).filter(i -> i != d).boxed().toList();
    }

    /// The axes that the index of `d` reads, then all other dims as they were.
    private static Access fetched(Access access, int d) {
        return new Access(Stream.concat(access.dims().get(d).axes().stream().map(Affine::axis), others(access.dims().size(), d).stream().map(access.dims()::get)).toList());
    }

    /// From x between two rows of zeros, so that there is something to fetch even where x has no rows.
    private static Value fetched(Graph g, Value x, Access access, int d, List<Axis> axes) {
        var index = access.dims().get(d);
        var shape = index.axes().stream().map(a -> axes.get(a).extent()).toList();
        var type = new TensorType(DType.i32, shape);
        var place = whole(g, index.offset(), shape);
        for (int i = 0; i < shape.size(); i++) place = Ops.add(g, place, Ops.mul(g, whole(g, index.coefficient(index.axes().get(i)), shape), g.add(new Iota(type, i))));
        var end = Ops.fill(g, Ops.cast(g, Ops.size(g, x.type().dim(d)), DType.i32), shape);
        var near = Ops.add(g, Ops.map(g, Functions.MAX, Ops.map(g, Functions.MIN, place, end), whole(g, -1, shape)), whole(g, 1, shape));
        var order = new ArrayList<>(List.of(d));
        order.addAll(others(x.type().rank(), d));
        return g.add(new Gather(Ops.permute(g, Ops.pad(g, x, d, Dim.ONE, Dim.ONE, 0), order), near));
    }

    private static Value whole(Graph g, int number, List<Dim> shape) {
        return Ops.fill(g, Ops.constant(g, DType.i32, number), shape);
    }
}
