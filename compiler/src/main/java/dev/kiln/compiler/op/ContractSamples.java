package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The page of [Contract]: what it is used for, as samples.
final class ContractSamples {
    static final Spec SPEC = Spec.of("contract", """
            `y[out..] = Σ over the other axes of a[ofA] * b[ofB]`.
            The one contraction: dense, convolution (strided, dilated, grouped, transposed), average pool, attention, and all their gradients.
            An index is `(Σ coefficient*axis + offset) / divisor`; where it does not divide or lies outside, zero is read.""")
            .sample("dense", (_, d) -> dense(d.real(d.dim(), Dim.of(5)), d.real(Dim.of(5), d.dim())))
            .sample("batched, transposed", (_, d) -> batched(d))
            .sample("outer product", (_, d) -> of(d.real(d.dim()), d.real(d.dim()), List.of(0, 1), read(at(0)), read(at(1)), 0, 1))
            .sample("convolution, padding 1", (_, d) -> convolution(d, 3, 1, 1, 1, Dim.of(d.pick(3, 6))))
            .sample("convolution, stride 2", (_, d) -> convolution(d, 3, 2, 1, 1, Dim.of(d.pick(4, 8))))
            .sample("convolution, stride 2, kernel 1", (_, d) -> convolution(d, 1, 2, 1, 0, Dim.of(d.pick(4, 7))))
            .sample("convolution, stride 3, dilation 2", (_, d) -> convolution(d, 2, 3, 2, 2, Dim.of(d.pick(3, 8))))
            .sample("convolution, symbolic length", (_, d) -> convolution(d, 3, 2, 1, 1, d.dim()))
            .sample("transposed convolution", (_, d) -> transposed(d))
            .sample("depthwise", (_, d) -> depthwise(d))
            .sample("average pool", (_, d) -> pool(d))
            .sample("diagonal", (_, d) -> new Contract(d.real(Dim.of(4), Dim.of(4)), d.real(Dim.of(4)), List.of(new Axis("i", Dim.of(4))), read(at(0), at(0)), read(at(0)), List.of()))
            .sample("constant index", (_, d) -> of(d.real(d.dim(), Dim.of(3)), d.real(d.dim()), List.of(0, 2), read(at(0), Affine.constant(1)), read(at(1)), 0, 1))
            .sample("sum along a window without weights", (_, d) -> windowSum(d))
            .sample("sheared", (_, d) -> sheared(d))
            .sample("product of two sums", (_, d) -> of(d.real(d.dim()), d.real(d.dim()), List.of(0, 1), read(at(0)), read(at(1))))
            .sample("sum of rows, weighted", (_, d) -> rows(d))
            .sample("columns of rows, read in part", (_, d) -> inPart(d))
            .law("distributes over addition", (g, d) -> {
                var x = d.real(d.dim(), Dim.of(5));
                var v = d.real(Dim.of(5), Dim.of(3));
                var w = d.real(Dim.of(5), Dim.of(3));
                return new Sides(g.add(dense(x, Ops.add(g, v, w))), Ops.add(g, g.add(dense(x, v)), g.add(dense(x, w))));
            })
            .law("a dense is a sum of products", (g, d) -> {
                var x = d.real(d.dim(), Dim.of(5));
                var w = d.real(Dim.of(5), d.dim());
                var shape = List.of(x.type().dim(0), Dim.of(5), w.type().dim(1));
                return new Sides(g.add(dense(x, w)), Ops.sum(g, Ops.mul(g, Ops.broadcast(g, x, shape, List.of(0, 1)), Ops.broadcast(g, w, shape, List.of(1, 2))), 1));
            })
            .law("an average pool of stride 2 is a mean over pairs", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n.times(2));
                var pooled = new Contract(x, Ops.scalar(g, 0.5), List.of(new Axis("o", n), new Axis("u", Dim.of(2))), read(affine(0, 1, 0, 2, 1, 1)), read(), List.of(0));
                return new Sides(g.add(pooled), Ops.mean(g, Ops.reshape(g, x, List.of(n, Dim.of(2))), List.of(1)));
            })
            .law("a divided index leaves gaps", (g, d) -> {
                Dim n = d.dim();
                var x = d.real(n);
                var spread = new Contract(x, Ops.scalar(g, 1), List.of(new Axis("i", n.times(2))), read(affine(0, 2, 0, 1)), read(), List.of(0));
                return new Sides(g.add(spread), Ops.reshape(g, Ops.pad(g, Ops.reshape(g, x, List.of(n, Dim.ONE)), 1, Dim.ZERO, Dim.ONE, 0), List.of(n.times(2))));
            })
            .rejects("contract: 1 indices for f32[2, 3], which has 2 axes", g -> of(matrix(g), matrix(g), List.of(0), read(at(0)), read(at(0), at(0)), 0))
            .rejects("contract: axis k is read by no operand", g -> new Contract(Ops.scalar(g, 1), Ops.scalar(g, 1), List.of(new Axis("k", Dim.of(2))), read(), read(), List.of()))
            .rejects("contract: an axis stands twice in the result [0, 0]", g -> of(matrix(g), Ops.scalar(g, 1), List.of(0, 1), read(at(0), at(1)), read(), 0, 0));

    private ContractSamples() {}

    private static Value matrix(Graph g) {
        return Ops.fill(g, 1, Dim.of(2), Dim.of(3));
    }

    private static Affine at(int axis) {
        return Affine.axis(axis);
    }

    private static Affine affine(int offset, int divisor, Integer... axesAndCoefficients) {
        var c = axesAndCoefficients;
        return new Affine(c.length == 2 ? Map.of(c[0], c[1]) : Map.of(c[0], c[1], c[2], c[3]), offset, divisor);
    }

    private static Access read(Affine... dims) {
        return new Access(List.of(dims));
    }

    /// Axis k has the extent of dim `dims[k]` of the operands, counted through a, then b.
    private static Contract of(Value a, Value b, List<Integer> dims, Access ofA, Access ofB, Integer... out) {
        var shape = new ArrayList<>(a.type().shape());
        shape.addAll(b.type().shape());
        var axes = IntStream.range(0, dims.size()).mapToObj(k -> new Axis("ijkl".substring(k, k + 1), shape.get(dims.get(k)))).toList();
        return new Contract(a, b, axes, ofA, ofB, Arrays.asList(out));
    }

    static Contract dense(Value x, Value w) {
        return of(x, w, List.of(0, 1, 3), read(at(0), at(1)), read(at(1), at(2)), 0, 2);
    }

    private static Contract batched(Draw d) {
        Dim heads = Dim.of(d.pick(1, 3));
        return of(d.real(heads, d.dim(), Dim.of(4)), d.real(heads, d.dim(), Dim.of(4)), List.of(0, 1, 2, 4), read(at(0), at(1), at(2)), read(at(0), at(3), at(2)), 0, 1, 3);
    }

    /// `y[n, f, o] = Σ x[n, c, s*o + d*u - p] * w[f, c, u]`.
    private static Contract convolution(Draw d, int kernel, int stride, int dilation, int padding, Dim length) {
        Dim out = length.plus(2L * padding - (long) dilation * (kernel - 1) - 1).floorDiv(stride).plus(1);
        var axes = List.of(new Axis("n", Dim.of(2)), new Axis("f", Dim.of(d.pick(1, 3))), new Axis("o", out), new Axis("c", Dim.of(2)), new Axis("u", Dim.of(kernel)));
        return new Contract(d.real(Dim.of(2), Dim.of(2), length), d.real(axes.get(1).extent(), Dim.of(2), Dim.of(kernel)), axes,
                read(at(0), at(3), affine(-padding, 1, 2, stride, 4, dilation)), read(at(1), at(3), at(4)), List.of(0, 1, 2));
    }

    /// `y[n, i] = Σ x[n, (i + 1 - u) / 2] * w[u]`.
    private static Contract transposed(Draw d) {
        int length = d.pick(2, 5);
        var axes = List.of(new Axis("n", Dim.of(2)), new Axis("i", Dim.of(2L * length)), new Axis("u", Dim.of(4)));
        return new Contract(d.real(Dim.of(2), Dim.of(length)), d.real(Dim.of(4)), axes, read(at(0), affine(1, 2, 1, 1, 2, -1)), read(at(2)), List.of(0, 1));
    }

    /// `y[o, c] = Σ x[o + u - 1, c] * w[u, c]`.
    private static Contract depthwise(Draw d) {
        Dim length = d.dim();
        Dim channels = Dim.of(d.pick(1, 3));
        var axes = List.of(new Axis("o", length), new Axis("c", channels), new Axis("u", Dim.of(3)));
        return new Contract(d.real(length, channels), d.real(Dim.of(3), channels), axes, read(affine(-1, 1, 0, 1, 2, 1), at(1)), read(at(2), at(1)), List.of(0, 1));
    }

    /// `y[n, o, p] = Σ x[n, 2*o + u, 2*p + v] * b`.
    private static Contract pool(Draw d) {
        Dim n = d.dim();
        var axes = List.of(new Axis("n", n), new Axis("o", Dim.of(2)), new Axis("p", Dim.of(3)), new Axis("u", Dim.of(2)), new Axis("v", Dim.of(2)));
        return new Contract(d.real(n, Dim.of(5), Dim.of(6)), d.real(), axes, read(at(0), affine(0, 1, 1, 2, 3, 1), affine(0, 1, 2, 2, 4, 1)), read(), List.of(0, 1, 2));
    }

    /// `y = Σ x[2*o + u] * b`: no axis is in the result.
    private static Contract windowSum(Draw d) {
        var axes = List.of(new Axis("o", Dim.of(3)), new Axis("u", Dim.of(2)));
        return new Contract(d.real(Dim.of(7)), d.real(), axes, read(affine(0, 1, 0, 2, 1, 1)), read(), List.of());
    }

    /// `y[i, j] = x[i + j, i - j + 2] * w[i]`.
    private static Contract sheared(Draw d) {
        var axes = List.of(new Axis("i", Dim.of(3)), new Axis("j", Dim.of(3)));
        return new Contract(d.real(Dim.of(5), Dim.of(4)), d.real(Dim.of(3)), axes, read(affine(0, 1, 0, 1, 1, 1), affine(2, 1, 0, 1, 1, -1)), read(at(0)), List.of(0, 1));
    }

    /// `y[i] = Σ x[i, j] * w[i]`: nobody but x reads j.
    private static Contract rows(Draw d) {
        Dim n = d.dim();
        var axes = List.of(new Axis("i", n), new Axis("j", Dim.of(3)));
        return new Contract(d.real(n, Dim.of(3)), d.real(n), axes, read(at(0), at(1)), read(at(0)), List.of(0));
    }

    /// `y = Σ x[2*o + u] * w[o, u]` of a w with more rows and columns than are read.
    private static Contract inPart(Draw d) {
        var axes = List.of(new Axis("o", Dim.of(3)), new Axis("u", Dim.of(2)));
        return new Contract(d.real(Dim.of(7)), d.real(Dim.of(4), Dim.of(3)), axes, read(affine(0, 1, 0, 2, 1, 1)), read(at(0), at(1)), List.of());
    }
}
