package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.ArgMax;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.CumSum;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// How each operator of a body reads with time as a new first axis: all steps at once. What is the same in every step has no such axis.
final class Lift {
    private final Graph g;
    private final Dim time;

    /// A value of a body outside of it: of all steps, or the same in every step.
    record Lifted(Value value, boolean everyStep) {}

    /// @param g where the lifted values go
    Lift(Graph g, Dim time) {
        this.g = g;
        this.time = time;
    }

    /// Whether `op` can be read with time as a first axis.
    static boolean fits(Op op) {
        return switch (op) {
            case Op.Source _, Map _, Cast _, StopGradient _, Contract _, Sum _, Max _, Var _, ArgMax _, CumSum _ -> true;
            case Permute _, Reshape _, Broadcast _, Slice _, Pad _, Concat _ -> true;
            case Scan scan -> Abreast.fits(scan);
            case Project p -> fits(p.scan().op());
            default -> false;
        };
    }

    /// Whether `op` can, given which of its operands differ from step to step.
    static boolean fits(Op op, List<Boolean> differs) {
        return differs.stream().noneMatch(d -> d) || fits(op) || (op instanceof Gather && !differs.getFirst());
    }

    Lifted of(Op op, List<Lifted> operands) {
        var same = operands.stream().map(Lifted::value).toList();
        if (operands.stream().allMatch(Lifted::everyStep)) return new Lifted(g.add(op.withOperands(same)), true);
        if (op instanceof Scan s) return new Lifted(Abreast.of(g, time, this, s, operands), false);
        if (op instanceof Project p) return new Lifted(Abreast.result(g, same.getFirst(), p), false);
        return new Lifted(g.add(switch (op) {
            case Map m -> m.withOperands(all(operands));
            case Concat c -> new Concat(all(operands), c.axis() + 1);
            case Contract c -> contract(c, operands.get(0), operands.get(1));
            case Sum s -> new Sum(same.getFirst(), shifted(s.axes()));
            case Max m -> new Max(same.getFirst(), shifted(m.axes()));
            case Var v -> new Var(same.getFirst(), shifted(v.axes()));
            case ArgMax a -> new ArgMax(same.getFirst(), a.axis() + 1);
            case CumSum c -> new CumSum(same.getFirst(), c.axis() + 1, c.fromLast());
            case Permute p -> new Permute(same.getFirst(), first(0, shifted(p.order())));
            case Reshape r -> new Reshape(same.getFirst(), first(time, r.shape()));
            case Broadcast b -> new Broadcast(same.getFirst(), first(time, b.shape()), first(0, shifted(b.axes())));
            case Slice s -> new Slice(same.getFirst(), first(Dim.ZERO, s.start()), first(1, s.stride()), first(time, s.extent()));
            case Pad p -> new Pad(same.getFirst(), first(Dim.ZERO, p.low()), first(Dim.ZERO, p.high()), p.value());
            case Cast _, StopGradient _, Gather _ -> op.withOperands(same);
            default -> throw new IllegalStateException("no way to read '%s' over time".formatted(op.spec().name()));
        }), false);
    }

    /// One for each step, repeated if it is the same in every step.
    Value stacked(Lifted lifted) {
        var v = lifted.value();
        return lifted.everyStep() ? Ops.broadcast(g, v, first(time, v.type().shape()), IntStream.rangeClosed(1, v.type().rank()).boxed().toList()) : v;
    }

    private List<Value> all(List<Lifted> operands) {
        return operands.stream().map(this::stacked).toList();
    }

    private Contract contract(Contract c, Lifted a, Lifted b) {
        int axis = c.axes().size();
        var axes = Stream.concat(c.axes().stream(), Stream.of(new Axis("t", time))).toList();
        return new Contract(a.value(), b.value(), axes, access(c.ofA(), a, axis), access(c.ofB(), b, axis), first(axis, c.out()));
    }

    private static Access access(Access access, Lifted operand, int axis) {
        return operand.everyStep() ? access : new Access(first(Affine.axis(axis), access.dims()));
    }

    private static List<Integer> shifted(List<Integer> axes) {
        return axes.stream().map(a -> a + 1).toList();
    }

    private static <T> List<T> first(T one, List<T> rest) {
        var all = new ArrayList<T>(List.of(one));
        all.addAll(rest);
        return all;
    }
}
