package dev.kiln.compiler.check;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.ArgMax;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Permute;
import dev.kiln.compiler.op.Reshape;
import dev.kiln.compiler.op.Size;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.IntStream;

/// Short ways to add operators. Operators that would change nothing are left out.
record Tensors(Graph graph) {
    Value add(Op op) {
        return graph.add(op);
    }

    /// Operands of one shape.
    Value map(Fn fn, Value... operands) {
        return add(new Map(fn, List.of(operands)));
    }

    Value scalar(double value) {
        return add(Const.scalar(DType.f32, value));
    }

    Value scalar(DType dtype, double value) {
        return add(Const.scalar(dtype, value));
    }

    Value size(Dim dim) {
        return dim.isConstant() ? scalar((double) dim.constant().getAsLong()) : add(new Size(dim));
    }

    Value fill(double value, DType dtype, List<Dim> shape) {
        return broadcast(scalar(dtype, value), shape, List.of());
    }

    Value cast(Value v, DType dtype) {
        return v.type().dtype() == dtype ? v : add(new Cast(v, dtype));
    }

    /// Axis `i` of the operand becomes axis `places.get(i)` of `shape`.
    Value broadcast(Value v, List<Dim> shape, List<Integer> places) {
        return v.type().shape().equals(shape) ? v : add(new Broadcast(v, shape, places));
    }

    /// Aligned at the last axis.
    Value trailing(Value v, List<Dim> shape) {
        int skipped = shape.size() - v.type().rank();
        return broadcast(v, shape, IntStream.range(skipped, shape.size()).boxed().toList());
    }

    Value permute(Value v, List<Integer> order) {
        return order.equals(IntStream.range(0, order.size()).boxed().toList()) ? v : add(new Permute(v, order));
    }

    Value reshape(Value v, List<Dim> shape) {
        return v.type().shape().equals(shape) ? v : add(new Reshape(v, shape));
    }

    Value sum(Value v, List<Integer> axes) {
        return axes.isEmpty() ? v : add(new Sum(v, axes));
    }

    Value max(Value v, List<Integer> axes) {
        return axes.isEmpty() ? v : add(new Max(v, axes));
    }

    Value min(Value v, List<Integer> axes) {
        return map(Functions.NEG, max(map(Functions.NEG, v), axes));
    }

    Value variance(Value v, List<Integer> axes) {
        return add(new Var(v, axes));
    }

    /// The sum over the axes divided by the number of its terms.
    Value mean(Value v, List<Integer> axes) {
        Dim count = axes.stream().map(v.type()::dim).reduce(Dim.ONE, Dim::times);
        Value sum = sum(v, axes);
        return map(Functions.DIV, sum, trailing(size(count), sum.type().shape()));
    }

    Value argmax(Value v, int axis) {
        return add(new ArgMax(v, axis));
    }

    Value stopGradient(Value v) {
        return add(new StopGradient(v));
    }

    Value iota(Dim extent) {
        return add(new Iota(TensorType.of(DType.i32, extent), 0));
    }

    /// `count` elements of one axis from `start`, every `step`-th.
    /// A whole number, which may be symbolic, everywhere.
    Value whole(Dim number, List<Dim> shape) {
        return number.isConstant() ? fill(number.toInt(), DType.i32, shape) : broadcast(cast(size(number), DType.i32), shape, List.of());
    }

    Value slice(Value v, int axis, Dim start, Dim count, int step) {
        if (start.is(0) && step == 1 && count.equals(v.type().dim(axis))) return v;
        var starts = new ArrayList<>(Collections.nCopies(v.type().rank(), Dim.ZERO));
        var steps = new ArrayList<>(Collections.nCopies(v.type().rank(), 1));
        var extents = new ArrayList<>(v.type().shape());
        starts.set(axis, start);
        steps.set(axis, step);
        extents.set(axis, count);
        return add(new Slice(v, starts, steps, extents));
    }

    /// An axis of one place, repeated.
    Value spread(Value v, List<Dim> shape, int axis) {
        var rest = new ArrayList<>(v.type().shape());
        rest.remove(axis);
        return broadcast(reshape(v, rest), shape, IntStream.range(0, shape.size()).filter(a -> a != axis).boxed().toList());
    }

    /// Rows of a table.
    Value gather(Value table, Value ids) {
        return add(new Gather(table, ids));
    }

    /// One axis from its end.
    Value backwards(Value v, int axis) {
        return slice(v, axis, v.type().dim(axis).minus(1), v.type().dim(axis), -1);
    }

    /// One place of an axis, which goes away.
    Value pick(Value v, int axis, Dim at) {
        var shape = new ArrayList<>(v.type().shape());
        shape.remove(axis);
        return reshape(slice(v, axis, at, Dim.ONE, 1), shape);
    }

    Value concat(List<Value> parts, int axis) {
        return parts.size() == 1 ? parts.getFirst() : add(new Concat(parts, axis));
    }
}
