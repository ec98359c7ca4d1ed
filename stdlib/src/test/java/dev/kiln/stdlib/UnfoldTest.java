package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.testkit.Agreement;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// `unfold`: a loop that ends when every row has stopped, in the interpreter and compiled.
class UnfoldTest {
    private static final Compiler COMPILER = Compiler.of(UnfoldTest.class.getClassLoader());
    private static final String DOWN = """
            cell Down()() -> f32[N] {
              state v: f32[N] = 0
              v' = v - 1
              stop v' <= 0
              return v'
            }
            """;

    private static Compiled compile(String text) {
        return COMPILER.compile(new SourceFile("net.nn", text));
    }

    private static Array array(double... values) {
        return new Array(new int[] {values.length}, values);
    }

    /// Rows that stop at the first step, later, with the last step, and never.
    @ParameterizedTest
    @ValueSource(strings = {"5", "T"})
    void aRowEndsBeforeTheStepThatStopsIt(String most) {
        String text = DOWN + """
                network Net() {
                  in x: f32[N]
                  in z: f32[N, T]
                  down = unfold(Down()(v: x), most: %s)
                  total[n] = sum(down[n, t] over t)
                  out down
                  out length = down.length
                  out last = down.v
                  out total
                  out z
                }
                """.formatted(most);
        var lab = Lab.of(text, 1);
        Map<String, Array> inputs = Map.of("x", array(0.5, 3, 5, 100, 1), "z", Array.zeros(5, 5));
        var out = lab.run("predict", inputs).outputs();
        assertArrayEquals(new double[] {0, 2, 4, 5, 0}, out.get("length").data());
        assertArrayEquals(new double[] {-0.5, 0, 0, 95, 0}, out.get("last").data());
        assertArrayEquals(new double[] {0, 3, 10, 485, 0}, out.get("total").data());
        assertArrayEquals(new double[] {0, 0, 0, 0, 0, 2, 1, 0, 0, 0, 4, 3, 2, 1, 0, 99, 98, 97, 96, 95, 0, 0, 0, 0, 0}, out.get("down").data());
        new Agreement(compile(text), lab.program(), 1e-6, 1, 2).check("predict", inputs, lab.parameters());
    }

    @Test
    void theLoopIsLeftWhenEveryRowHasStopped() {
        String text = DOWN + "network Net() { in x: f32[N]  down = unfold(Down()(v: x), most: 2_000_000_000)  out last = down.v  out length = down.length }";
        Compiled compiled = compile(text);
        try (var network = compiled.network(compiled.weights(1), Options.defaults().threads(1).warm(Warm.NEVER))) {
            Tensor[] out = assertTimeoutPreemptively(Duration.ofSeconds(20), () -> network.predict(Tensor.of(new float[] {3, 7}, 2)));
            assertArrayEquals(new float[] {0, 0}, out[0].floats());
            assertArrayEquals(new int[] {2, 6}, out[1].ints());
        }
    }

    /// One loop, whatever the bound.
    @Test
    void theCodeDoesNotDependOnTheBound() {
        String text = DOWN + "network Net() { in x: f32[N]  down = unfold(Down()(v: x), most: %d)  out down }";
        String few = COMPILER.dump(new SourceFile("net.nn", text.formatted(7)), Optional.empty(), "schedule");
        String many = COMPILER.dump(new SourceFile("net.nn", text.formatted(7000)), Optional.empty(), "schedule");
        assertTrue(few.contains("loop t0 < {steps_1} until "), few);
        assertEquals(few, many);
    }

