package dev.kiln.compiler.api;

import static dev.kiln.compiler.api.Agreement.shape;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.ArgMax;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Pad;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Whole groups of operators against the interpreter, at every width.
class CompiledAgreesTest {
    private static Value dense(Graph g, Value x, Value w, Value b) {
        var rows = x.type().shape().getFirst();
        var in = x.type().shape().get(1);
        var out = w.type().shape().get(1);
        var y = g.add(new Contract(x, w, List.of(new Axis("n", rows), new Axis("o", out), new Axis("i", in)), access(0, 2), access(2, 1), List.of(0, 1)));
        return Ops.add(g, y, Ops.broadcast(g, b, y.type().shape(), List.of(1)));
    }

    private static Access access(int... axes) {
        return new Access(java.util.Arrays.stream(axes).mapToObj(Affine::axis).toList());
    }

    private static Value relu(Graph g, Value x) {
        return Ops.map(g, Functions.MAX, x, Ops.fill(g, 0, x.type().shape()));
    }

    private static Value convolution(Graph g, Value x, Value k, int stride, int pad) {
        var in = x.type().shape();
        var kernel = k.type().shape();
        var height = Slide.windows(in.get(2), kernel.get(2).toInt(), stride, 1, pad, pad);
        var width = Slide.windows(in.get(3), kernel.get(3).toInt(), stride, 1, pad, pad);
        var axes = List.of(new Axis("n", in.get(0)), new Axis("f", kernel.get(0)), new Axis("i", height), new Axis("j", width), new Axis("c", in.get(1)), new Axis("u", kernel.get(2)), new Axis("v", kernel.get(3)));
        var ofX = new Access(List.of(Affine.axis(0), Affine.axis(4), new Affine(Map.of(2, stride, 5, 1), -pad, 1), new Affine(Map.of(3, stride, 6, 1), -pad, 1)));
        return g.add(new Contract(x, k, axes, ofX, access(1, 4, 5, 6), List.of(0, 1, 2, 3)));
    }

