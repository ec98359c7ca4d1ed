package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// A regular part of x: `y[i] = x[start + stride*i]` along each axis; a stride may be negative.
public record Slice(Value x, List<Dim> start, List<Integer> stride, List<Dim> extent) implements Op.Movement {
    public static final Spec SPEC = Spec.of("slice", "`y[i..] = x[start + stride*i..]`, for each axis; a negative stride runs backwards.")
            .sample("inner", (_, d) -> {
                Dim n = d.dim();
                return new Slice(d.real(n.plus(5), Dim.of(7)), List.of(Dim.of(2), Dim.of(1)), List.of(1, 2), List.of(n, Dim.of(3)));
            })
            .sample("backwards", (_, d) -> {
                Dim n = d.dim();
                return new Slice(d.real(n, Dim.of(4)), List.of(n.minus(1), Dim.of(3)), List.of(-1, -2), List.of(n, Dim.of(2)));
            })
            .law("backwards twice is forwards", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n, d.dim());
                return new Sides(Ops.slice(g, Ops.slice(g, x, 0, n.minus(1), -1, n), 0, n.minus(1), -1, n), x);
            })
            .law("the odd ones of a reshape", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n.times(2));
                return new Sides(Ops.slice(g, x, 0, Dim.ONE, 2, n), Ops.sum(g, Ops.mul(g, Ops.reshape(g, x, List.of(n, Dim.of(2))), Ops.broadcast(g, g.add(new Const(TensorType.f32(2), List.of(0.0, 1.0))), List.of(n, Dim.of(2)), List.of(1))), 1));
            })
            .rejects("slice: axis 0 of f32[4] has no elements 2 to 5", g -> new Slice(Ops.fill(g, 0, Dim.of(4)), List.of(Dim.of(2)), List.of(1), List.of(Dim.of(4))))
            .rejects("slice: stride 0 along axis 0", g -> new Slice(Ops.fill(g, 0, Dim.of(4)), List.of(Dim.of(2)), List.of(0), List.of(Dim.of(1))));

    public Slice {
        start = List.copyOf(start);
        stride = List.copyOf(stride);
        extent = List.copyOf(extent);
        Fit.sameRank("slice", "starts", start.size(), x);
        Fit.sameRank("slice", "strides", stride.size(), x);
        Fit.sameRank("slice", "extents", extent.size(), x);
        for (int a = 0; a < start.size(); a++) {
            Fit.require(stride.get(a) != 0, "slice: stride 0 along axis %d", a);
            Dim end = start.get(a).plus(extent.get(a).minus(1).times(stride.get(a)));
            Fit.require(inside(start.get(a), x.type().dim(a)) && inside(end, x.type().dim(a)), "slice: axis %d of %s has no elements %s to %s", a, x.type(), start.get(a), end);
        }
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public TensorType type() {
        return x.type().withShape(extent);
    }

    @Override
    public List<Value> operands() {
        return List.of(x);
    }

    @Override
    public Op withOperands(List<Value> operands) {
        return new Slice(operands.getFirst(), start, stride, extent);
    }

    @Override
    public List<Value> gradient(Graph g, Value y, Value dy) {
        var dx = dy;
        for (int a = 0; a < start.size(); a++) dx = scatter(g, dx, a);
        return List.of(dx);
    }

    @Override
    public Array evaluate(List<Array> operands, Env env) {
        var x = operands.getFirst();
        var strides = x.strides();
        int first = 0;
        var steps = new int[strides.length];
        for (int a = 0; a < steps.length; a++) {
            first += (int) env.size(start.get(a)) * strides[a];
            steps[a] = stride.get(a) * strides[a];
        }
        int from = first;
        return Cells.fill(env.shape(type()), (at, _) -> x.data()[from + Cells.dot(at, steps)]);
    }

    @Override
    public String attributes() {
        return IntStream.range(0, start.size()).mapToObj(a -> "%s : %d : %s".formatted(start.get(a), stride.get(a), extent.get(a))).collect(Collectors.joining(", "));
    }

    /// False only when surely outside.
    private static boolean inside(Dim position, Dim extent) {
        return !(position.isConstant() && position.toInt() < 0) && !extent.minus(1).minus(position).constant().stream().anyMatch(left -> left < 0);
    }

    /// Puts the slices of axis `a` back where they came from, zeros between: turn forward, a zero-filled gap behind each, cut the last gap, pad.
    private Value scatter(Graph g, Value dy, int a) {
        int gap = Math.abs(stride.get(a));
        Dim count = extent.get(a);
        Dim span = count.minus(1).times(gap).plus(1);
        Dim low = stride.get(a) > 0 ? start.get(a) : start.get(a).minus(span).plus(1);
        var dx = stride.get(a) > 0 ? dy : Ops.slice(g, dy, a, count.minus(1), -1, count);
        if (gap > 1) {
            var shape = new ArrayList<>(dx.type().shape());
            shape.add(a + 1, Dim.ONE);
            var spaced = Ops.pad(g, Ops.reshape(g, dx, shape), a + 1, Dim.ZERO, Dim.of(gap - 1), 0);
            shape.remove(a + 1);
            shape.set(a, count.times(gap));
            dx = Ops.slice(g, Ops.reshape(g, spaced, shape), a, Dim.ZERO, 1, span);
        }
        return Ops.pad(g, dx, a, low, x.type().dim(a).minus(span).minus(low), 0);
    }
}
