package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// What can be computed now is computed now, in double, and rounded once.
final class Constants {
    private static final int LARGEST = 64;

    static final List<Rule<?>> RULES = List.of(
            rule(Op.Pointwise.class, "fn(c, d)  =>  its value", ROUNDS,
                    (at, op) -> fold(at, op),
                    (g, _) -> Ops.mul(g, g.add(new Const(TensorType.f32(2), List.of(2.0, 3.0))), g.add(new Const(TensorType.f32(2), List.of(0.5, 7.0)))))
                    .butNot((g, _) -> Ops.neg(g, numbers(g, LARGEST + 1)))
                    .butNot((g, d) -> Ops.mul(g, d.real(Dim.of(2)), numbers(g, 2))),
            rule(Op.Reduction.class, "reduction of constants  =>  its value", ROUNDS,
                    (at, op) -> fold(at, op),
                    (g, _) -> Ops.sum(g, g.add(new Const(TensorType.f32(3), List.of(2.0, 3.0, 0.5))), 0))
                    .and((g, _) -> Ops.sum(g, numbers(g, LARGEST), 0)),
            rule(StopGradient.class, "stop_gradient(x)  =>  x", EXACT,
                    (_, op) -> op.x(),
                    (g, d) -> Ops.stop(g, d.real(d.dim()))),
            rule(Map.class, "select(true, x, y)  =>  x", EXACT,
                    (_, op) -> chosen(op),
                    (g, d) -> Ops.select(g, Ops.broadcast(g, Ops.constant(g, DType.bool, 1), List.of(Dim.of(3)), List.of()), d.real(Dim.of(3)), d.real(Dim.of(3))))
                    .and((g, d) -> Ops.select(g, Ops.broadcast(g, Ops.constant(g, DType.bool, 0), List.of(Dim.of(3)), List.of()), d.real(Dim.of(3)), d.real(Dim.of(3))))
                    .butNot((g, d) -> Ops.select(g, d.truth(Dim.of(3)), d.real(Dim.of(3)), d.real(Dim.of(3))))
                    .butNot((g, d) -> Ops.mul(g, Ops.fill(g, 1, Dim.of(3)), d.real(Dim.of(3)))),
            rule(Const.class, "[c, c, c]  =>  broadcast(c)", EXACT,
                    (at, op) -> uniform(at, op),
                    (g, _) -> g.add(new Const(TensorType.f32(3), List.of(2.0, 2.0, 2.0))))
                    .butNot((g, _) -> numbers(g, 2))
                    .butNot((g, _) -> Ops.scalar(g, 2)));

    private Constants() {}

    private static Value fold(Site at, Op op) {
        if (op.operands().isEmpty() || !op.operands().stream().allMatch(v -> v.op() instanceof Const) || !op.type().size().minus(LARGEST).constant().stream().allMatch(over -> over <= 0)) return null;
        var nothing = new World(java.util.Map.of(), java.util.Map.of(), java.util.Map.of(), 0, 0);
        var operands = op.operands().stream().map(v -> v.op().evaluate(List.<Array>of(), nothing)).toList();
        return at.graph().add(new Const(op.type(), Arrays.stream(op.evaluate(operands, nothing).data()).boxed().toList()));
    }

    /// 0, 1, 2, …
    private static Value numbers(Graph g, int count) {
        return g.add(new Const(TensorType.f32(count), IntStream.range(0, count).mapToObj(i -> (double) i).toList()));
    }

    private static Value chosen(Map op) {
        if (!op.fn().equals(Functions.SELECT) || Match.number(op.operands().getFirst()).isEmpty()) return null;
        return Match.is(op.operands().getFirst(), 0) ? op.operands().get(2) : op.operands().get(1);
    }

    private static Value uniform(Site at, Const op) {
        if (op.type().isScalar() || op.data().stream().distinct().count() != 1) return null;
        return at.graph().add(new Broadcast(Ops.constant(at.graph(), op.type().dtype(), op.data().getFirst()), op.type().shape(), List.of()));
    }
}
