package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.testkit.Agreement;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Recurrent networks as kernels: a prediction and one step of training agree with the interpreter, on ragged rows.
class CompiledRecurrentTest {
    private static final Compiler COMPILER = Compiler.of(CompiledRecurrentTest.class.getClassLoader());
    private static final int[] LENGTHS = {5, 0, 2};

    @ParameterizedTest
    @ValueSource(strings = {
        "x |> scan(RNN(7))", "x |> scan(LSTM(17))", "x |> scan(LSTM(5, peepholes: true))", "x |> scan(GRU(8))", "x |> scan(GRU(16))", "x |> scan(GRU(15))", "x |> scan(GRU(128))", "x |> scan(GRU(33, reset_after: true))", "x |> scan(GRU(3, reset_after: true))", "x |> scan(BlockLSTM(2, 3))",
        "x |> scan(Stacked(GRU(4), 2))", "x |> Bidirectional(LSTM(3), GRU(2))", "x |> scan(GatedFeedback(3, 2))", "x |> scan(GatedFeedbackLSTM(3, 2))", "x |> scan(GatedFeedbackGRU(3, 2))",
        "(x |> fold(LSTM(4))).h"})
    void agrees(String expression) {
        String text = """
                network Net() {
                  in x: f32[N, T~len, 5]
                  out y = %s
                }
                train Net {
                  loss mean(sin(y))
                  optimizer SGD(lr: 0.5, mu: 0.9)
                }
                """.formatted(expression);
        var lab = Lab.of(text, 3);
        Compiled compiled = COMPILER.compile(new SourceFile("net.nn", text));
        Array x = Lab.drawn(new Random(4), -1.5, 1.5, LENGTHS.length, 5, 5);
        Array len = new Array(new int[] {LENGTHS.length}, Arrays.stream(LENGTHS).asDoubleStream().toArray());
        Map<String, Array> inputs = new LinkedHashMap<>(Map.of("x", x, "len", len));
        try (Trainer trainer = compiled.trainer(1, Options.defaults().threads(1).warm(Warm.NEVER))) {
            lab.parameters().forEach((name, value) -> trainer.weights().set(name, tensor(value)));
            close(expression, lab.run("predict", inputs).outputs().get("y"), trainer.predictor().predict(tensor(x), Tensor.of(LENGTHS, LENGTHS.length))[0]);
            if (lab.entry("train").inputs().size() > 2) inputs.put("step", Array.scalar(1));
            var run = lab.run("train", inputs);
            Tensor[] scores = trainer.step(tensor(x), Tensor.of(LENGTHS, LENGTHS.length));
            assertEquals(run.scalar("loss"), scores[0].get(), 1e-4, "loss of " + expression);
            run.updates().forEach((name, value) -> close(expression + ": " + name, value, trainer.weights().get(name)));
        }
    }

    /// An inner loop that reads nothing of the outer one's states runs for all of its steps at once, backwards too.
    @Test
    void aLoopThatReadsNoOuterStateRunsAbreast() {
        String text = """
                cell Lines(size: int)(x: f32[N, S, 5]) -> f32[N, size] {
                  state h: f32[N, size] = 0
                  last = x |> scan(LSTM(3)) |> reverse |> fold(GRU(size))
                  h' = tanh(last.h + (h |> Dense(size)))
                  return h'
                }
                network Net() { in x: f32[N, T, 3, 5]  out y = x |> scan(Lines(17)) }
                train Net { loss mean(sin(y))  optimizer SGD(lr: 0.5) }
                """;
        var lab = Lab.of(text, 3);
        var agreement = new Agreement(COMPILER.compile(new SourceFile("net.nn", text)), lab.program().map(Differentiate::of), 2e-4, 1, 2);
        Map<String, Array> inputs = Map.of("x", Lab.drawn(new Random(4), -1.5, 1.5, 2, 4, 3, 5), "step", Array.scalar(1));
        agreement.check("predict", inputs, lab.parameters());
        agreement.check("train", inputs, lab.parameters());
    }

