package dev.kiln.compiler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Steps that run for a few rows at a time: one row with one thread and two with two, so equal bits mean that blocks do not show.
class ChainsTest {
    private static Value convolved(Agreement a, Value x, String filter, int filters) {
        return WinogradTest.convolution(a, x, a.param(filter, filters, x.type().dim(1), 3, 3), x.type().dim(2), x.type().dim(3), 1, 1);
    }

    private static Value relu(Agreement a, Value x) {
        return Ops.map(a.graph(), Functions.MAX, x, Ops.fill(a.graph(), 0, x.type().shape()));
    }

    private static long chains(Agreement a) {
        return a.schedule().lines().filter(l -> l.startsWith("chain: rows of N")).count();
    }

    /// Images in, through the door and its copies, and the end of the chain read by what takes all rows at once.
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 5, 7})
    void imagesUpToADenseLayer(int n) {
        var a = new Agreement().size("N", n);
        var g = a.graph();
        var h = relu(a, convolved(a, a.input("x", "N", 3, 24, 23), "k1", 20));
        var mean = Ops.sum(g, relu(a, convolved(a, h, "k2", 18)), 2, 3);
        a.out("y", Cells.product(g, mean, a.param("W", 18, 5)));
        assertEquals(1, chains(a), a.schedule());
        a.check();
    }

    /// What mixes rows parts two chains; what the first leaves, halo and all, is read by the mixing, and by the second.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 4})
    void aSumOverRowsStandsBetweenChains(int n) {
        var a = new Agreement().size("N", n);
        var g = a.graph();
        var h = convolved(a, relu(a, convolved(a, a.input("x", "N", 3, 24, 23), "k1", 20)), "k2", 20);
        var less = Ops.sub(g, h, Ops.spread(g, Ops.sum(g, h, 0), h.type().shape(), List.of(0)));
        a.out("y", convolved(a, relu(a, convolved(a, Ops.map(g, Functions.TANH, less), "k3", 20)), "k4", 17));
        assertEquals(2, chains(a), a.schedule());
        a.check();
    }

    /// An input without rows, and two outputs.
    @Test
    void inputsWithoutRowsStayWhereTheyAre() {
        var a = new Agreement().size("N", 5).size("M", 20);
        var g = a.graph();
        var h = convolved(a, a.input("x", "N", 3, 24, 23), "k1", 20);
        var gain = a.input("gain", 20);
        var scaled = Ops.mul(g, Ops.map(g, Functions.TANH, h), Ops.broadcast(g, gain, h.type().shape(), List.of(1)));
        a.out("scaled", scaled).out("next", convolved(a, scaled, "k2", 16));
        assertEquals(1, chains(a), a.schedule());
        a.check();
    }

    @Test
    void neighbouringRowsAreNoRowsOfTheirOwn() {
        var a = new Agreement().size("N", 5);
        var g = a.graph();
        var x = a.input("x", "N", 16, 24, 24);
        var n = Dim.variable("N");
        var later = Ops.slice(g, Ops.pad(g, x, 0, Dim.ZERO, Dim.ONE, 0), 0, Dim.ONE, 1, n);
        var before = Ops.slice(g, Ops.pad(g, x, 0, Dim.ONE, Dim.ZERO, 0), 0, Dim.ZERO, 1, n);
        a.out("y", Ops.sum(g, Ops.map(g, Functions.TANH, Ops.add(g, later, before)), 2));
        assertFalse(a.schedule().contains("chain"), a.schedule());
        a.check();
    }

    /// A dense layer wants all rows: its weights would be read again for each block.
    @Test
    void weightsOfAProductOfOneRowAreReadOnce() {
        var a = new Agreement().size("N", 40);
        var g = a.graph();
        var h = Ops.map(g, Functions.TANH, Cells.product(g, a.input("x", "N", 50), a.param("W", 50, 40)));
        a.out("y", Cells.product(g, h, a.param("V", 40, 30)));
        assertFalse(a.schedule().contains("chain"), a.schedule());
        a.check();
    }
}
