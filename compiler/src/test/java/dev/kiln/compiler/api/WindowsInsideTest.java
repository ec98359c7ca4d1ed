package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Lines of a window that lie outside of the image add nothing, so nobody multiplies by them.
class WindowsInsideTest {
    /// `y[n, i, j, f] = Σ x[n, step·i + apart·u - pad, step·j + v - 1, c] · k[u, v, c, f]`, zero outside.
    private static Value convolution(Agreement a, Value x, int lines, int window, int step, int apart, int pad) {
        var axes = List.of(new Axis("n", x.type().dim(0)), new Axis("i", Dim.of(lines)), new Axis("j", x.type().dim(2)), new Axis("f", Dim.of(20)), new Axis("c", x.type().dim(3)), new Axis("u", Dim.of(window)), new Axis("v", Dim.of(3)));
        var seen = new Access(List.of(Affine.axis(0), new Affine(Map.of(1, step, 5, apart), -pad, 1), new Affine(Map.of(2, 1, 6, 1), -1, 1), Affine.axis(4)));
        var weights = new Access(List.of(Affine.axis(5), Affine.axis(6), Affine.axis(4), Affine.axis(3)));
        return a.graph().add(new Contract(x, a.param("k", window, 3, x.type().dim(3), 20), axes, seen, weights, List.of(0, 1, 2, 3)));
    }

    /// Above and below, above alone, below alone, windows with gaps, of two lines of which one lies outside, of as many lines as the image. A window may skip an image that is lower than its lines are apart. A single line is no loop, a first or last window that lies outside as a whole has no line to begin with.
    @ParameterizedTest
    @CsvSource({"9, 9, 3, 1, 1, 1, true", "9, 5, 3, 2, 1, 1, true", "8, 4, 3, 2, 1, 1, true", "8, 4, 3, 2, 1, 0, true", "12, 12, 5, 1, 1, 2, true", "11, 11, 3, 1, 2, 2, true", "11, 6, 3, 2, 3, 3, true", "13, 5, 4, 3, 2, 3, true", "6, 6, 2, 1, 1, 1, true",
            "6, 5, 2, 1, 1, 0, false", "5, 5, 5, 1, 1, 2, true", "1, 1, 3, 1, 1, 1, false", "2, 2, 3, 1, 1, 1, true", "5, 7, 3, 1, 1, 2, true", "2, 5, 3, 1, 3, 3, true", "2, 3, 2, 1, 3, 2, true", "1, 4, 2, 1, 3, 3, true", "3, 7, 2, 1, 1, 2, false", "3, 8, 3, 1, 2, 4, false"})
    void linesOutsideAreLeftOut(int height, int lines, int window, int step, int apart, int pad, boolean leftOut) {
        for (int n : new int[] {1, 3})
            for (int channels : new int[] {5, 16}) {
                var a = new Agreement().size("N", n);
                a.out("y", convolution(a, a.input("x", "N", height, 9, channels), lines, window, step, apart, pad));
                assertEquals(leftOut, a.schedule().contains("lines = "), a.schedule());
                a.check();
            }
    }

    /// Of a sum with a residual, with an activation behind it; and where the lines of the image and of the weights change places in the gradients.
    @ParameterizedTest
    @CsvSource({"9, 9, 3, 1, 1, 1", "9, 5, 3, 2, 1, 1", "11, 11, 3, 1, 2, 2", "6, 6, 2, 1, 1, 1", "2, 2, 3, 1, 1, 1", "1, 1, 3, 1, 1, 1"})
    void beforeAResidualAndInGradients(int height, int lines, int window, int step, int apart, int pad) {
        var a = new Agreement().size("N", 3).through(Normalise::of);
        var g = a.graph();
        var x = a.input("x", "N", height, 9, 16);
        var y = convolution(a, x, lines, window, step, apart, pad);
        var sum = Ops.add(g, y, a.input("residual", "N", lines, 9, 20));
        a.out("y", Ops.map(g, Functions.MAX, sum, Ops.fill(g, 0, sum.type().shape())));
        var gradients = Differentiate.pullback(g, y, a.input("dy", "N", lines, 9, 20), List.of(x, ((Contract) y.op()).b()));
        a.out("dx", gradients.getFirst()).out("dk", gradients.getLast());
        assertTrue(height == 1 || a.schedule().contains("lines = "), a.schedule());
        a.check();
    }
}
