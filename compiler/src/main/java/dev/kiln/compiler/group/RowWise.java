package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.stream.IntStream;

/// Which operators keep the rows of a dim apart: row n of the result depends on row n of operands that have such rows, and on all of operands that have none.
record RowWise(Dim dim) {
    /// For a value that does not speak of the dim at all.
    static final int NONE = -1;
    /// For one that has more than rows of it: `N + 1`, `N` twice.
    static final int MIXED = -2;

    private boolean speaks(Dim d) {
        return d.variables().containsAll(dim.variables());
    }

    private boolean speaks(List<Dim> dims) {
        return dims.stream().anyMatch(this::speaks);
    }

    /// The axis along which the rows of a value lie, or [#NONE] or [#MIXED].
    int axis(Value v) {
        return axis(v.type().shape());
    }

    private int axis(List<Dim> shape) {
        if (!speaks(shape)) return NONE;
        int at = shape.indexOf(dim);
        return at >= 0 && IntStream.range(0, shape.size()).noneMatch(i -> i != at && speaks(shape.get(i))) ? at : MIXED;
    }

    boolean keeps(Value v) {
        int at = axis(v);
        if (at == MIXED || v.op().operands().stream().anyMatch(x -> axis(x) == MIXED)) return false;
        return switch (v.op()) {
            case Input _ -> at <= 0;
            case Param _, Const _ -> true;
            case Iota(_, int axis) -> axis != at;
            case Map _, Cast _, StopGradient _ -> v.op().operands().stream().allMatch(x -> follows(x, axis(x), at));
            case Broadcast(var x, _, var axes) -> axis(x) < 0 || axes.get(axis(x)) == at;
            case Reshape(var x, _) -> axis(x) == at && (at < 0 || (ones(x, at) && ones(v, at)));
            case Permute(var x, var order) -> at < 0 || order.get(at) == axis(x);
            case Slice s -> axis(s.x()) == at && !speaks(s.start()) && (at < 0 || (s.start().get(at).is(0) && s.stride().get(at) == 1));
            case Pad p -> axis(p.x()) == at && (at < 0 || (p.low().get(at).is(0) && p.high().get(at).is(0)));
            case Concat c -> c.axis() != at && c.operands().stream().allMatch(x -> axis(x) == at);
            case Sum(var x, var axes) -> reduced(axis(x), axes) == at;
            case Max(var x, var axes) -> reduced(axis(x), axes) == at;
            case WindowMax w -> axis(w.x()) == at && w.slides().stream().noneMatch(s -> s.axis() == at);
            case Gather(var table, var ids) -> axis(table) == NONE && axis(ids) == at;
            case Winograd w -> axis(w.x()) == w.in().getFirst() && at == w.out().getFirst() && axis(w.u()) == NONE;
            case Contract c -> contracts(c, at);
            default -> false;
        };
    }

    /// What has no rows is the same for all of them.
    private static boolean follows(Value x, int from, int at) {
        return from == at || (from == NONE && x.type().rank() == 0);
    }

    private static boolean ones(Value v, int before) {
        return v.type().shape().subList(0, before).stream().allMatch(d -> d.is(1));
    }

    /// The axis after a reduction, [#MIXED] where rows are summed.
    private static int reduced(int axis, List<Integer> axes) {
        return axes.contains(axis) ? MIXED : axis - (int) axes.stream().filter(a -> a < axis).count();
    }

    private boolean contracts(Contract c, int at) {
        if (at < 0) return false;
        int row = c.out().get(at);
        for (int i = 0; i < c.axes().size(); i++) if (i != row && speaks(c.axes().get(i).extent())) return false;
        return reads(c.a(), c.ofA().dims(), row) && reads(c.b(), c.ofB().dims(), row);
    }

    /// Whether a contraction reads the rows of an operand, if it has any, one after the other and none outside.
    boolean readsEach(Value operand, Access access, List<Axis> axes) {
        int at = axis(operand);
        if (at < 0) return true;
        var index = access.dims().get(at);
        return index.isAxis() && axes.get(index.axes().getFirst()).extent().equals(dim);
    }

    private boolean reads(Value operand, List<Affine> at, int row) {
        int rows = axis(operand);
        return IntStream.range(0, at.size()).allMatch(d -> d == rows ? at.get(d).equals(Affine.axis(row)) : at.get(d).coefficient(row) == 0);
    }
}