    /// What an inner loop begins with is the same in every step of the outer one, and is there again in each.
    @ParameterizedTest
    @ValueSource(strings = {"fold(GRU(3))", "fold(LSTM(4))"})
    void aLoopInsideALoopBeginsAnew(String inner) {
        String text = """
                cell Line()(x: f32[N, S, 5]) -> f32[N, K] {
                  state seen: f32[N] = 0
                  last = x |> %s
                  seen' = seen + 1
                  y[n, k] = last.h[n, k] + seen'[n]
                  return y
                }
                network Net() { in x: f32[N, T, 3, 5]  out y = x |> scan(Line) }
                """.formatted(inner);
        var lab = Lab.of(text, 3);
        var agreement = new Agreement(COMPILER.compile(new SourceFile("net.nn", text)), lab.program(), 2e-4, 1, 2);
        agreement.check("predict", Map.of("x", Lab.drawn(new Random(4), -1.5, 1.5, 2, 4, 3, 5)), lab.parameters());
    }

    /// Words in sentences in texts: what the weights of the inner loop get is summed over both.
    @ParameterizedTest
    @ValueSource(strings = {"fold(RNN(7))", "fold(GRU(16))", "fold(LSTM(3, peepholes: true))"})
    void loopsInsideLoopsLearn(String inner) {
        String text = """
                cell Sentence(size: int)(x: f32[N, S, E]) -> f32[N, size] {
                  words = x |> %s
                  up = GRU(size)
                  return up(words.h)
                }
                network Net() { in x: f32[N, T, S, 5]  out y = x |> scan(Sentence(6)) }
                train Net { loss mean(sin(y))  optimizer SGD(lr: 0.5) }
                """.formatted(inner);
        var lab = Lab.of(text, 3);
        var agreement = new Agreement(COMPILER.compile(new SourceFile("net.nn", text)), lab.program().map(Differentiate::of), 2e-4, 1, 2);
        Map<String, Array> inputs = Map.of("x", Lab.drawn(new Random(4), -1.5, 1.5, 2, 4, 3, 5));
        agreement.check("predict", inputs, lab.parameters());
        agreement.check("train", inputs, lab.parameters());
    }

    /// A state whose slices are written one by one, in the middle and at the front, around the number of lanes.
    @ParameterizedTest
    @ValueSource(ints = {1, 7, 15, 16, 17})
    void slicesOfAState(int size) {
        String text = """
                cell Layers(size: int, depth: int)(x: f32[N, E]) -> f32[N, size] {
                  state h: f32[N, depth, size] = 0
                  past = flatten(h)
                  below = x
                  for j < depth {
                    below' = tanh(concat(below, past) |> Dense(size))
                    h'[n, j, k] = below'[n, k]
                  }
                  return below
                }
                cell Delay()(x: f32[N, E]) -> f32[N, E] {
                  state line: f32[2, N, E] = 0
                  line'[1] = line[0]
                  line'[0] = x
                  return line[1]
                }
                network Net() { in x: f32[N, T~len, 5]  out y = x |> scan(Layers(%d, 3)) |> scan(Delay) }
                train Net { loss mean(sin(y))  optimizer SGD(lr: 0.5) }
                """.formatted(size);
        var lab = Lab.of(text, 3);
        var agreement = new Agreement(COMPILER.compile(new SourceFile("net.nn", text)), lab.program().map(Differentiate::of), 2e-4, 1, 2);
        Map<String, Array> inputs = Map.of("x", Lab.drawn(new Random(4), -1.5, 1.5, 3, 5, 5), "len", new Array(new int[] {3}, new double[] {5, 0, 2}));
        agreement.check("predict", inputs, lab.parameters());
        agreement.check("train", inputs, lab.parameters());
    }

    private static Tensor tensor(Array a) {
        float[] values = new float[a.data().length];
        for (int i = 0; i < values.length; i++) values[i] = (float) a.data()[i];
        return Tensor.of(values, a.shape());
    }

    private static void close(String what, Array expected, Tensor actual) {
        assertEquals(Arrays.toString(expected.shape()), Arrays.toString(actual.shape()), what);
        double scale = Arrays.stream(expected.data()).map(Math::abs).max().orElse(0);
        float[] floats = actual.floats();
        for (int i = 0; i < floats.length; i++) assertEquals(expected.data()[i], floats[i], 2e-4 * Math.max(scale, 1e-2), what + ", element " + i);
    }
}
