package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Contractions that make images a few lines at a time against the interpreter: at every width and with one and two threads the same bits.
class LineChainsTest {
    /// One axis of a window.
    private record Slide(int taps, int step, int dilation, int low, int high) {
        static final Slide NONE = new Slide(1, 1, 1, 0, 0);

        int of(int extent) {
            return Math.floorDiv(extent + low + high - dilation * (taps - 1) - 1, step) + 1;
        }

        Affine at(int place, int tap) {
            return new Affine(Map.of(place, step, tap, dilation), -low, 1);
        }
    }

    /// A convolution of `x[n, c, h, w]` with `filters` of all channels, or of each channel for itself where there are none, a bias and a relu.
    private static Value layer(Agreement a, Value x, String name, int filters, Slide down, Slide across) {
        var g = a.graph();
        var shape = x.type().shape();
        boolean own = filters == 0;
        var height = new Axis("h", Dim.of(down.of(shape.get(2).toInt())));
        var width = new Axis("w", Dim.of(across.of(shape.get(3).toInt())));
        var rows = List.of(new Axis("n", shape.get(0)), new Axis("f", own ? shape.get(1) : Dim.of(filters)), height, width);
        var taps = List.of(new Axis("r", Dim.of(down.taps)), new Axis("s", Dim.of(across.taps)), new Axis("c", own ? Dim.ONE : shape.get(1)));
        var axes = Stream.concat(rows.stream(), taps.stream()).toList();
        int channel = own ? 1 : 6;
        var window = new Access(List.of(Affine.axis(0), Affine.axis(channel), down.at(2, 4), across.at(3, 5)));
        var k = a.param(name, own ? shape.get(1) : Dim.of(filters), own ? 1 : shape.get(1), down.taps, across.taps);
        var filter = new Access(List.of(Affine.axis(1), Affine.axis(6), Affine.axis(4), Affine.axis(5)));
        var y = g.add(new Contract(x, k, axes, window, filter, List.of(0, 1, 2, 3)));
        var biased = Ops.add(g, y, Ops.broadcast(g, a.param(name + "b", y.type().dim(1)), y.type().shape(), List.of(1)));
        return Ops.map(g, Functions.MAX, biased, Ops.fill(g, 0, biased.type().shape()));
    }

    private static Value pointwise(Agreement a, Value x, String name, int filters) {
        return layer(a, x, name, filters, Slide.NONE, Slide.NONE);
    }

    private static long chains(Agreement a) {
        return a.schedule().lines().filter(l -> l.contains(" to contract")).count();
    }

    /// Expand, weigh each channel, project: as inverted residuals have it, with one band and with several, whole strips and broken ones, one image and several.
    @ParameterizedTest
    @CsvSource({"1, 56, 5, 1, 1", "2, 57, 4, 2, 1", "3, 13, 7, 1, 2", "1, 120, 3, 1, 1", "2, 2, 1, 1, 1", "1, 4, 17, 3, 1", "2, 113, 2, 2, 0"})
    void aBlockOfThree(int n, int height, int width, int step, int pad) {
        for (boolean known : new boolean[] {true, false}) {
            var a = new Agreement().size("N", n).linesFrom(1);
            var x = a.input("x", known ? n : "N", 5, height, width);
            int high = Math.max(pad, step == 1 ? 3 - 1 - pad : 1);
            var wide = pointwise(a, x, "expand", 20);
            var seen = layer(a, wide, "each", 0, new Slide(3, step, 1, pad, high), new Slide(3, 1, 1, 1, 1));
            a.out("y", pointwise(a, seen, "project", 7));
            assertEquals(1, chains(a), a.schedule());
            a.check();
        }
    }

