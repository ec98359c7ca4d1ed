package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Convolutions by transforms against the interpreter: at every width and with one and two threads the same bits, and at most 2e-4 of the largest element away.
class WinogradTest {
    private static final double ERROR = 2e-4;

    /// `y[n, f, h, w] = Σ x[n, c, h + r - top, w + s - left]·k[f, c, r, s]`, all axes in logical order.
    static Value convolution(Agreement a, Value x, Value k, Dim height, Dim width, int top, int left) {
        var shape = x.type().shape();
        var axes = List.of(new Axis("n", shape.get(0)), new Axis("f", k.type().dim(0)), new Axis("h", height), new Axis("w", width), new Axis("c", shape.get(1)), new Axis("r", k.type().dim(2)), new Axis("s", k.type().dim(3)));
        var window = new Access(List.of(Affine.axis(0), Affine.axis(4), new Affine(Map.of(2, 1, 5, 1), -top, 1), new Affine(Map.of(3, 1, 6, 1), -left, 1)));
        var filter = new Access(List.of(Affine.axis(1), Affine.axis(4), Affine.axis(5), Affine.axis(6)));
        return a.graph().add(new Contract(x, k, axes, window, filter, List.of(0, 1, 2, 3)));
    }

    /// `dx[n, c, h, w] = Σ dy[n, f, h + top - r, w + left - s]·k[f, c, r, s]`
    private static Value inputGradient(Agreement a, Value dy, Value k, Dim height, Dim width) {
        var shape = dy.type().shape();
        var axes = List.of(new Axis("n", shape.get(0)), new Axis("c", k.type().dim(1)), new Axis("h", height), new Axis("w", width), new Axis("f", shape.get(1)), new Axis("r", k.type().dim(2)), new Axis("s", k.type().dim(3)));
        int padding = k.type().dim(2).toInt() / 2;
        var window = new Access(List.of(Affine.axis(0), Affine.axis(4), new Affine(Map.of(2, 1, 5, -1), padding, 1), new Affine(Map.of(3, 1, 6, -1), padding, 1)));
        var filter = new Access(List.of(Affine.axis(4), Affine.axis(1), Affine.axis(5), Affine.axis(6)));
        return a.graph().add(new Contract(dy, k, axes, window, filter, List.of(0, 1, 2, 3)));
    }

    private static Agreement agreement() {
        return new Agreement().within(ERROR);
    }

    /// Whole and broken tiles, one image and several, few tiles and many, channels and filters that fill no vector, several chunks of filters.
    @ParameterizedTest
    @CsvSource({"1, 8, 8, 32, 32, 1, 3", "3, 13, 15, 35, 33, 1, 3", "2, 17, 16, 32, 48, 0, 3", "1, 7, 10, 33, 130, 2, 3", "7, 20, 20, 32, 160, 1, 3", "5, 7, 8, 32, 40, 1, 3", "2, 28, 27, 40, 32, 1, 3", "3, 13, 16, 35, 33, 2, 5", "2, 8, 10, 32, 48, 0, 5", "5, 6, 6, 33, 130, 1, 5", "1, 7, 7, 512, 230, 1, 3"})
    void anyNumberAndSizeOfImages(int n, int height, int width, int channels, int filters, int padding, int taps) {
        for (boolean known : new boolean[] {true, false}) {
            var a = agreement().size("N", n);
            var x = a.input("x", known ? n : "N", channels, height, width);
            a.out("y", convolution(a, x, a.param("k", filters, channels, taps, taps), Dim.of(height + 2 * padding + 1 - taps), Dim.of(width + 2 * padding + 1 - taps), padding, padding));
            assertTrue(a.schedule().contains("transform input"), a.schedule());
            a.check();
        }
    }

    @ParameterizedTest
    @CsvSource({"1, 9, 10", "2, 16, 5", "3, 23, 17"})
    void sizesThatOnlyTheCallerKnows(int n, int height, int width) {
        var a = agreement().size("N", n).size("H", height).size("W", width);
        var x = a.input("x", "N", 32, "H", "W");
        a.out("y", convolution(a, x, a.param("k", 32, 32, 3, 3), Dim.variable("H"), Dim.variable("W"), 1, 1));
        assertTrue(a.schedule().contains("transform input"), a.schedule());
        a.check();
    }