    @Test
    void aCellInsideAnotherStopsIt() {
        String text = DOWN + """
                cell Twice(unit: cell)() -> f32[N], f32[N] {
                  state sum: f32[N] = 0
                  v = unit()
                  sum' = sum + v
                  stop sum' >= 8
                  return v, sum'
                }
                network Net() {
                  in x: f32[N]
                  v, s = unfold(Twice(Down()(v: x)), most: 6)
                  out v
                  out s
                }
                """;
        var lab = Lab.of(text, 1);
        var out = lab.run("predict", Map.of("x", array(3, 10))).outputs();
        assertArrayEquals(new double[] {2, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, out.get("v").data());
        assertArrayEquals(new double[] {2, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, out.get("s").data());
        new Agreement(compile(text), lab.program(), 1e-6, 1).check("predict", Map.of("x", array(3, 10)), lab.parameters());
    }

    /// A loop that stops itself in every step of another: what it gives has lengths in that step alone.
    @Test
    void anUnfoldInsideALoop() {
        String text = DOWN + """
                cell Each()(x: f32[N]) -> f32[N], f32[N, S~len] {
                  state s: f32[N] = 0
                  down = unfold(Down()(v: x + s), most: 4)
                  s' = s + f32(down.length)
                  total[n] = sum(down[n, t] over t)
                  return total, down
                }
                network Net() {
                  in x: f32[N, T]
                  total, down = x |> scan(Each)
                  out total
                  out down
                }
                """;
        var lab = Lab.of(text, 1);
        Map<String, Array> inputs = Map.of("x", new Array(new int[] {2, 3}, new double[] {3, 0.5, 9, 1, 2, -7}));
        var out = lab.run("predict", inputs).outputs();
        assertArrayEquals(new double[] {3, 2, 42, 0, 1, 0}, out.get("total").data());
        new Agreement(compile(text), lab.program(), 1e-6, 1, 2).check("predict", inputs, lab.parameters());
    }

    @ParameterizedTest
    @CsvSource({"1, 1", "1, 17", "15, 3", "16, 16", "17, 33"})
    void everySizeAgrees(int rows, int size) {
        String text = """
                network Net() {
                  in first: f32[N, %d]
                  write = Tell(LSTM(%d))
                  said = unfold(Greedy(write(context: first), start: 2, end: 0), most: 6)
                  best, score = Beam(write(context: first), width: 2, start: 2, end: 0, most: 6)()
                  out said
                  out best
                  out score
                }
                cell Tell(unit: cell)(y: i32[N], context: f32[N, C]) -> f32[N, 9] {
                  return unit(concat(y |> Embedding(9, 5), context)) |> Dense(9)
                }
                """.formatted(size, size);
        var lab = Lab.of(text, rows);
        Map<String, Array> inputs = Map.of("first", Lab.drawn(new Random(size), -1, 1, rows, size));
        new Agreement(compile(text), lab.program(), 2e-4, 1, 2).check("predict", inputs, lab.parameters());
    }

    /// One decoder, told the right words in training and its own in prediction.
    @ParameterizedTest
    @ValueSource(strings = {"unfold(Greedy(Logits(write(memory: read)), start: 8, end: 7), most: 5)", "Beam(Logits(write(memory: read)), width: 3, start: 8, end: 7, most: 5, alpha: 0.6)()"})
    void aDecoderIsSharedByTrainingAndGeneration(String search) {
        String text = """
                network Net() {
                  in x: i32[N, T~len]
                  read = x |> Embedding(11, 5) |> Bidirectional(GRU(4), GRU(4))
                  write = AttentionDecoder(GRU(6)(h: read |> StartState(6)), AdditiveAttention(7), 9, 5, rate: 0.25)
                  %s
                  out said
                  out ends
                }
                train Net {
                  in y: i32[N, S~most]
                  logits, seen = y |> prepend(8) |> scan(write(memory: read))
                  loss cross_entropy(logits, y |> append(7))
                  optimizer SGD(0.1)
                }
                """.formatted(search.startsWith("Beam") ? "said, ends = " + search : "said = " + search + "\n  ends = said.length");
        var lab = Lab.of(text, 5);
        var random = new Random(2);
        Map<String, Array> inputs = new LinkedHashMap<>();
        inputs.put("x", new Array(new int[] {3, 6}, random.ints(18, 0, 11).asDoubleStream().toArray()));
        inputs.put("len", array(6, 1, 4));
        var agreement = new Agreement(compile(text), Differentiate.of(lab.program()), 2e-4, 1, 2);
        agreement.check("predict", inputs, lab.parameters());
        agreement.check("sample", inputs, lab.parameters());
        inputs.put("y", new Array(new int[] {3, 4}, random.ints(12, 0, 7).asDoubleStream().toArray()));
        inputs.put("most", array(4, 0, 2));
        agreement.check("train", inputs, lab.parameters());
    }
}
