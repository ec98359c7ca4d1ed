package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import net.jqwik.api.Example;

/// Every contraction and every window has a kernel, and so have its gradients: they agree with the interpreter, with equal bits at every width and number of threads.
class ContractionsTest {
    private static final List<Integer> SIZES = List.of(2, 5, 3);

    /// A convolution of two axes: how its window lies, the channels of a group, the filters of a group, and the groups.
    private record Shape(int kernel, int stride, int dilation, int pad, int groups, int in, int filters, int h, int w) {
        int places(int size) {
            return (size + 2 * pad - dilation * (kernel - 1) - 1) / stride + 1;
        }

        Affine index(int place, int tap) {
            return new Affine(Map.of(place, stride, tap, dilation), -pad, 1);
        }

        /// `y[n, g, f, p, q] = Σ x[n, g, c, s·p + d·u - pad, s·q + d·v - pad] · K[g, f, c, u, v]`; a depthwise one has no axes c and f.
        Contract convolution(Value x, Value k, Dim n) {
            var axes = new ArrayList<>(List.of(new Axis("n", n), new Axis("g", Dim.of(groups)), new Axis("p", Dim.of(places(h))), new Axis("q", Dim.of(places(w))), new Axis("u", Dim.of(kernel)), new Axis("v", Dim.of(kernel))));
            if (isDepthwise()) return new Contract(x, k, axes, read(at(0), at(1), index(2, 4), index(3, 5)), read(at(1), at(4), at(5)), List.of(0, 1, 2, 3));
            axes.add(new Axis("f", Dim.of(filters)));
            axes.add(new Axis("c", Dim.of(in)));
            return new Contract(x, k, axes, read(at(0), at(1), at(7), index(2, 4), index(3, 5)), read(at(1), at(6), at(7), at(4), at(5)), List.of(0, 1, 6, 2, 3));
        }

        boolean isDepthwise() {
            return in == 0;
        }

        void check() {
            var d = Drawing.of(SIZES, 3);
            Draw draw = d.drawn();
            Dim n = draw.dim();
            var x = isDepthwise() ? draw.real(n, Dim.of(groups), Dim.of(h), Dim.of(w)) : draw.real(n, Dim.of(groups), Dim.of(in), Dim.of(h), Dim.of(w));
            var k = isDepthwise() ? draw.real(Dim.of(groups), Dim.of(kernel), Dim.of(kernel)) : draw.real(Dim.of(groups), Dim.of(filters), Dim.of(in), Dim.of(kernel), Dim.of(kernel));
            checkWithGradients(d, convolution(x, k, n));
        }
    }

    private static void checkWithGradients(Drawing d, Contract op) {
        var y = d.graph().add(op);
        var results = new ArrayList<>(List.of(y));
        results.addAll(op.gradient(d.graph(), y, d.drawn().real(0.5, 3, y.type().shape().toArray(Dim[]::new))));
        d.check(results, true);
    }

    private static Affine at(int axis) {
        return Affine.axis(axis);
    }

    private static Access read(Affine... dims) {
        return new Access(List.of(dims));
    }

    private static void all(Map<String, Runnable> cases) {
        var failures = new LinkedHashMap<String, Throwable>();
        cases.forEach((name, run) -> {
            try {
                run.run();
            } catch (RuntimeException | AssertionError e) {
                failures.put(name, e.getCause() == null ? e : e.getCause());
            }
        });
        assertEquals(Map.of(), failures);
    }

    private static void convolutions(List<Shape> shapes) {
        var cases = new LinkedHashMap<String, Runnable>();
        for (var shape : shapes) cases.put(shape.toString(), shape::check);
        all(cases);
    }

    @Example
    void depthwiseConvolutionsAndTheirGradients() {
        convolutions(List.of(
                new Shape(3, 1, 1, 1, 1, 0, 0, 7, 6), new Shape(3, 1, 1, 1, 3, 0, 0, 5, 16), new Shape(3, 1, 1, 0, 16, 0, 0, 9, 15), new Shape(3, 2, 1, 1, 17, 0, 0, 7, 8),
                new Shape(5, 1, 1, 2, 33, 0, 0, 6, 17), new Shape(5, 2, 1, 2, 16, 0, 0, 8, 7), new Shape(3, 1, 2, 2, 17, 0, 0, 7, 9), new Shape(5, 2, 2, 4, 3, 0, 0, 9, 11),
                new Shape(3, 2, 2, 0, 33, 0, 0, 9, 8), new Shape(1, 1, 1, 0, 17, 0, 0, 4, 5), new Shape(2, 3, 1, 0, 5, 0, 0, 7, 8), new Shape(9, 1, 1, 4, 16, 0, 0, 10, 9), new Shape(3, 1, 1, 1, 130, 0, 0, 4, 3)));
    }

