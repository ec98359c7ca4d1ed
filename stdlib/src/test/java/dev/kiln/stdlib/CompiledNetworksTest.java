package dev.kiln.stdlib;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.Agreement;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Whole networks through the whole compiler, in all their entries, against the interpreter's run of what was written.
class CompiledNetworksTest {
    /// `-Dkiln.thorough=true` runs more batches on more threads.
    private static final boolean THOROUGH = Boolean.getBoolean("kiln.thorough");
    private static final int[] BATCHES = THOROUGH ? new int[] {1, 2, 5, 17} : new int[] {1, 5};
    private static final int[] THREADS = THOROUGH ? new int[] {1, 2, 8} : new int[] {1, 2};

    record Case(String text, int classes) {}

    private static Named<Case> net(String name, String network, String train) {
        return net(name, "", network, train);
    }

    private static Named<Case> net(String name, String declarations, String network, String train) {
        return Named.of(name, new Case("%s\nnetwork Net { %s }\n%s".formatted(declarations, network, train.isEmpty() ? "" : "train Net { " + train + " }"), 3));
    }

    private static final String LABELLED = "in label: i32[N]  loss cross_entropy(logits, label)  metric accuracy(logits, label)  ";

    static Stream<Named<Case>> networks() {
        return Stream.of(
                net("dense layers, SGD", "in x: f32[N, 7]  logits = x |> Dense(37) |> relu |> Dense(3)  out p = softmax(logits)", LABELLED + "optimizer SGD(0.1)"),
                net("dense layers with momentum", "in x: f32[N, 20]  logits = x |> Dense(16) |> tanh |> Dense(5) |> sigmoid |> Dense(3)  out p = softmax(logits)", LABELLED + "optimizer SGD(0.1, mu: 0.9, nesterov: true)"),
                net("leaky relu, Adam", "in x: f32[N, 5]  logits = x |> Dense(17) |> leaky_relu |> Dense(3)  out p = softmax(logits)", LABELLED + "optimizer Adam(lr: 0.01)"),
                net("gelu, AdamW", "in x: f32[N, 16]  logits = x |> Dense(33) |> gelu |> Dense(3)  out logits", LABELLED + "optimizer AdamW(lr: 0.01, weight_decay: 0.1)"),
                net("clipped norm", "in x: f32[N, 9]  logits = x |> Dense(35) |> relu |> Dense(3)  out logits", LABELLED + "optimizer AdamW(lr: cosine(peak: 1e-2, steps: 20, warmup: 5))  clip norm 0.5"),
                net("clipped values", "in x: f32[N, 9]  logits = x |> Dense(35) |> relu |> Dense(3)  out logits", LABELLED + "optimizer RMSProp(lr: 0.01, mu: 0.5)  clip value 0.01"),
                net("a function of one row, over the others", "fn unit(v: f32[K]) -> f32[K] { return v / sqrt(sum(v * v) + 1) }  fn energy(v: f32[K]) -> f32 { return mean(v * v) }",
                        "in x: f32[N, 5, 17]  turned[n, k, t] = unit(x[n, t, k] over k)  each[n, k] = energy(turned[n, k, t] over t)  logits = each |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("rows that rest, ids in buckets", "in x: i32[N, 5]  h = hash(x, 3) |> SparseEmbedding(3, 17)  logits = h |> flatten |> Dense(3)  out logits", LABELLED + "optimizer Adam(lr: 0.01)"),
                net("rows of a large table", "in x: i32[N, 5]  logits = x |> SparseEmbedding(10_007, 7) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer Adam(lr: 0.01)  clip norm 0.5"),
                net("numbers of a large table, averaged", "in x: i32[N, 5]  param t: f32[12_000] init normal(variance: 1) sparse  p[n, f] = t[x[n, f]]  logits = p |> Dense(3)  out logits", LABELLED + "optimizer SGD(lr: 0.1, mu: 0.9, nesterov: true)  clip value 0.1  average 0.9"),
                net("two indices that are data, and another value outside", "in x: f32[N, 3, 5]  in i: i32[N]  in j: i32[N]  p[n, c < 5] = x[n, i[n], j[n]] + sum(x[n, a, c + u - 1 else 0.5] over a, u < 3)  logits = p |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("dropout", "in x: f32[N, 9]  logits = x |> Dense(35) |> relu |> Dropout(0.4) |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("digits", "in x: f32[N, 1, 8, 8]  logits = x |> Conv2d(5, pad: same) |> BatchNorm |> relu |> MaxPool2d(2) |> Conv2d(17, pad: same) |> BatchNorm |> relu |> MaxPool2d(2) |> flatten |> Dense(16) |> relu |> Dropout(0.5) |> Dense(3)  out logits  out p = softmax(logits)",
                        LABELLED + "optimizer AdamW(lr: cosine(peak: 1e-3, steps: 2_000, warmup: 100), weight_decay: 1e-4)"),
                net("three channels, odd images", "in x: f32[N, 3, 7, 5]  logits = x |> Conv2d(17, pad: same) |> relu |> Conv2d(5) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("strides", "in x: f32[N, 3, 9, 9]  logits = x |> Conv2d(16, kernel: 5, stride: 2, pad: 2) |> relu |> Conv2d(5, stride: 2) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("strides that leave pixels over", "in x: f32[N, 5, 8, 6]  logits = x |> Conv2d(3, stride: 2) |> relu |> Conv2d(16, kernel: 2, stride: 3, pad: 1) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("dilation", "in x: f32[N, 3, 9, 8]  logits = x |> Conv2d(5, dilation: 2, pad: same) |> relu |> Conv2d(17, dilation: 3) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("groups", "in x: f32[N, 6, 5, 5]  logits = x |> Conv2d(9, groups: 3, pad: same) |> relu |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("one pixel", "in x: f32[N, 1, 1, 1]  logits = x |> Conv2d(5, pad: same) |> BatchNorm |> relu |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("average pool", "in x: f32[N, 3, 8, 6]  logits = x |> Conv2d(5, pad: same) |> relu |> AvgPool2d(2) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("padded average pool", "in x: f32[N, 3, 7, 7]  logits = x |> AvgPool2d(3, stride: 2, pad: 1) |> Conv2d(5) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("overlapping maximum pool", "in x: f32[N, 3, 7, 7]  logits = x |> Conv2d(17, pad: same) |> MaxPool2d(3, stride: 2, pad: 1) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("global pools", "in x: f32[N, 3, 6, 5]  h = x |> Conv2d(17, pad: same) |> relu  logits = Dense(3)(average_all(h)) + Dense(3)(max_all(h))  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("signals", "in x: f32[N, 3, 19]  logits = x |> Conv1d(17, pad: causal, dilation: 2) |> relu |> MaxPool1d(3, stride: 2, pad: 1) |> Conv1d(5, stride: 2, pad: same) |> AvgPool1d(3, stride: 2, pad: 1, count_pad: false) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("signals of any length", "in x: f32[N, 5, T]  logits = x |> Conv1d(7, kernel: 2, pad: causal) |> tanh |> AvgPool1d(2) |> average_all |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("volumes", "in x: f32[N, 2, 4, 5, 7]  logits = x |> Conv3d(17, pad: same) |> relu |> MaxPool3d(2) |> Conv3d(5, kernel: 2) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("averages of volumes", "in x: f32[N, 2, 5, 5, 4]  logits = x |> Conv3d(3, stride: 2, pad: 1) |> AvgPool3d(2, stride: 1, pad: 1, count_pad: false) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("transposed convolutions", "in x: f32[N, 3, 4, 3]  logits = x |> ConvTranspose2d(17, kernel: 3, pad: 1, extra: 1) |> relu |> ConvTranspose2d(5) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("filters for each channel", "in x: f32[N, 3, 7, 6]  logits = x |> zero_pad2d(bottom: 1, left: 2) |> Depthwise2d(multiplier: 2, stride: 2) |> relu |> Depthwise2d(pad: same) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("norms of windows", "in x: f32[N, 3, 7, 6]  h = x |> Conv2d(5)  logits = Dense(3)(flatten(LpPool2d(2)(h))) + Dense(3)(flatten(LpPool2d(3, p: 3, stride: 2, pad: 1)(h)))  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("a small MobileNet", "in x: f32[N, 3, 9, 7]  logits = x |> Conv2d(5, stride: 2, pad: 1, bias: false) |> BatchNorm |> relu(max: 6) |> InvertedResidual(5, expand: 2) |> InvertedResidual(8, stride: 2, expand: 3) |> SqueezeExcite(4) |> average_all |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("a loss with windows over packed weights", "in x: f32[N, 6]  param W: f32[6, 75] init normal(variance: 1)  m[i < 3, j] = max(W[2 * i + u, j] over u < 2)  k[i, j < 37] = max(W[i, 2 * j + u] over u < 2)  out y = tanh(x @ W)", "loss mean(sin(y)) + mean(sin(m)) + mean(cos(k))  optimizer SGD(0.1)"),
                net("residual blocks of images, by transforms", "in x: f32[N, 3, 7, 8]  logits = x |> Conv2d(32, pad: same) |> BatchNorm |> relu |> BasicBlock(32) |> average_all |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("symbolic images, by transforms", "in x: f32[N, 3, H, W]  logits = x |> Conv2d(32, pad: same) |> relu |> Conv2d(33, pad: same) |> relu |> average_all |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("symbolic images", "in x: f32[N, 3, H, W]  logits = x |> Conv2d(5, pad: same) |> relu |> Conv2d(17, stride: 2, pad: 1) |> relu |> average_all |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("layer norm", "in x: f32[N, 11]  logits = x |> Dense(19) |> LayerNorm |> relu |> RmsNorm |> Dense(3)  out logits", LABELLED + "optimizer Adam(lr: 0.01)"),
                net("sequences", "in x: f32[N, T, 6]  y = x |> Dense(17) |> LayerNorm |> gelu |> Dense(5)  out y", "in t: f32[N, T, 5]  loss mse(y, t)  optimizer Adam(lr: 0.01)"),
                net("residual blocks", "in x: f32[N, 16]  h = x |> Dense(16) |> relu  k = (h |> Dense(16)) + h  m = ((k |> LayerNorm |> Dense(16)) + k) |> relu  out y = m |> Dense(2)  out h", "in t: f32[N, 2]  loss mse(y, t)  optimizer SGD(0.1)"),
                net("a layer used twice", "in a: f32[N, 10]  in b: f32[N, 10]  tower = Dense(17)  u = tower(a)  v = tower(b)  d[n] = sum((u[n, c] - v[n, c])^2 over c)  out d", "loss mean(d)  optimizer SGD(0.1)"),
                net("tied weights", "in x: f32[N, 10]  param W: f32[10, 17] init normal(variance: 1)  h = tanh(x @ W)  y[n, i] = sum(h[n, o] * W[i, o] over o)  out y", "loss mse(y, x)  optimizer Adam(lr: 0.01)"),
                net("several outputs", "in x: f32[N, 4]  h = x |> Dense(8) |> relu  out a = h |> Dense(3) |> softmax  out b = h |> Dense(1) |> flatten  out c = h  out place = argmax(x)", ""),
                net("embedding", "in id: i32[N, 4]  logits = id |> Embedding(3, 5) |> flatten |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("maxout, prelu", "in x: f32[N, 6]  logits = x |> Maxout(9, pieces: 3) |> PReLU |> Dense(3)  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("a batch norm over rows", "in x: f32[N, 6]  logits = x |> Dense(18) |> BatchNorm |> swish |> Dense(3) |> BatchNorm  out logits", LABELLED + "optimizer SGD(0.1)"),
                net("time backwards", "in x: f32[N, T, 6]  back[n, t < T, c] = x[n, T - 1 - t, c]  last[n, c] = x[n, T - 1, c]  a = back |> Dense(5)  b = last |> Dense(5)  y[n, t, c] = a[n, t, c] + b[n, c]  out y", "in t: f32[N, T, 5]  loss mse(y, t)  optimizer SGD(0.1)"),
                net("all pairs of rows", "in x: f32[N, 16]  h = x |> Dense(16)  s[n] = sum(h[n, c]^2 over c)  pair[n, m] = max(s[n] - s[m], 0)  out pair  out y = h", "loss mean(pair)  optimizer SGD(0.1)"),
                net("pairs within a batch", "in x: f32[N, 6]  logits = x |> Dense(3)  out logits", "in label: i32[N]  partner[n < N, c] = logits[N - 1 - n, c]  twin[n < N] = label[N - 1 - n]  same = if label == twin { 1.0 } else { 0.0 }  loss contrastive(logits, partner, same)  optimizer SGD(0.1)"),
                net("one weight", "in x: f32[N, 1]  y = x |> Dense(1) |> flatten  out y", "in t: f32[N, 1]  loss mse(y, t)  optimizer SGD(0.1)"),
                net("wide columns", "in x: f32[N, 3]  h = x |> Dense(130) |> relu  logits = h |> Dense(3)  out h  out logits", LABELLED + "optimizer AdamW(lr: 0.01)  clip norm 1"));
    }

    @ParameterizedTest
    @MethodSource("networks")
    void compiledAgreesWithTheInterpreter(Case c) {
        var plain = Differentiate.of(Lab.check(c.text).models().getFirst().program());
        var compiled = Compiler.of(CompiledNetworksTest.class.getClassLoader()).compile(new SourceFile("net.nn", c.text));
        var agreement = new Agreement(compiled, plain, 2e-4, THREADS);
        var lab = Lab.of(c.text, 5);
        for (int n : BATCHES)
            for (var entry : plain.entries()) {
                try {
                    agreement.check(entry.name(), inputs(entry, n, c.classes), lab.parameters());
                } catch (AssertionError e) {
                    throw new AssertionError("a batch of %d: %s".formatted(n, e.getMessage()), e);
                }
            }
    }

    private static Map<String, Array> inputs(Entry entry, int n, int classes) {
        var random = new Random(n);
        var sizes = Map.of("N", (long) n, "H", 7L, "W", 6L, "T", 3L);
        var inputs = new LinkedHashMap<String, Array>();
        for (var door : entry.inputs()) {
            var name = ((Input) door.op()).name();
            int[] shape = door.type().shape().stream().mapToInt(d -> Math.toIntExact(d.evaluate(sizes::get))).toArray();
            if (name.equals("step")) inputs.put(name, Array.scalar(entry.name().equals("train") ? 1 : 0));
            else if (door.type().dtype() == DType.i32) inputs.put(name, new Array(shape, random.ints(Array.size(shape), 0, classes).asDoubleStream().toArray()));
            else inputs.put(name, new Array(shape, random.doubles(Array.size(shape), -1, 1).map(v -> (float) v).toArray()));
        }
        return inputs;
    }
}