    /// What reads the first columns of a value has no more columns than it reads, and beyond them stands zero.
    @Test
    void theFirstColumns() {
        var a = new Agreement().size("N", 3);
        var g = a.graph();
        var gates = Ops.map(g, Functions.SIGMOID, a.input("x", "N", 34));
        var first = Ops.slice(g, gates, 1, Dim.ZERO, 1, Dim.of(17));
        a.out("product", Ops.mul(g, first, a.input("h", "N", 17))).out("gates", gates).out("sum", Ops.sum(g, first, 1));
        a.out("last", dense(g, first, a.param("w", 17, 5), a.param("b", 5)));
        a.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 5, 15, 16, 17, 33})
    void twoDenseLayers(int n) {
        var a = new Agreement().size("N", n);
        var g = a.graph();
        var x = a.input("x", "N", 20);
        var h = relu(g, dense(g, x, a.param("W", 20, 37), a.param("b", 37)));
        a.out("y", dense(g, h, a.param("V", 37, 10), a.param("c", 10))).check();
    }

    /// Sums over rows, as the gradients of weights are, run block after block; of `[n, t]` and `[t, n]` they are two loops.
    @ParameterizedTest
    @ValueSource(ints = {1, 17, 256, 700})
    void sumsOfAnyLength(int n) {
        var a = new Agreement().size("N", n).size("T", n == 700 ? 3 : 2);
        var g = a.graph();
        var x = a.input("x", "N", 24);
        var y = a.input("y", "N", 45);
        var rows = x.type().shape().getFirst();
        a.out("even", g.add(new Contract(x, y, List.of(new Axis("i", Dim.of(24)), new Axis("o", Dim.of(45)), new Axis("n", rows)), access(2, 0), access(2, 1), List.of(0, 1))));
        var u = a.input("u", "N", "T", 13);
        var v = a.input("v", "T", "N", 33);
        var axes = List.of(new Axis("i", Dim.of(13)), new Axis("o", Dim.of(33)), new Axis("n", rows), new Axis("t", u.type().shape().get(1)));
        a.out("turned", g.add(new Contract(u, v, axes, access(2, 3, 0), access(3, 2, 1), List.of(0, 1))));
        a.check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 16, 130})
    void wideColumns(int columns) {
        var a = new Agreement().size("N", 3);
        var g = a.graph();
        a.out("y", dense(g, a.input("x", "N", 7), a.param("W", 7, columns), a.param("b", columns))).check();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 16, 40})
    void softmaxOfRows(int columns) {
        var a = new Agreement().size("N", 5);
        var g = a.graph();
        var z = a.input("z", "N", columns);
        var top = Ops.spread(g, Ops.max(g, z, 1), z.type().shape(), List.of(1));
        var e = Ops.map(g, Functions.EXP, Ops.sub(g, z, top));
        a.out("p", Ops.div(g, e, Ops.spread(g, Ops.sum(g, e, 1), z.type().shape(), List.of(1)))).check();
    }

    /// A margin of ones is part of the value; what a convolution reads beyond it is zero all the same, and so it is behind what another call left there.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 17})
    void zerosAroundAMarginOfOnes(int n) {
        var a = new Agreement().size("N", n);
        var g = a.graph();
        var x = a.input("x", "N", 3, 5, 4);
        var framed = Ops.map(g, Functions.SIGMOID, g.add(new Pad(x, shape(0, 0, 1, 0), shape(0, 0, 1, 2), 1)));
        var inner = g.add(new Pad(x, shape(0, 0, 1, 0), shape(0, 0, 1, 2), 1));
        a.out("y", convolution(g, inner, a.param("K", 7, 3, 3, 3), 1, 1)).out("z", convolution(g, framed, a.param("L", 16, 3, 3, 3), 1, 1)).check();
    }

    @Test
    void normalisedColumnsOfAnImage() {
        var a = new Agreement().size("N", 3);
        var g = a.graph();
        var x = a.input("x", "N", 6, 5, 4);
        var y = convolution(g, x, a.param("K", 9, 6, 3, 3), 1, 1);
        var shape = y.type().shape();
        var m = Ops.mean(g, y, List.of(0, 2, 3));
        var d = Ops.sub(g, y, Ops.spread(g, m, shape, List.of(0, 2, 3)));
        var v = Ops.mean(g, Ops.mul(g, d, d), List.of(0, 2, 3));
        var scale = Ops.map(g, Functions.RSQRT, Ops.add(g, v, Ops.fill(g, 1e-5, v.type().shape())));
        a.out("mean", m).out("y", Ops.mul(g, d, Ops.spread(g, scale, shape, List.of(0, 2, 3)))).check();
    }

    /// With 128 and 256 channels the pixels lie a little apart.
    @ParameterizedTest
    @ValueSource(ints = {1, 17, 127, 128, 256})
    void windowsOfChannels(int channels) {
        var a = new Agreement().size("N", 2);
        var g = a.graph();
        var x = a.input("x", "N", 5, 8, channels);
        var axes = List.of(new Axis("n", Dim.variable("N")), new Axis("i", Dim.of(5)), new Axis("j", Dim.of(8)), new Axis("c", Dim.of(channels)), new Axis("u", Dim.of(3)), new Axis("v", Dim.of(3)));
        var window = new Access(List.of(Affine.axis(0), new Affine(Map.of(1, 1, 4, 1), -1, 1), new Affine(Map.of(2, 1, 5, 1), -1, 1), Affine.axis(3)));
        var once = g.add(new Contract(x, a.param("k", channels, 3, 3), axes, window, access(3, 4, 5), List.of(0, 1, 2, 3)));
        var twice = g.add(new Contract(relu(g, once), a.param("l", channels, 3, 3), axes, window, access(3, 4, 5), List.of(0, 1, 2, 3)));
        a.out("y", Ops.add(g, once, twice)).out("sum", Ops.sum(g, twice, 3)).check();
    }

    /// Lines that a window slides along in several calls, of which the last has fewer blocks, and with blocks of another height behind.
    @ParameterizedTest
    @ValueSource(ints = {10, 65, 131, 150})
    void longLines(int places) {
        for (int step : List.of(1, 2)) {
            var a = new Agreement().size("N", 2);
            var g = a.graph();
            var axes = List.of(new Axis("n", Dim.variable("N")), new Axis("i", Dim.of(3)), new Axis("j", Dim.of(places)), new Axis("c", Dim.of(20)), new Axis("u", Dim.of(3)), new Axis("v", Dim.of(3)));
            var window = new Access(List.of(Affine.axis(0), new Affine(Map.of(1, 1, 4, 1), -1, 1), new Affine(Map.of(2, step, 5, 1), -1, 1), Affine.axis(3)));
            a.out("y", relu(g, g.add(new Contract(a.input("x", "N", 3, places * step, 20), a.param("k", 20, 3, 3), axes, window, access(3, 4, 5), List.of(0, 1, 2, 3))))).check();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 8, 16, 17})
    void convolutionWithBiasAndRelu(int channels) {
        var a = new Agreement().size("N", 2);
        var g = a.graph();
        var x = a.input("x", "N", channels, 9, 7);
        var y = convolution(g, x, a.param("K", 5, channels, 3, 3), 1, 1);
        a.out("y", relu(g, Ops.add(g, y, Ops.broadcast(g, a.param("b", 5), y.type().shape(), List.of(1))))).check();
    }

    /// The pixels of each image are cut into strips of their own where that fits: 49 into ten and nine, 12 and 24 into twelve, 16 together with those of the other images.
    @ParameterizedTest
    @CsvSource({"1, 7, 7", "3, 7, 7", "2, 3, 4", "5, 4, 6", "3, 4, 4", "2, 10, 19"})
    void pointwiseConvolutionOfSomeImages(int n, int height, int width) {
        var a = new Agreement().size("N", n);
        var g = a.graph();
        var x = a.input("x", "N", 19, height, width);
        var h = convolution(g, x, a.param("K1", 33, 19, 1, 1), 1, 0);
        a.out("y", convolution(g, h, a.param("K2", 16, 33, 1, 1), 1, 0)).check();
    }

    @Test
    void clipEndsInTheTile() {
        var a = new Agreement().size("N", 5);
        var g = a.graph();
        var y = relu(g, dense(g, a.input("x", "N", 20), a.param("W", 20, 17), a.param("b", 17)));
        a.out("y", Ops.map(g, Functions.MIN, y, Ops.fill(g, 1.5, y.type().shape()))).check();
    }

    @Test
    void meanOverEverything() {
        var a = new Agreement().size("N", 3);
        var g = a.graph();
        var y = convolution(g, a.input("x", "N", 2, 5, 6), a.param("K", 5, 2, 3, 3), 1, 1);
        a.out("mean", Ops.mean(g, Ops.mul(g, y, y), List.of(0, 1, 2, 3))).check();
    }

    @Test
    void stridedConvolutionAfterConvolution() {
        var a = new Agreement().size("N", 2);
        var g = a.graph();
        var x = a.input("x", "N", 3, 11, 11);
        var y = convolution(g, x, a.param("K", 16, 3, 5, 5), 2, 2);
        a.out("y", convolution(g, y, a.param("L", 33, 16, 1, 1), 1, 0)).check();
    }

    @Test
    void maximumPoolAndItsGradient() {
        var a = new Agreement().size("N", 2);
        var g = a.graph();
        var x = a.input("x", "N", 5, 6, 7);
        var slides = List.of(Slide.over(2, 3, 2, 1, 1, 1, Dim.of(6)), Slide.over(3, 2, 2, 1, 0, 0, Dim.of(7)));
        var y = g.add(new WindowMax(x, slides));
        var dy = Ops.mul(g, y, y);
        a.out("y", y).out("dx", g.add(new WindowMaxGrad(x, y, dy, slides))).check();
    }

    @Test
    void placeOfTheMaximum() {
        var a = new Agreement().size("N", 9);
        a.out("place", a.graph().add(new ArgMax(a.input("x", "N", 11), 1))).check();
    }

    @Test
    void shareOfRightAnswers() {
        var a = new Agreement().size("N", 21);
        var g = a.graph();
        var right = Ops.map(g, Functions.EQUAL, g.add(new ArgMax(a.input("x", "N", 3), 1)), a.labels("label", "N"));
        a.out("accuracy", Ops.mean(g, Ops.cast(g, right, DType.f32), List.of(0))).check();
    }

    @Test
    void flattenedImageThroughADenseLayer() {
        var a = new Agreement().size("N", 3);
        var g = a.graph();
        var y = convolution(g, a.input("x", "N", 2, 4, 5), a.param("K", 6, 2, 3, 3), 1, 1);
        var flat = Ops.reshape(g, y, shape("N", 120));
        a.out("y", dense(g, flat, a.param("W", 120, 4), a.param("b", 4))).check();
    }

    @Test
    void crossEntropyGathersByLabel() {
        var a = new Agreement().size("N", 6);
        var g = a.graph();
        var z = a.input("z", "N", 3);
        var shape = z.type().shape();
        var label = Ops.broadcast(g, a.labels("label", "N"), shape, List.of(0));
        var hit = Ops.map(g, Functions.EQUAL, g.add(new Iota(new TensorType(DType.i32, shape), 1)), label);
        var one = Ops.sum(g, Ops.select(g, hit, z, Ops.fill(g, 0, shape)), 1);
        a.out("loss", Ops.mean(g, one, List.of(0))).check();
    }

    @Test
    void weightsAreUpdatedInPlace() {
        var a = new Agreement().size("N", 4);
        var g = a.graph();
        var x = a.input("x", "N", 18);
        var w = a.param("W", 18, 35);
        var y = dense(g, x, w, a.param("b", 35));
        var dw = g.add(new Contract(x, y, List.of(new Axis("i", Dim.of(18)), new Axis("o", Dim.of(35)), new Axis("n", Dim.variable("N"))), access(2, 0), access(2, 1), List.of(0, 1)));
        a.out("y", y).update("W", Ops.sub(g, w, Ops.mul(g, dw, Ops.fill(g, 0.1, w.type().shape())))).check();
    }
}
