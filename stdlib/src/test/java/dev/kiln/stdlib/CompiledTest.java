package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The library as kernels: a prediction and one step of training agree with the interpreter.
class CompiledTest {
    private static final Compiler COMPILER = Compiler.of(CompiledTest.class.getClassLoader());

    @ParameterizedTest
    @ValueSource(strings = {
        "Conv2d(17, pad: same, stride: 2)", "MaxPool2d(3, stride: 2, pad: 1) |> AvgPool2d(2)", "PReLU |> max_all", "BatchNorm |> relu |> average_all", "GroupNorm(2) |> InstanceNorm",
        "BasicBlock(4) |> BasicBlock(5, stride: 2)", "Bottleneck(1) |> Bottleneck(2, stride: 2)",
        "Conv2d(16, pad: same) |> BatchNorm |> relu |> MaxPool2d(2) |> flatten |> Dense(5)"})
    void imagesAgree(String layer) {
        agrees("f32[N, 4, 7, 6]", layer, new int[] {3, 4, 7, 6});
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Dense(33) |> leaky_relu |> hard_sigmoid |> Dense(7) |> swish |> hard_swish |> softplus |> mish", "softsign |> elu |> selu |> gelu |> gelu_tanh |> tanh |> sigmoid",
        "LayerNorm |> relu |> RmsNorm |> BatchNorm", "Maxout(3) |> log_softmax", "softmax |> linf", "relu(max: 0.5) |> Dense(1, bias: false)", "cumsum |> sigmoid"})
    void rowsAgree(String layer) {
        agrees("f32[N, 5]", layer, new int[] {3, 5});
    }

    @ParameterizedTest
    @ValueSource(strings = {"sinusoidal |> LearnedPositions(5) |> EncoderBlock(3, width: 4)", "SelfAttention(5, causal: true) |> FeedForward(17)"})
    void sequencesAgree(String layer) {
        agrees("f32[N, T, 5]", "Dense(15) |> " + layer, new int[] {3, 4, 5});
    }

    @Test
    void depthwisePredicts() {
        String text = "network Net() { in x: f32[N, 4, 7, 6]  out y = x |> Depthwise2d(pad: same) |> relu }";
        var lab = Lab.of(text, 3);
        Array x = Lab.drawn(new Random(4), -1.5, 1.5, 3, 4, 7, 6);
        Compiled compiled = COMPILER.compile(new SourceFile("net.nn", text));
        Weights weights = compiled.weights(1);
        lab.parameters().forEach((name, value) -> weights.set(name, tensor(value)));
        try (Network network = compiled.network(weights, Options.defaults().threads(1).warm(Warm.NEVER))) {
            close("depthwise", lab.predict(x), network.predict(tensor(x))[0]);
        }
    }

    private static void agrees(String type, String layer, int[] shape) {
        String text = """
                network Net() {
                  in x: %s
                  out y = x |> %s |> %s
                }
                train Net {
                  loss mean(sin(y))
                  optimizer SGD(lr: 0.5, mu: 0.9)
                }
                """.formatted(type, shape.length == 4 ? "Conv2d(4, kernel: 1)" : "Dense(5)", layer);
        var lab = Lab.of(text, 3);
        Compiled compiled = COMPILER.compile(new SourceFile("net.nn", text));
        Array x = Lab.drawn(new Random(4), -1.5, 1.5, shape);
        Options options = Options.defaults().threads(1).warm(Warm.NEVER);
        try (Trainer trainer = compiled.trainer(1, options)) {
            lab.parameters().forEach((name, value) -> trainer.weights().set(name, tensor(value)));
            Array expected = lab.predict(x);
            close(layer, expected, trainer.predictor().predict(tensor(x))[0]);
            Map<String, Array> inputs = new LinkedHashMap<>(Map.of("x", x));
            if (lab.entry("train").inputs().size() > 1) inputs.put("step", Array.scalar(1));
            var run = lab.run("train", inputs);
            Tensor[] scores = trainer.step(tensor(x));
            assertEquals(run.scalar("loss"), scores[0].get(), 1e-4, "loss of " + Arrays.toString(Arrays.stream(trainer.outputs()).map(Door::name).toArray()));
            run.updates().forEach((name, value) -> close(layer + ": " + name, value, trainer.weights().get(name)));
        }
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