    @Test
    void biasResidualAndActivationAreTakenAlong() {
        for (boolean clips : new boolean[] {true, false}) {
            var a = agreement().size("N", 2);
            var g = a.graph();
            var x = a.input("x", "N", 32, 14, 15);
            var first = convolution(a, x, a.param("k1", 48, 32, 3, 3), Dim.of(14), Dim.of(15), 1, 1);
            var biased = Ops.add(g, first, Ops.broadcast(g, a.param("b1", 48), first.type().shape(), List.of(1)));
            var h = Ops.map(g, Functions.MAX, biased, Ops.fill(g, 0, biased.type().shape()));
            var second = convolution(a, h, a.param("k2", 48, 48, 3, 3), Dim.of(14), Dim.of(15), 1, 1);
            var sum = Ops.add(g, Ops.add(g, second, Ops.broadcast(g, a.param("b2", 48), second.type().shape(), List.of(1))), h);
            var positive = Ops.map(g, Functions.MAX, sum, Ops.fill(g, 0, sum.type().shape()));
            a.out("y", clips ? Ops.map(g, Functions.MIN, positive, Ops.fill(g, 900, sum.type().shape())) : positive);
            assertTrue(a.schedule().contains("transform output taps 3 start bias_residual act " + (clips ? "clip" : "relu")), a.schedule());
            a.check();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {3, 5})
    void theGradientByTheInputHasFlippedTaps(int taps) {
        var a = agreement().size("N", 2);
        var dy = a.input("dy", "N", 40, 12, 15);
        a.out("dx", inputGradient(a, dy, a.param("k", 40, 33, taps, taps), Dim.of(12), Dim.of(15)));
        assertTrue(a.schedule().contains("transform input"), a.schedule());
        a.check();
    }

    @Test
    void channelsMayLieAnywhere() {
        var a = agreement().size("N", 2);
        var g = a.graph();
        var x = a.input("x", "N", 12, 13, 32);
        var axes = List.of(new Axis("n", Dim.variable("N")), new Axis("h", Dim.of(12)), new Axis("w", Dim.of(13)), new Axis("f", Dim.of(35)), new Axis("r", Dim.of(3)), new Axis("s", Dim.of(3)), new Axis("c", Dim.of(32)));
        var window = new Access(List.of(Affine.axis(0), new Affine(Map.of(1, 1, 4, 1), -1, 1), new Affine(Map.of(2, 1, 5, 1), -1, 1), Affine.axis(6)));
        var k = a.param("k", 3, 3, 32, 35);
        var filter = new Access(List.of(Affine.axis(4), Affine.axis(5), Affine.axis(6), Affine.axis(3)));
        a.out("y", g.add(new Contract(x, k, axes, window, filter, List.of(0, 1, 2, 3))));
        assertTrue(a.schedule().contains("transform input"), a.schedule());
        a.check();
    }

    /// The model says which of both it is.
    @Test
    void exactLeavesItOut() {
        var source = new SourceFile("c.nn", """
                network Convolution {
                  in x: f32[N, 16, 16, 32]
                  param K: f32[32, 32, 3, 3] init 0
                  y[n, i < 16, j < 16, f] = sum(x[n, i + u - 1, j + v - 1, c else 0] * K[f, c, u, v] over c, u, v)
                  out y
                }
                """);
        var fast = Compiler.of(ClassLoader.getPlatformClassLoader());
        assertTrue(fast.dump(source, Optional.empty(), "schedule").contains("transform filter"));
        assertFalse(fast.exact().dump(source, Optional.empty(), "schedule").contains("transform"));
        assertEquals("fast", fast.compile(source).model().facts().get("arithmetic"));
        assertEquals("exact", fast.exact().compile(source).model().facts().get("arithmetic"));
    }

    @ParameterizedTest
    @CsvSource({"31, 32, 16, 16, 3", "32, 31, 16, 16, 3", "32, 32, 4, 16, 3", "32, 32, 5, 17, 3", "544, 544, 16, 16, 3", "32, 32, 15, 3, 5", "64, 64, 16, 16, 4", "64, 64, 16, 16, 7"})
    void whatDoesNotPayIsComputedAsItStands(int channels, int filters, int height, int width, int taps) {
        var a = new Agreement().size("N", 1);
        var x = a.input("x", "N", channels, height, width);
        a.out("y", convolution(a, x, a.param("k", filters, channels, taps, taps), Dim.of(height), Dim.of(width), 1, 1));
        boolean fast = a.schedule().contains("transform input");
        assertEquals(height == 4 && width == 16, fast, a.schedule());
    }
}
