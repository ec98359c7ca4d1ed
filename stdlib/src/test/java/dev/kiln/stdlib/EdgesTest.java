package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ShapeException;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import dev.kiln.testkit.Agreement;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/// No rows, numbers that are none, ties, and reads of packed weights, through jars and at every width.
class EdgesTest {
    private static final Compiler COMPILER = Compiler.of(EdgesTest.class.getClassLoader());

    @TempDir
    Path folder;

    /// Networks whose rows do not know each other at inference.
    static List<String> networks() {
        return List.of(
                net("f32[N, 7]", "Dense(33) |> relu |> Dense(5) |> softmax"),
                net("f32[N, 7]", "LayerNorm |> Dense(16) |> gelu |> Dense(1, bias: false) |> tanh"),
                net("f32[N, 3, 6, 5]", "Conv2d(17, pad: same) |> BatchNorm |> relu |> MaxPool2d(2) |> flatten |> Dense(4) |> log_softmax"),
                net("f32[N, 2, 6, 6]", "Conv2d(8, stride: 2) |> elu |> AvgPool2d(2) |> flatten |> Maxout(3) |> sigmoid"),
                net("f32[N, T, 5]", "Dense(15) |> cumsum |> clip(low: -2, high: 2)"));
    }

    private static String net(String type, String layers) {
        return """
                network Net() {
                  in x: %s
                  out y = x |> %s
                }
                train Net {
                  loss mean(sin(y))
                  optimizer SGD(lr: 0.5, mu: 0.9)
                }
                """.formatted(type, layers);
    }

    private static Compiled compile(String text) {
        return COMPILER.compile(new SourceFile("net.nn", text));
    }

    private static Options options(Width width) {
        return Options.defaults().width(width).threads(1).warm(Warm.NEVER);
    }

    private static int[] shape(String text, int n) {
        String dims = text.substring(text.indexOf("f32[") + 4, text.indexOf(']'));
        return Arrays.stream(dims.split(", ")).mapToInt(d -> d.equals("N") ? n : d.equals("T") ? 3 : Integer.parseInt(d)).toArray();
    }

    private static Tensor rows(String text, int n) {
        return tensor(Lab.drawn(new Random(5), -1, 1, shape(text, n)));
    }

    private static Tensor tensor(Array a) {
        float[] values = new float[a.data().length];
        for (int i = 0; i < values.length; i++) values[i] = (float) a.data()[i];
        return Tensor.of(values, a.shape());
    }

