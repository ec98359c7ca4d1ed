package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import dev.kiln.testkit.gradient.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every layer, activation and loss: the derived gradient agrees with differences, for the input and every weight.
class GradientTest {
    private static final String IMAGE = "f32[N, 4, 7, 6]";
    private static final String ROWS = "f32[N, 5]";

    @ParameterizedTest
    @ValueSource(strings = {
        "Conv2d(3)", "Conv2d(2, pad: same, stride: 2)", "Conv2d(4, groups: 2, dilation: 2)", "Depthwise2d(pad: 1)", "MaxPool2d(2)", "MaxPool2d(3, stride: 2, pad: 1)",
        "AvgPool2d(2)", "AvgPool2d(3, stride: 2, pad: 1, count_pad: false)", "BatchNorm", "PReLU", "flatten", "average_all", "max_all",
        "GroupNorm(2)", "InstanceNorm", "ChannelDropout", "gaussian", "sobel", "laplacian", "BasicBlock(4)", "BasicBlock(3, stride: 2)", "Bottleneck(1)", "Bottleneck(2, stride: 2)",
        "Depthwise2d(multiplier: 3, stride: 2)", "zero_pad2d(top: 2, right: 1) |> Conv2d(2)", "ConvTranspose2d(3)", "ConvTranspose2d(2, kernel: 3, stride: 2, pad: 1, extra: 1)", "LpPool2d(2)", "LpPool2d(3, p: 3, stride: 2, pad: 1)",
        "sobel_x", "sobel_y", "filter(k: [[1, 2, 3]])", "mirror", "RandomMirror", "resize2d(height: 9, width: 4)", "SqueezeExcite(2)", "InvertedResidual(4, expand: 2)", "InvertedResidual(3, stride: 2, expand: 1)"})
    void imageLayersAgreeWithDifferences(String layer) {
        agrees(IMAGE, layer, new int[] {3, 4, 7, 6});
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Dense(3)", "Dense(1, bias: false)", "Dropout", "ClassicDropout", "DropConnect(3)", "WeightedEmbedding(3)", "Standardise", "covariance", "covariance |> inverse_root(eps: 0.5)", "covariance |> pca_whitening(count: 2)", "LayerNorm", "RmsNorm", "BatchNorm", "Maxout(3)", "relu", "relu(max: 0.5)", "leaky_relu", "leaky_relu(alpha: 0.2, max: 0.4)", "sigmoid", "hard_sigmoid",
        "swish", "swish(beta: 1.5)", "hard_swish", "softplus", "mish", "softsign", "elu", "selu", "gelu", "gelu_tanh", "tanh", "softmax", "log_softmax", "threshold_relu(theta: 0.3)", "linf", "tanh_shrink", "DropConnect(3)"})
    void rowLayersAgreeWithDifferences(String layer) {
        agrees(ROWS, layer, new int[] {3, 5});
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "glu", "sinusoidal", "LearnedPositions(5)", "SelfAttention(2)", "SelfAttention(1, causal: true)", "FeedForward(3)", "EncoderBlock(3, width: 4)", "EncoderBlock(2, width: 4, causal: true)"})
    void sequenceLayersAgreeWithDifferences(String layer) {
        agrees("f32[N, T, 6]", layer, new int[] {3, 4, 6});
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv1d(3)", "Conv1d(2, stride: 2, pad: same, bias: false)", "Conv1d(2, pad: causal, dilation: 2)", "MaxPool1d(3, stride: 2, pad: 1)", "AvgPool1d(2)", "AvgPool1d(3, stride: 2, pad: 1, count_pad: false)"})
    void layersOfSignalsAgreeWithDifferences(String layer) {
        agrees("f32[N, 4, 9]", layer, new int[] {3, 4, 9});
    }

    @ParameterizedTest
    @ValueSource(strings = {"Conv3d(2)", "Conv3d(2, stride: 2, pad: same)", "MaxPool3d(2)", "AvgPool3d(2)", "AvgPool3d(3, stride: 2, pad: 1, count_pad: false)"})
    void layersOfVolumesAgreeWithDifferences(String layer) {
        agrees("f32[N, 2, 3, 5, 4]", layer, new int[] {2, 2, 3, 5, 4});
    }

    @ParameterizedTest
    @ValueSource(strings = {"CrossAttention(2)(x, memory)", "CrossAttention(1, causal: true)(x, memory)"})
    void attentionToAMemoryAgreesWithDifferences(String layer) {
        holds("""
                network Net() { in x: f32[N, T, 6]  in memory: f32[N, S, 5]  out y = %s }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """.formatted(layer), Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 2, 6), "memory", Lab.drawn(new Random(8), -1.5, 1.5, 3, 4, 5)), layer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"attend(x, x * 0.5, sin(x))", "attend(x, x * 0.5, sin(x), causal: true)"})
    void answersAgreeWithDifferences(String formula) {
        holds("""
                network Net() { in x: f32[N, H, T, 3]  out y = %s }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """.formatted(formula), Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 2, 2, 3, 3)), formula);
    }

    @Test
    void outerProductsAgreeWithDifferences() {
        holds("""
                network Net() { in x: f32[N, 4]  out y = outer_product(x, sin(x)) }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """, Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 4)), "outer_product");
    }

    @Test
    void aDecoderAgreesWithDifferences() {
        holds("""
                network Net() { in x: f32[N, T, 6]  in memory: f32[N, S, 5]  out y = DecoderBlock(2, width: 4)(x, memory) }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """, Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 2, 6), "memory", Lab.drawn(new Random(8), -1.5, 1.5, 3, 4, 5)), "DecoderBlock");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "AttentionDecoder(GRU(4)(h: x |> StartState(4)), AdditiveAttention(2), 5, 3)", "AttentionDecoder(LSTM(3), GeneralAttention, 5, 3)", "FeedingDecoder(GRU(4), DotAttention, 5, 3)", "FeedingDecoder(RNN(3), ConcatAttention(2), 5, 3)"})
    void attentionDecodersAgreeWithDifferences(String decoder) {
        holds("""
                network Net() { in x: f32[N, T~len, 4]  in word: i32[N, S~most]  write = %s  y, seen = word |> prepend(0) |> scan(write(memory: x))  out y }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """.formatted(decoder), said(), decoder);
    }

    @Test
    void aPlainDecoderAgreesWithDifferences() {
        holds("""
                network Net() { in x: f32[N, T~len, 4]  in word: i32[N, S~most]  write = Decoder(GRU(3), 5, 3)  out y = word |> prepend(0) |> scan(write(context: x |> StartState(2))) }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """, said(), "Decoder");
    }

    private static Map<String, Array> said() {
        Array lengths = new Array(new int[] {3}, new double[] {3, 1, 2});
        Array words = new Array(new int[] {3, 3}, new double[] {1, 4, 2, 3, 0, 4, 0, 1, 1});
        return Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 3, 4), "len", lengths, "word", words, "most", lengths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"Embedding(5, 4)", "FieldEmbedding(5, 4)", "FieldEmbedding(5, 4) |> fm", "FieldEmbedding(5, 4) |> pair_products", "FieldEmbedding(5, 4) |> bi_interaction", "FactorisationMachine(5, 4)", "WideDeep(5, 4, 6)", "DeepFM(5, 4, 6, dropout: 0.3)", "NFM(5, 4, 6)", "Linear(5)"})
    void layersOfIdsAgreeWithDifferences(String layer) {
        holds("""
                network Net() { in x: i32[N, 3]  out y = x |> %s }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """.formatted(layer), Map.of("x", new Array(new int[] {2, 3}, new double[] {4, 0, 2, 1, 1, 3})), layer);
    }

    private static void agrees(String type, String layer, int[] shape) {
        holds("""
                network Net() { in x: %s  out y = x |> %s }
                train Net { loss mean(sin(y + 0.3))  optimizer SGD(0.1) }
                """.formatted(type, layer), Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, shape)), layer);
    }

    @ParameterizedTest
    @ValueSource(strings = {"cross_entropy(x, label)", "cross_entropy(x, label, smoothing: 0.1)", "soft_cross_entropy(x, softmax(x * w))", "earth_mover(y, softmax(x))", "perplexity(x, label)", "focal(x, label)", "weighted_cross_entropy(x * w, label, f32(label))", "kl_divergence(x, x * w)", "cosine_distance(x, x * w)"})
    void lossesOfClassesAgreeWithDifferences(String loss) {
        holds("""
                network Net() { in x: f32[N, 4]  param w: f32[4] init 1  out y = x * w }
                train Net { in label: i32[N]  loss %s + mean(y^2)  optimizer SGD(0.1) }
                """.formatted(loss), Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 4), "label", new Array(new int[] {3}, new double[] {2, 0, 3})), loss);
    }

    @ParameterizedTest
    @ValueSource(strings = {"mse(y, t)", "mae(y, t)", "huber(y, t, delta: 0.4)", "binary_cross_entropy(y, sigmoid(t))", "hinge(y, t)", "rmse(y, t)", "triplet(y, t, t^2)", "contrastive(y, t, sum_of(t))"})
    void lossesOfNumbersAgreeWithDifferences(String loss) {
        holds("""
                fn sum_of(t: f32[N, C]) -> f32[N] { y[n] = if sum(t[n, c] over c) > 0 { 1 } else { 0 }  return y }
                network Net() { in x: f32[N, 4]  param w: f32[4] init 1  out y = x * w }
                train Net { in t: f32[N, 4]  loss %s  optimizer SGD(0.1) }
                """.formatted(loss), Map.of("x", Lab.drawn(new Random(9), -1.5, 1.5, 3, 4), "t", Lab.drawn(new Random(8), -1, 1, 3, 4)), loss);
    }

    private static void holds(String text, Map<String, Array> inputs, String what) {
        var lab = Lab.of(text, 21);
        Entry train = lab.entry("train");
        var wrt = new ArrayList<Value>();
        for (Value v : train.live())
            if ((v.op() instanceof Input i && i.name().equals("x") && v.type().dtype() == DType.f32) || (v.op() instanceof Param p && lab.program().parameters().find(p.name()).orElseThrow().role() == Parameter.Role.WEIGHT)) wrt.add(v);
        Value loss = train.outputs(Output.Role.LOSS).getFirst().value();
        Map<String, Long> sizes = Interpreter.dims(train, inputs);
        var check = new GradientCheck(train.graph(), new World(sizes, inputs, lab.parameters(), 7, 1), 5);
        List<Finding> findings = check.ofLoss(loss, wrt);
        assertTrue(findings.stream().anyMatch(f -> f.verdict() instanceof Verdict.Pass), what);
        assertEquals(List.of(), findings.stream().filter(Finding::failed).toList(), what);
    }
}