    @Example
    void groupedConvolutionsAndTheirGradients() {
        convolutions(List.of(
                new Shape(3, 1, 1, 1, 2, 3, 4, 6, 5), new Shape(3, 2, 1, 1, 16, 1, 1, 7, 6), new Shape(3, 1, 1, 1, 3, 1, 2, 5, 5), new Shape(1, 1, 1, 0, 2, 17, 16, 3, 4),
                new Shape(3, 1, 2, 2, 1, 2, 33, 7, 7), new Shape(2, 2, 1, 0, 4, 16, 1, 6, 6), new Shape(3, 3, 1, 0, 17, 1, 1, 9, 7)));
    }

    @Example
    void transposedConvolutions() {
        var cases = new LinkedHashMap<String, Runnable>();
        for (int stride : new int[] {1, 2, 3})
            for (int channels : new int[] {0, 1, 17})
                cases.put("stride %d, channels %d".formatted(stride, channels), () -> {
                    var d = Drawing.of(SIZES, 5);
                    Dim n = d.drawn().dim();
                    int length = 5;
                    int kernel = 4;
                    var axes = List.of(new Axis("n", n), new Axis("i", Dim.of((length - 1) * stride + kernel - 2)), new Axis("u", Dim.of(kernel)), new Axis("f", Dim.of(3)), new Axis("c", Dim.of(Math.max(channels, 1))));
                    var index = Affine.normal(Map.of(1, 1, 2, -1), 1, stride);
                    checkWithGradients(d, channels == 0
                            ? new Contract(d.drawn().real(n, Dim.of(length)), d.drawn().real(Dim.of(kernel)), axes.subList(0, 3), read(at(0), index), read(at(2)), List.of(0, 1))
                            : new Contract(d.drawn().real(n, axes.get(4).extent(), Dim.of(length)), d.drawn().real(Dim.of(3), axes.get(4).extent(), Dim.of(kernel)), axes, read(at(0), at(4), index), read(at(3), at(4), at(2)), List.of(0, 3, 1)));
                });
        all(cases);
    }

    @Example
    void averagesAlongOneToThreeAxesDilatedOrNot() {
        var cases = new LinkedHashMap<String, Runnable>();
        for (int rank = 1; rank <= 3; rank++)
            for (int stride = 1; stride <= 2; stride++)
                for (int dilation = 1; dilation <= 2; dilation++) {
                    int slides = rank;
                    int s = stride;
                    int t = dilation;
                    cases.put("%d axes, stride %d, dilation %d".formatted(rank, stride, dilation), () -> {
                        var d = Drawing.of(SIZES, 7);
                        var shape = new ArrayList<>(List.of(Dim.of(2), Dim.of(5)));
                        var axes = new ArrayList<>(List.of(new Axis("n", Dim.of(2)), new Axis("c", Dim.of(5))));
                        var index = new ArrayList<>(List.of(at(0), at(1)));
                        for (int i = 0; i < slides; i++) {
                            shape.add(Dim.of(6));
                            index.add(new Affine(Map.of(axes.size(), s, axes.size() + 1, t), -1, 1));
                            axes.add(new Axis("p" + i, Dim.of((6 + 2 - t - 1) / s + 1)));
                            axes.add(new Axis("u" + i, Dim.of(2)));
                        }
                        var out = IntStream.range(0, axes.size()).filter(a -> a < 2 || a % 2 == 0).boxed().toList();
                        checkWithGradients(d, new Contract(d.drawn().real(shape.toArray(Dim[]::new)), d.drawn().real(), axes, new Access(index), read(), out));
                    });
                }
        all(cases);
    }