    @ParameterizedTest
    @MethodSource("networks")
    void noRowsGiveNoRows(String text) {
        Compiled compiled = compile(text);
        Path jar = folder.resolve("net.jar");
        compiled.writeJar(jar, compiled.weights(1), false);
        try (Network network = Network.open(jar, options(Width.W256))) {
            int[] one = network.predict(rows(text, 1))[0].shape();
            int[] none = network.predict(rows(text, 0))[0].shape();
            one[0] = 0;
            assertArrayEquals(one, none);
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aStepOnNoRowsIsRefusedAndLeavesTheWeights(String text) {
        try (Trainer trainer = compile(text).trainer(1, options(Width.W256))) {
            var before = trainer.weights().copy();
            var refused = assertThrows(ShapeException.class, () -> trainer.step(rows(text, 0)));
            assertEquals("Net.train needs at least one row, but input 'x' is " + rows(text, 0), refused.getMessage());
            for (var p : before.parameters()) assertArrayEquals(before.get(p.name()).floats(), trainer.weights().get(p.name()).floats());
            trainer.step(rows(text, 2));
        }
    }

    @ParameterizedTest
    @MethodSource("networks")
    void aNumberThatIsNoneStaysInItsRow(String text) {
        Compiled compiled = compile(text);
        float[] clean = rows(text, 3).floats();
        float[] dirty = clean.clone();
        int row = clean.length / 3;
        Arrays.fill(dirty, row, 2 * row, Float.NaN);
        for (Width width : Width.values())
            try (Network network = compiled.network(compiled.weights(1), options(width))) {
                float[] expected = network.predict(Tensor.of(clean, shape(text, 3)))[0].floats();
                float[] found = network.predict(Tensor.of(dirty, shape(text, 3)))[0].floats();
                int out = expected.length / 3;
                for (int i = 0; i < expected.length; i++) {
                    if (i / out != 1) assertEquals(expected[i], found[i], 0, width + ", element " + i);
                    else assertTrue(Float.isNaN(found[i]), width + ", element " + i + " is " + found[i]);
                }
                assertArrayEquals(expected, network.predict(Tensor.of(clean, shape(text, 3)))[0].floats(), "what a run leaves behind is not read by the next");
            }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 15, 16, 17, 33})
    void theFirstOfSeveralMaximaWins(int columns) {
        String text = "network Net() { in x: f32[N, %d]  a[n] = argmax(x[n, c] over c)  b[c] = argmax(x[n, c] over n)  out a  out b  out m = max(x) }".formatted(columns);
        for (int n : new int[] {1, 2, 17}) {
            var random = new Random(columns + n);
            agree(text, Map.of("x", new Array(new int[] {n, columns}, random.ints((long) n * columns, 0, 3).asDoubleStream().toArray())));
            agree(text, Map.of("x", Array.zeros(n, columns)));
        }
    }

    /// The gradient of a maximum goes to the first of several.
    @ParameterizedTest
    @ValueSource(ints = {1, 3, 16, 17})
    void theGradientOfATieGoesToTheFirst(int columns) {
        String text = """
                network Net() {
                  in x: f32[N, %d]
                  param w: f32[%d] init 1
                  y[n, c] = x[n, c] * w[c]
                  a[n] = max(y[n, c] over c)
                  out a
                }
                train Net { loss sum(a) optimizer SGD(lr: 1) }
                """.formatted(columns, columns);
        var lab = Lab.of(text, 1);
        var ones = new Array(new int[] {columns}, new double[columns]);
        Arrays.fill(ones.data(), 1);
        for (Width width : Width.values())
            try (Trainer trainer = compile(text).trainer(1, options(width))) {
                trainer.step(tensor(new Array(new int[] {1, columns}, ones.data())));
                float[] expected = new float[columns];
                Arrays.fill(expected, 1);
                expected[0] = 0;
                assertArrayEquals(expected, trainer.weights().get("w").floats(), width + " of " + lab.program().name());
            }
    }

    /// W lies packed, since it is the right side of a product; the other reads see single columns of it, or rows beyond its edge.
    @ParameterizedTest
    @ValueSource(strings = {
        "s[i, j < 5] = W[i, j + 33]  out y = x @ s", "s[i, j < 40] = W[i, j + 15]  out y = x @ s", "s[i < 17, j < 16] = W[i + 3, 2 * j + 16]  out s", "out y = x @ concat(W, W)", "s[i, j < 31] = W[i, j + 39]  out y = x @ concat(s, W)", "out y = x @ reshape(reshape(W, 1400), 20, 70)", "out y = reshape(W, 2, 10, 35, 2)",
        "param k: f32[3] init 1  c[i < 20, j] = sum(W[i + u - 1, j else 0] * k[u] over u)  out y = x @ c",
        "param k: f32[3] init 1  c[i, j < 70] = sum(W[i, j + u - 1 else 0] * k[u] over u)  out y = x @ c",
        "c[i, j < 69] = W[i, j + 1] - W[i, j]  out y = x @ c", "out y = W[3, 0..69]", "out y = W[0..19, 40]", "out y = x @ W[0..19, 33..40]", "id = i32([3, 0, 19])  y[i, j] = W[id[i], j]  out y", "id = i32([3, 69])  y[i, j] = W[i, id[j]]  out y",
        "param V: f32[20, 9] init 1  c[i < 20, j] = sum(V[i + u - 1, j else 0] * W[u, 40] over u < 3)  out y = x @ c"})
    void packedWeightsAreReadAnywhere(String read) {
        String text = "network Net() { in x: f32[N, 20]  param W: f32[20, 70] init 1  out z = x @ W  " + read + " }";
        agree(text, Map.of("x", Lab.drawn(new Random(3), -1, 1, 5, 20)));
    }

    private static void agree(String text, Map<String, Array> inputs) {
        var lab = Lab.of(text, 3);
        new Agreement(compile(text), lab.program(), 1e-5, 1, 2).check("predict", new LinkedHashMap<>(inputs), lab.parameters());
    }

    @Test
    void evaluationOfNoRowsIsRefused() {
        String text = networks().getFirst();
        Compiled compiled = compile(text);
        try (Network network = compiled.network(compiled.weights(1), options(Width.W256))) {
            assertThrows(ShapeException.class, () -> network.evaluate(rows(text, 0)));
        }
    }
}
