package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Products that are written over what they add, and those that must not be.
class InPlaceTest {
    private static final Pattern OVER = Pattern.compile(", then ");

    private static Value biased(Agreement a, Value product, String bias) {
        var shape = product.type().shape();
        return Ops.add(a.graph(), product, Ops.broadcast(a.graph(), a.param(bias, shape.getLast()), shape, List.of(shape.size() - 1)));
    }

    private static Value relu(Agreement a, Value x) {
        return Ops.map(a.graph(), Functions.MAX, x, Ops.fill(a.graph(), 0, x.type().shape()));
    }

    private static Value layer(Agreement a, Value x, String name, int columns) {
        return biased(a, Cells.product(a.graph(), x, a.param(name, x.type().shape().getLast(), columns)), name + "b");
    }

    /// `relu(x + expand(relu(reduce(x))))`
    private static Value block(Agreement a, Value x, String name) {
        int channels = x.type().shape().getLast().toInt();
        return relu(a, Ops.add(a.graph(), layer(a, relu(a, layer(a, x, name + "r", 9)), name + "e", channels), x));
    }

    private static long over(Agreement a) {
        return OVER.matcher(a.memory()).results().count();
    }

    /// Three blocks in one place: parts that one height fits and that take two, columns that fill no vector, several chunks of them, one image, several, and as many as several blocks of a chain.
    @ParameterizedTest
    @CsvSource({"1, 100, 40", "5, 49, 24", "3, 48, 300", "2, 196, 7", "9, 40, 16"})
    void blocksTakeThePlaceOfWhatTheyAdd(int n, int pixels, int channels) {
        var a = new Agreement().size("N", n);
        var x = layer(a, a.input("x", "N", pixels, 5), "in", channels);
        var y = block(a, block(a, block(a, x, "1"), "2"), "3");
        a.out("y", layer(a, y, "out", 4));
        assertEquals(3, over(a), a.memory());
        a.check();
    }

    @Test
    void whatIsReadLaterStays() {
        var a = new Agreement().size("N", 3);
        var x = layer(a, a.input("x", "N", 100, 5), "in", 40);
        var y = block(a, x, "1");
        a.out("y", layer(a, y, "out", 4)).out("x again", layer(a, Ops.map(a.graph(), Functions.TANH, x), "other", 3));
        assertEquals(0, over(a), a.memory());
        a.check();
    }

    @Test
    void anOutputStays() {
        var a = new Agreement().size("N", 3);
        var x = layer(a, a.input("x", "N", 100, 5), "in", 40);
        a.out("x itself", x).out("y", layer(a, block(a, x, "1"), "out", 4));
        assertEquals(0, over(a), a.memory());
        a.check();
    }

    /// Other columns, and other strips, still read what this one adds.
    @Test
    void aProductIsNotWrittenOverItsOwnOperand() {
        var a = new Agreement().size("N", 3);
        var x = layer(a, a.input("x", "N", 100, 5), "in", 160);
        var y = relu(a, Ops.add(a.graph(), layer(a, x, "w", 160), x));
        a.out("y", layer(a, y, "out", 4));
        assertEquals(0, over(a), a.memory());
        a.check();
    }

    /// Rows of an unknown number: the last strip is moved up and makes some rows again.
    @ParameterizedTest
    @CsvSource({"13", "25", "5"})
    void rowsThatAreMadeTwiceLieApart(int n) {
        var a = new Agreement().size("N", n);
        var x = layer(a, a.input("x", "N", 5), "in", 40);
        a.out("y", layer(a, block(a, x, "1"), "out", 4));
        assertEquals(0, over(a), a.memory());
        a.check();
    }

    /// Pixels that a window of channels reads lie further apart than those that nobody slides on.
    @Test
    void whatLiesOtherwiseStays() {
        var a = new Agreement().size("N", 3);
        var x = layer(a, a.input("x", "N", 100, 5), "in", 128);
        var axes = List.of(new Axis("n", x.type().dim(0)), new Axis("p", x.type().dim(1)), new Axis("c", x.type().dim(2)), new Axis("t", Dim.ONE));
        var window = new Access(List.of(Affine.axis(0), new Affine(Map.of(1, 1, 3, 1), 0, 1), Affine.axis(2)));
        var each = a.graph().add(new Contract(x, a.param("k", 128, 1), axes, window, new Access(List.of(Affine.axis(2), Affine.axis(3))), List.of(0, 1, 2)));
        var y = relu(a, Ops.add(a.graph(), layer(a, relu(a, each), "e", 128), x));
        a.out("y", layer(a, y, "out", 4));
        assertEquals(0, over(a), a.memory());
        a.check();
    }

    /// What a chain adds that runs a few rows at a time lies outside of it, and what it makes goes out again.
    @Test
    void aChainWritesOverWhatComesFromOutside() {
        var a = new Agreement().size("N", 9);
        var x = layer(a, a.input("x", "N", 400, 40), "in", 96);
        var g = a.graph();
        var all = Ops.broadcast(g, Ops.sum(g, x, List.of(0)), x.type().shape(), List.of(1, 2));
        var y = block(a, block(a, x, "1"), "2");
        a.out("y", Ops.add(g, layer(a, y, "out", 96), all));
        assertTrue(a.memory().contains("chains take 1 rows of N at a time"), a.memory());
        assertEquals(2, over(a), a.memory());
        a.check();
    }

    /// A plan whose last place is shared with the one before it.
    @Test
    void aPlanThatWritesOverWhatIsStillReadIsRefused() {
        var a = new Agreement().size("N", 3);
        a.out("y", block(a, layer(a, a.input("x", "N", 100, 5), "in", 40), "1"));
        var plan = a.plan();
        plan.verify();
        var slots = new ArrayList<>(plan.slots());
        var next = slots.removeLast();
        var before = slots.removeLast();
        slots.add(new Plan.Slot(Stream.concat(before.buffers().stream(), next.buffers().stream()).toList(), Math.min(before.first(), next.first()), Math.max(before.last(), next.last())));
        var wrong = new Plan(plan.steps(), plan.dims(), slots, plan.binding(), plan.block());
        assertTrue(assertThrows(IllegalStateException.class, wrong::verify).getMessage().contains(" lies over "));
    }
}