    @Example
    void maximaAlongOneToThreeAxesDilatedOrNot() {
        var cases = new LinkedHashMap<String, Runnable>();
        for (int rank = 1; rank <= 3; rank++)
            for (int channels : new int[] {0, 1, 17})
                for (int dilation = 1; dilation <= 3; dilation++) {
                    int slides = rank;
                    int t = dilation;
                    cases.put("%d axes, %d channels, dilation %d".formatted(rank, channels, dilation), () -> {
                        var d = Drawing.of(SIZES, 9);
                        var shape = new ArrayList<>(List.of(Dim.of(2)));
                        if (channels > 0) shape.add(Dim.of(channels));
                        var all = new ArrayList<Slide>();
                        for (int i = 0; i < slides; i++) {
                            all.add(Slide.over(shape.size(), i == 1 ? 2 : 3, i == 2 ? 1 : 2, t, 1, i == 1 ? t : 2, Dim.of(9 - i)));
                            shape.add(Dim.of(9 - i));
                        }
                        // whole numbers: windows have ties
                        var x = d.graph().add(new dev.kiln.compiler.op.Map(dev.kiln.compiler.function.Functions.FLOOR, List.of(d.drawn().real(shape.toArray(Dim[]::new)))));
                        var y = d.graph().add(new WindowMax(x, all));
                        d.check(List.of(y, d.graph().add(new WindowMaxGrad(x, y, d.drawn().cotangent(y), all))), false);
                    });
                }
        all(cases);
    }

    /// Any affine indices at all: diagonal, sheared, many axes in one dim, beyond the edge, negative. `-Dkiln.contractions=5000` tries more of them.
    @Example
    void contractionsAtRandom() {
        var cases = new LinkedHashMap<String, Runnable>();
        for (int seed = 0; seed < Integer.getInteger("kiln.contractions", 100); seed++) {
            var random = new Random(seed);
            cases.put("seed " + seed, () -> random(random));
        }
        all(cases);
    }

    private static void random(Random random) {
        var axes = new ArrayList<Axis>();
        int count = 1 + random.nextInt(4);
        int[] extents = {1, 2, 3, 5, 16, 17};
        for (int i = 0; i < count; i++) axes.add(new Axis("abcd".substring(i, i + 1), Dim.of(extents[random.nextInt(count > 3 ? 4 : extents.length)])));
        var ofA = indices(random, count);
        var ofB = indices(random, count);
        for (int axis = 0; axis < count; axis++) if (!ofA.reads(axis) && !ofB.reads(axis)) ofB = new Access(with(ofB, at(axis)));
        var out = new ArrayList<Integer>();
        for (int axis = 0; axis < count; axis++) if (random.nextInt(5) < 3) out.add(random.nextInt(out.size() + 1), axis);
        var d = Drawing.of(SIZES, random.nextLong());
        checkWithGradients(d, new Contract(operand(d, random, ofA, axes), operand(d, random, ofB, axes), axes, ofA, ofB, out));
    }

    private static List<Affine> with(Access access, Affine last) {
        var dims = new ArrayList<>(access.dims());
        dims.add(last);
        return dims;
    }

    private static Access indices(Random random, int axes) {
        var dims = new ArrayList<Affine>();
        for (int d = random.nextInt(4); d > 0; d--) {
            if (random.nextInt(3) > 0) {
                dims.add(at(random.nextInt(axes)));
                continue;
            }
            var coefficients = new TreeMap<Integer, Integer>();
            for (int i = random.nextInt(4); i > 0; i--) coefficients.put(random.nextInt(axes), new int[] {1, 1, 1, 2, -1}[random.nextInt(5)]);
            dims.add(Affine.normal(coefficients, random.nextInt(5) - 2, random.nextInt(8) == 0 ? 2 : 1));
        }
        return new Access(dims);
    }

    /// About as large as what is read of it, and positive: a sum that cancels would show rounding and nothing else.
    private static Value operand(Drawing d, Random random, Access access, List<Axis> axes) {
        var shape = access.dims().stream().map(index -> {
            if (index.isAxis() && random.nextInt(4) > 0) return axes.get(index.axes().getFirst()).extent();
            int most = index.axes().stream().mapToInt(a -> Math.max(0, index.coefficient(a)) * (axes.get(a).extent().toInt() - 1)).sum();
            return Dim.of(Math.max(1, (most + index.offset()) / index.divisor() + 1 + random.nextInt(3) - 1));
        }).toArray(Dim[]::new);
        return d.drawn().real(0.5, 3, shape);
    }
}
