package dev.kiln.compiler.api;

import static dev.kiln.compiler.api.Agreement.shape;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Loops over time against the interpreter, at every width.
class LoopsTest {
    /// Batch, steps, width of the state, direction.
    static Stream<Arguments> sizes() {
        return Stream.of(
                Arguments.of(1, 0, 7, false), Arguments.of(3, 1, 1, false), Arguments.of(1, 2, 17, true), Arguments.of(3, 13, 16, false),
                Arguments.of(17, 2, 33, false), Arguments.of(17, 13, 7, true), Arguments.of(3, 0, 16, true), Arguments.of(1, 13, 33, false), Arguments.of(3, 1, 17, true));
    }

    private static Agreement sized(int n, int t) {
        return new Agreement().size("N", n).size("T", t);
    }

    private static void out(Agreement a, Loop.Results results) {
        for (int i = 0; i < results.states().size(); i++) a.out("state" + i, results.states().get(i));
        for (int i = 0; i < results.outputs().size(); i++) a.out("output" + i, results.outputs().get(i));
    }

    private static Value projected(Agreement a, String name, int in, int width) {
        return Cells.inputs(a.graph(), a.input(name, "T", "N", in), a.param("w of " + name, in, width), a.param("b of " + name, width));
    }

    private static Value zeros(Agreement a, int width) {
        return Ops.fill(a.graph(), 0, shape("N", width));
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void elman(int n, int t, int h, boolean reverse) {
        var a = sized(n, t);
        out(a, Cells.elman(a.graph(), projected(a, "x", 5, h), a.recurrent("u", h, h), zeros(a, h), reverse));
        a.check();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void lstm(int n, int t, int h, boolean reverse) {
        var a = sized(n, t);
        out(a, Cells.lstm(a.graph(), projected(a, "x", 5, 4 * h), a.recurrent("u", h, 4 * h), a.input("h0", "N", h), zeros(a, h), reverse));
        a.check();
    }

    @ParameterizedTest
    @MethodSource("sizes")
    void gru(int n, int t, int h, boolean reverse) {
        var a = sized(n, t);
        out(a, Cells.gru(a.graph(), projected(a, "x", 5, 3 * h), a.recurrent("u", h, 3 * h), a.input("h0", "N", h), reverse));
        a.check();
    }

    /// With 32 rows and more a strip of time is 8 steps long, with 17 it is 16, with 15 it is 24: one strip, several, and a last one that is moved up.
    static Stream<Arguments> strips() {
        return Stream.of(
                Arguments.of(33, 1, false), Arguments.of(33, 7, true), Arguments.of(32, 8, true), Arguments.of(33, 9, false), Arguments.of(37, 9, true),
                Arguments.of(32, 16, false), Arguments.of(33, 31, false), Arguments.of(33, 31, true), Arguments.of(17, 17, true), Arguments.of(17, 41, false), Arguments.of(15, 25, false), Arguments.of(15, 47, true));
    }

    @ParameterizedTest
    @MethodSource("strips")
    void inputsAreProjectedInStripsOfTime(int n, int t, boolean reverse) {
        var a = sized(n, t);
        out(a, Cells.lstm(a.graph(), projected(a, "x", 5, 12), a.recurrent("u", 3, 12), a.input("h0", "N", 3), zeros(a, 3), reverse));
        a.check();
    }

    /// What stands [N, T, C] at the door is read there, also by two loops in both directions, the second of which reads what the first gives.
    @ParameterizedTest
    @MethodSource("strips")
    void stripsOfWhatLiesBatchFirst(int n, int t, boolean reverse) {
        var a = sized(n, t);
        var g = a.graph();
        var x = Ops.permute(g, a.input("x", "N", "T", 17), List.of(1, 0, 2));
        var first = Cells.elman(g, Cells.inputs(g, x, a.param("w", 17, 16), a.param("b", 16)), a.recurrent("u", 16, 16), zeros(a, 16), reverse);
        var second = Cells.elman(g, Cells.inputs(g, first.outputs().getFirst(), a.param("v", 16, 3), a.param("c", 3)), a.recurrent("q", 3, 3), zeros(a, 3), !reverse);
        a.out("y", Ops.permute(g, second.outputs().getFirst(), List.of(1, 0, 2)));
        a.check();
    }

    /// A single row has strips of 8 steps that products with as many columns make beside themselves, two rows have not: one strip, several, and a last one that is moved up.
    static Stream<Arguments> besides() {
        return Stream.of(0, 1, 2).flatMap(n -> Stream.of(0, 1, 7, 8, 9, 16, 17, 25).flatMap(t -> Stream.of(false, true).map(reverse -> Arguments.of(n, t, reverse))));
    }

    @ParameterizedTest
    @MethodSource("besides")
    void stripsBesideAProductOfOneRow(int n, int t, boolean reverse) {
        var a = sized(n, t);
        out(a, Cells.lstm(a.graph(), projected(a, "x", 5, 384), a.recurrent("u", 96, 384), zeros(a, 96), zeros(a, 96), reverse));
        assertEquals(0, pairs(a));
        a.check();
    }

    /// What is projected lies apart in time, so that rows of the batch and steps do not merge.
    @ParameterizedTest
    @MethodSource("besides")
    void stripsOfAPartBesideAProduct(int n, int t, boolean reverse) {
        var a = sized(n, t);
        var g = a.graph();
        var x = Ops.reshape(g, Ops.slice(g, a.input("x", "T", 2, "N", 16), 1, Dim.ONE, 1, Dim.ONE), shape("T", "N", 16));
        out(a, Cells.lstm(g, Cells.inputs(g, x, a.param("w", 16, 384), a.param("b", 384)), a.recurrent("u", 96, 384), zeros(a, 96), zeros(a, 96), reverse));
        a.check();
    }

    /// Two loops that run in both directions, batch first: rows of the first strip lie a known number of floats apart, so one kernel makes a tile of it and one of the product. The second loop reads
    /// what the first one makes.
    @ParameterizedTest
    @MethodSource("besides")
    void stripsAndProductsInOneKernel(int n, int t, boolean reverse) {
        for (int in : new int[] {19, 200}) {
            var a = sized(n, t);
            var g = a.graph();
            var x = Ops.permute(g, a.input("x", "N", "T", in), List.of(1, 0, 2));
            var first = Cells.gru(g, Cells.product(g, x, a.recurrent("w", in, 384)), a.recurrent("u", 128, 384), zeros(a, 128), reverse);
            var second = Cells.elman(g, Cells.inputs(g, first.outputs().getFirst(), a.param("v", 128, 256), a.param("c", 256)), a.recurrent("q", 256, 256), zeros(a, 256), !reverse);
            a.out("y", Ops.permute(g, second.outputs().getFirst(), List.of(1, 0, 2)));
            assertEquals(1, pairs(a));
            a.check();
        }
    }

    /// Calls of a kernel that makes two tiles.
    private static long pairs(Agreement a) {
        return a.schedule().lines().filter(l -> l.matches(" *Pair\\w*\\[.*")).count();
    }

    /// Users hand over [N, T, C]: the loop reads rows of it where it lies.
    @ParameterizedTest
    @MethodSource("sizes")
    void batchFirst(int n, int t, int h, boolean reverse) {
        var a = sized(n, t);
        var x = a.input("x", "N", "T", h);
        var results = Cells.elman(a.graph(), Ops.permute(a.graph(), x, List.of(1, 0, 2)), a.recurrent("u", h, h), zeros(a, h), reverse);
        a.out("y", Ops.permute(a.graph(), results.outputs().getFirst(), List.of(1, 0, 2)));
        a.check();
    }

    /// The gates of whole vectors write a state where the caller wants it, too, in his order, and not beyond a row of his; one that he gets twice is copied.
    @ParameterizedTest
    @MethodSource("sizes")
    void whatOnlyTheCallerReadsIsWrittenWhereHeWantsIt(int n, int t, int h, boolean reverse) {
        for (boolean twice : new boolean[] {false, true}) {
            var a = sized(n, t);
            var g = a.graph();
            var x = Ops.permute(g, a.input("x", "N", "T", 5), List.of(1, 0, 2));
            var results = Cells.lstm(g, Cells.inputs(g, x, a.param("w", 5, 4 * h), a.param("b", 4 * h)), a.recurrent("u", h, 4 * h), a.input("h0", "N", h), zeros(a, h), reverse);
            a.out("y", Ops.permute(g, results.outputs().getFirst(), List.of(1, 0, 2)));
            if (twice) a.out("z", results.outputs().getFirst());
            a.out("last", results.states().getFirst());
            assertEquals(h % 16 != 0 || twice, a.schedule().contains("out y"), a.schedule());
            a.check();
        }
    }

    @Test
    void onlyTheLastStateIsWanted() {
        var a = sized(3, 13);
        a.out("h", Cells.elman(a.graph(), projected(a, "x", 5, 17), a.recurrent("u", 17, 17), zeros(a, 17), false).states().getFirst());
        a.check();
    }

    @Test
    void twoLoopsInOneEntry() {
        var a = sized(3, 13);
        var forward = Cells.gru(a.graph(), projected(a, "x", 5, 21), a.recurrent("u", 7, 21), zeros(a, 7), false);
        var backward = Cells.gru(a.graph(), projected(a, "y", 5, 21), a.recurrent("v", 7, 21), forward.states().getFirst(), true);
        out(a, backward);
        a.out("both", Ops.add(a.graph(), forward.outputs().getFirst(), backward.outputs().getFirst()));
        a.check();
    }

    @Test
    void aStackOfLoops() {
        var a = sized(3, 5);
        var first = Cells.elman(a.graph(), projected(a, "x", 5, 16), a.recurrent("u", 16, 16), zeros(a, 16), false).outputs().getFirst();
        var second = Cells.elman(a.graph(), Cells.inputs(a.graph(), first, a.param("w", 16, 17), a.param("b", 17)), a.recurrent("v", 17, 17), zeros(a, 17), false);
        out(a, second);
        a.check();
    }

    /// States that change places, one that stays, one that is a step, and an output that is what a state was before.
    @Test
    void statesPassEachOtherOn() {
        var a = sized(3, 5);
        var g = a.graph();
        var loop = new Loop(g, Agreement.dim("T"));
        var first = loop.state(a.input("a", "N", 7));
        var second = loop.state(a.input("b", "N", 7));
        var still = loop.state(a.input("c", "N", 7));
        var last = loop.state(zeros(a, 7));
        var x = loop.step(a.input("x", "T", "N", 7));
        var sum = Ops.add(loop.body(), Ops.add(loop.body(), first, x), Ops.mul(loop.body(), still, last));
        out(a, loop.scan(List.of(second, first, still, x), List.of(first, sum, last)));
        a.check();
    }

    @Test
    void aLoopInALoop() {
        var a = sized(3, 5).size("S", 4);
        var g = a.graph();
        var u = a.recurrent("u", 7, 7);
        var outer = new Loop(g, Agreement.dim("T"));
        var h = outer.state(zeros(a, 7));
        var rows = outer.step(a.input("x", "T", "S", "N", 7));
        var weights = outer.constant(u);
        var inner = Cells.elman(outer.body(), rows, weights, h, true);
        out(a, outer.scan(List.of(inner.states().getFirst()), List.of(inner.outputs().getFirst())));
        a.check();
    }

    /// What multiplies the state is transposed: it is packed once, before the loop.
    @Test
    void transposedWeights() {
        var a = sized(3, 5);
        var g = a.graph();
        var u = a.recurrent("u", 17, 16);
        var back = Ops.permute(g, u, List.of(1, 0));
        var loop = new Loop(g, Agreement.dim("T"));
        var h = loop.state(zeros(a, 16));
        var b = loop.body();
        var next = Cells.tanh(b, Ops.add(b, Cells.product(b, Cells.product(b, h, loop.constant(back)), loop.constant(u)), loop.step(a.input("x", "T", "N", 16))));
        out(a, loop.scan(List.of(next), List.of(next)));
        a.check();
    }

    /// The first columns of a value are an output, the others are read later: the output holds no more than its own.
    @Test
    void theFirstPartOfAValueIsAnOutput() {
        var a = sized(3, 5);
        var loop = new Loop(a.graph(), Agreement.dim("T"));
        var h = loop.state(zeros(a, 3));
        var b = loop.body();
        var gates = Cells.sigmoid(b, Ops.add(b, Cells.product(b, h, loop.constant(a.recurrent("u", 3, 6))), loop.step(a.input("x", "T", "N", 6))));
        var first = Cells.gate(b, gates, 0, Agreement.dim(3));
        var next = Ops.mul(b, first, Cells.tanh(b, Cells.gate(b, gates, 1, Agreement.dim(3))));
        out(a, loop.scan(List.of(next), List.of(next, first)));
        a.check();
    }

    @Test
    void scalarsAndRows() {
        var a = sized(1, 13);
        var g = a.graph();
        var loop = new Loop(g, Agreement.dim("T"));
        var total = loop.state(Ops.fill(g, 0, List.of()));
        var mean = loop.state(Ops.fill(g, 1, shape(9)));
        var x = loop.step(a.input("x", "T", 9));
        var b = loop.body();
        var sum = Ops.add(b, total, Ops.sum(b, x, 0));
        var next = Ops.add(b, mean, Ops.mul(b, x, Ops.broadcast(b, sum, shape(9), List.of())));
        out(a, loop.reverse(List.of(sum, next), List.of(sum, next, x)));
        a.check();
    }
}
