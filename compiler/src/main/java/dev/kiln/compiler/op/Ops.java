package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;

/// The table of contents of the operators, and short names to build values with. A builder that has nothing to do gives back its operand.
public final class Ops {
    public static final List<Spec> ALL = List.of(
            Input.SPEC, Param.SPEC, Gradient.SPEC, Const.SPEC, Size.SPEC, Iota.SPEC, Random.SPEC,
            Map.SPEC, Cast.SPEC, StopGradient.SPEC,
            Sum.SPEC, Max.SPEC, Var.SPEC, ArgMax.SPEC, CumSum.SPEC,
            Contract.SPEC, WinogradFilter.SPEC, Winograd.SPEC,
            WindowMax.SPEC, WindowMaxGrad.SPEC,
            Permute.SPEC, Reshape.SPEC, Broadcast.SPEC, Slice.SPEC, Pad.SPEC, Concat.SPEC, Interleave.SPEC,
            Gather.SPEC, ScatterAdd.SPEC, Last.SPEC, Put.SPEC,
            Cotangent.SPEC, WithGradient.SPEC,
            Scan.SPEC, While.SPEC, Project.SPEC, Port.SPEC);

    private Ops() {}

    /// What the language calls by the name of an operator.
    public static Optional<Function<Value, Op>> function(String name) {
        return ALL.stream().filter(s -> s.name().equals(name)).findFirst().flatMap(Spec::function);
    }

    public static List<String> functions() {
        return ALL.stream().filter(s -> s.function().isPresent()).map(Spec::name).toList();
    }

    public static Value constant(Graph g, DType dtype, double value) {
        return g.add(Const.scalar(dtype, value));
    }

    public static Value scalar(Graph g, double value) {
        return constant(g, DType.f32, value);
    }

    public static Value size(Graph g, Dim dim) {
        return dim.isConstant() ? scalar(g, (double) dim.toInt()) : g.add(new Size(dim));
    }

    public static Value fill(Graph g, double value, Dim... shape) {
        return fill(g, value, List.of(shape));
    }

    public static Value fill(Graph g, double value, List<Dim> shape) {
        return fill(g, scalar(g, value), shape);
    }

    /// A scalar, repeated.
    public static Value fill(Graph g, Value scalar, List<Dim> shape) {
        return broadcast(g, scalar, shape, List.of());
    }

    public static Value map(Graph g, Fn fn, List<Value> operands) {
        return g.add(new Map(fn, operands));
    }

    public static Value map(Graph g, Fn fn, Value... operands) {
        return map(g, fn, List.of(operands));
    }

    public static Value neg(Graph g, Value a) {
        return map(g, Functions.NEG, a);
    }

    public static Value add(Graph g, Value a, Value b) {
        return map(g, Functions.ADD, a, b);
    }

    public static Value sub(Graph g, Value a, Value b) {
        return map(g, Functions.SUB, a, b);
    }

    public static Value mul(Graph g, Value a, Value b) {
        return map(g, Functions.MUL, a, b);
    }

    public static Value div(Graph g, Value a, Value b) {
        return map(g, Functions.DIV, a, b);
    }

    public static Value select(Graph g, Value condition, Value a, Value b) {
        return map(g, Functions.SELECT, condition, a, b);
    }

    public static Value cast(Graph g, Value x, DType dtype) {
        return x.type().dtype() == dtype ? x : g.add(new Cast(x, dtype));
    }

    public static Value stop(Graph g, Value x) {
        return g.add(new StopGradient(x));
    }

    public static Value sum(Graph g, Value x, Integer... axes) {
        return sum(g, x, List.of(axes));
    }

    public static Value sum(Graph g, Value x, List<Integer> axes) {
        return axes.isEmpty() ? x : g.add(new Sum(x, axes));
    }

    public static Value max(Graph g, Value x, Integer... axes) {
        return g.add(new Max(x, List.of(axes)));
    }

    public static Value var(Graph g, Value x, Integer... axes) {
        return g.add(new Var(x, List.of(axes)));
    }

    public static Value mean(Graph g, Value x, List<Integer> axes) {
        var sum = sum(g, x, axes);
        return div(g, sum, fill(g, count(g, x, axes), sum.type().shape()));
    }

    /// How many elements the axes hold together, as an f32 scalar.
    public static Value count(Graph g, Value x, List<Integer> axes) {
        return size(g, axes.stream().map(x.type().shape()::get).reduce(Dim.ONE, Dim::times));
    }

    public static Value permute(Graph g, Value x, List<Integer> order) {
        return order.equals(IntStream.range(0, order.size()).boxed().toList()) ? x : g.add(new Permute(x, order));
    }

    public static Value reshape(Graph g, Value x, List<Dim> shape) {
        return shape.equals(x.type().shape()) ? x : g.add(new Reshape(x, shape));
    }

    public static Value broadcast(Graph g, Value x, List<Dim> shape, List<Integer> axes) {
        return shape.equals(x.type().shape()) ? x : g.add(new Broadcast(x, shape, axes));
    }

    /// Repeats the result of a reduction over `axes` to the shape that was reduced.
    public static Value spread(Graph g, Value reduced, List<Dim> shape, List<Integer> axes) {
        return broadcast(g, reduced, shape, Fit.others(shape.size(), axes));
    }

    /// A slice of one axis.
    public static Value slice(Graph g, Value x, int axis, Dim start, int stride, Dim extent) {
        if (stride == 1 && start.is(0) && extent.equals(x.type().dim(axis))) return x;
        int rank = x.type().rank();
        var starts = new ArrayList<>(Collections.nCopies(rank, Dim.ZERO));
        var strides = new ArrayList<>(Collections.nCopies(rank, 1));
        var extents = new ArrayList<>(x.type().shape());
        starts.set(axis, start);
        strides.set(axis, stride);
        extents.set(axis, extent);
        return g.add(new Slice(x, starts, strides, extents));
    }

    /// A margin along one axis.
    public static Value pad(Graph g, Value x, int axis, Dim low, Dim high, double value) {
        if (low.is(0) && high.is(0)) return x;
        var before = new ArrayList<>(Collections.nCopies(x.type().rank(), Dim.ZERO));
        var after = new ArrayList<>(before);
        before.set(axis, low);
        after.set(axis, high);
        return g.add(new Pad(x, before, after, value));
    }

    public static Value concat(Graph g, int axis, Value... parts) {
        return g.add(new Concat(List.of(parts), axis));
    }

    /// The cotangents of the operands, `null` where none flows.
    static List<Value> flows(Value... cotangents) {
        return Collections.unmodifiableList(Arrays.asList(cotangents));
    }

    static String axes(List<Integer> axes) {
        if (axes.isEmpty()) return "";
        return axes.size() == 1 ? "axis " + axes.getFirst() : "axes " + String.join(" ", axes.stream().map(String::valueOf).toList());
    }
}
