package dev.kiln.compiler.op;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.api.Test;

/// A recurrent network written as a scan against the loop that a reader would write.
class ScanTest {
    private static final int BATCH = 3;
    private static final int FEATURES = 4;
    private static final int HIDDEN = 5;
    private static final Dim T = Dim.variable("T");
    private static final Dim N = Dim.variable("N");

    private final Graph graph = new Graph();
    private final Value x = graph.add(new Input("x", TensorType.f32(T, N, Dim.of(FEATURES))));
    private final Value h0 = graph.add(new Input("h0", TensorType.f32(N, Dim.of(HIDDEN))));
    private final Value w = graph.add(new Param("W", TensorType.f32(FEATURES, HIDDEN)));
    private final Value u = graph.add(new Param("U", TensorType.f32(HIDDEN, HIDDEN)));

    /// h' = tanh(x·W + h·U), y = 2 h'.
    private Loop.Results elman(boolean reverse) {
        var loop = new Loop(graph, T);
        var b = loop.body();
        var h = loop.state(h0);
        var next = Ops.map(b, Functions.TANH, Ops.add(b, product(b, loop.step(x), loop.constant(w)), product(b, h, loop.constant(u))));
        var y = Ops.add(b, next, next);
        return reverse ? loop.reverse(List.of(next), List.of(y)) : loop.scan(List.of(next), List.of(y));
    }

    static Value product(Graph g, Value a, Value b) {
        var axes = List.of(new Axis("n", a.type().dim(0)), new Axis("j", b.type().dim(1)), new Axis("k", a.type().dim(1)));
        return g.add(new Contract(a, b, axes, new Access(List.of(Affine.axis(0), Affine.axis(2))), new Access(List.of(Affine.axis(2), Affine.axis(1))), List.of(0, 1)));
    }

    @ParameterizedTest
    @CsvSource({"0, false", "0, true", "1, false", "1, true", "2, false", "7, false", "7, true"})
    void isTheLoopThatAReaderWouldWrite(int time, boolean reverse) {
        var results = elman(reverse);
        var random = new Random(time);
        var xs = array(random, time, BATCH, FEATURES);
        var start = array(random, BATCH, HIDDEN);
        var inputs = Map.of("x", xs, "h0", start);
        var weights = Map.of("W", array(random, FEATURES, HIDDEN), "U", array(random, HIDDEN, HIDDEN));
        var roots = List.of(results.states().getFirst(), results.outputs().getFirst());
        var known = Interpreter.evaluate(graph, roots, new World(Map.of("T", (long) time, "N", (long) BATCH), inputs, weights, 0, 0));

        var h = start.data().clone();
        var y = new double[time * BATCH * HIDDEN];
        for (int i = 0; i < time; i++) {
            int t = reverse ? time - 1 - i : i;
            var next = new double[h.length];
            for (int n = 0; n < BATCH; n++)
                for (int j = 0; j < HIDDEN; j++) {
                    double sum = 0;
                    for (int k = 0; k < FEATURES; k++) sum += xs.get(t, n, k) * weights.get("W").get(k, j);
                    for (int k = 0; k < HIDDEN; k++) sum += h[n * HIDDEN + k] * weights.get("U").get(k, j);
                    next[n * HIDDEN + j] = Math.tanh(sum);
                    y[(t * BATCH + n) * HIDDEN + j] = 2 * next[n * HIDDEN + j];
                }
            h = next;
        }
        assertArrayEquals(h, known.get(roots.get(0)).data(), 1e-12);
        assertArrayEquals(y, known.get(roots.get(1)).data(), 1e-12);
        assertArrayEquals(new int[] {time, BATCH, HIDDEN}, known.get(roots.get(1)).shape());
    }

    @Test
    void equalLoopsAreOneValue() {
        assertEquals(elman(false).states(), elman(false).states());
        assertNotEquals(elman(false).states(), elman(true).states());
    }

    @Test
    void printsItsBodyBelowIt() {
        assertEquals("""
                  %0 = input[x] : f32[T, N, 4]
                  %1 = input[h0] : f32[N, 5]
                  %2 = param[W] : f32[4, 5]
                  %3 = param[U] : f32[5, 5]
                  %4 = scan[time T, reverse](init %1; xs %0; constants %2, %3) : bool
                      %0 = port[0] : f32[N, 5]
                      %1 = port[1] : f32[N, 4]
                      %2 = port[2] : f32[4, 5]
                      %3 = port[3] : f32[5, 5]
                      %4 = contract[n, j | k:4](%1[n, k], %2[k, j]) : f32[N, 5]
                      %5 = contract[n, j | k:5](%0[n, k], %3[k, j]) : f32[N, 5]
                      %6 = add(%4, %5) : f32[N, 5]
                      %7 = tanh(%6) : f32[N, 5]
                      %8 = add(%7, %7) : f32[N, 5]
                      next %7
                      output %8
                  %5 = project[0](%4) : f32[N, 5]
                  return %5
                """, GraphText.print(graph, elman(true).states()));
    }

    @Test
    void isVerifiedInsideAndOut() {
        var y = elman(false).outputs().getFirst();
        GraphCheck.verify(entry(y));
        var token = ((Project) y.op()).scan();
        assertEquals("broken graph: an output of entry 'predict' is the token " + token + " of a loop", assertThrows(IllegalStateException.class, () -> GraphCheck.verify(entry(token))).getMessage());
        var misread = graph.add(new StopGradient(token));
        assertEquals("broken graph: %s = stop_gradient reads %s = scan".formatted(misread, token), assertThrows(IllegalStateException.class, () -> GraphCheck.verify(entry(misread))).getMessage());
    }

    private Entry entry(Value y) {
        return new Entry("predict", graph, List.of(x, h0), List.of(new Output("y", y, Output.Role.USER)));
    }

    private static Array array(Random random, int... shape) {
        return new Array(shape, random.doubles(Array.size(shape), -1, 1).toArray());
    }
}