    /// What comes in is added to what goes out, which lies with zeros around it for the next block.
    @Test
    void aResidualAndAHaloBehind() {
        var a = new Agreement().size("N", 2).linesFrom(1);
        var g = a.graph();
        var x = pointwise(a, a.input("x", "N", 3, 60, 6), "first", 9);
        var wide = pointwise(a, x, "expand", 18);
        var seen = layer(a, wide, "each", 0, new Slide(3, 1, 1, 1, 1), new Slide(3, 1, 1, 1, 1));
        var sum = Ops.add(g, pointwise(a, seen, "project", 9), x);
        a.out("sum", sum).out("y", layer(a, sum, "next", 6, new Slide(3, 2, 1, 1, 0), new Slide(3, 2, 1, 0, 1)));
        assertEquals(1, chains(a), a.schedule());
        a.check();
    }

    /// Where a value has two readers, or goes out, all of it is made.
    @Test
    void whatOthersReadIsMadeWhole() {
        var a = new Agreement().size("N", 1).linesFrom(1);
        var wide = pointwise(a, a.input("x", "N", 3, 20, 6), "expand", 18);
        a.out("wide", wide).out("y", layer(a, wide, "each", 0, new Slide(3, 1, 1, 1, 1), Slide.NONE));
        assertEquals(0, chains(a), a.schedule());
        a.check();
    }

    @Test
    void smallImagesStayWhole() {
        var a = new Agreement().size("N", 1);
        var wide = pointwise(a, a.input("x", "N", 3, 20, 6), "expand", 18);
        a.out("y", layer(a, wide, "each", 0, new Slide(3, 1, 1, 1, 1), Slide.NONE));
        assertEquals(0, chains(a), a.schedule());
    }

    /// One method has room for the tiles of some members, not of all.
    @Test
    void manyLayers() {
        var a = new Agreement().size("N", 1).linesFrom(1);
        var h = a.input("x", "N", 3, 20, 7);
        for (int i = 0; i < 20; i++) h = pointwise(a, h, "k" + i, 140 + i);
        a.out("y", layer(a, h, "last", 3, new Slide(3, 1, 1, 1, 1), Slide.NONE));
        assertTrue(chains(a) >= 1, a.schedule());
        a.check();
    }

    /// An image of so many pixels takes more multiply-adds than an int counts.
    @Test
    void billionsOfOperations() {
        var a = new Agreement().size("N", 1);
        var seven = new Slide(7, 1, 1, 3, 3);
        a.out("y", layer(a, layer(a, a.input("x", "N", 3, 512, 512), "first", 16, seven, seven), "second", 16, seven, seven));
        assertEquals(1, chains(a), a.schedule());
        a.compiles();
    }

    @Test
    void mostOfAnyWindowsAreMadeByLines() {
        long made = LongStream.rangeClosed(1, 24).filter(seed -> chains(windows(seed)) > 0).count();
        assertTrue(made > 12, made + " of 24");
    }

    /// Two to four layers of any windows.
    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24})
    void anyWindows(long seed) {
        windows(seed).check();
    }

    private static Agreement windows(long seed) {
        var random = new Random(seed);
        int images = 1 + random.nextInt(3);
        var a = new Agreement().size("N", images).linesFrom(1);
        var h = a.input("x", random.nextBoolean() ? "N" : images, 1 + random.nextInt(6), 1 + random.nextInt(75), 1 + random.nextInt(9));
        int layers = 2 + random.nextInt(3);
        for (int i = 0; i < layers; i++) {
            var down = slide(random, h.type().dim(2).toInt());
            var across = slide(random, h.type().dim(3).toInt());
            h = layer(a, h, "k" + i, random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(19), down, across);
        }
        return a.out("y", h);
    }

    /// A window that finds a place on the image.
    private static Slide slide(Random random, int extent) {
        while (true) {
            int taps = 1 + random.nextInt(5);
            var slide = new Slide(taps, 1 + random.nextInt(3), 1 + random.nextInt(2), random.nextInt(taps + 2), random.nextInt(taps + 2));
            if (slide.of(extent) >= 1) return slide;
        }
    }
}
