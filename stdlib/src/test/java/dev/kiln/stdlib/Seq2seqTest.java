package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Close;
import dev.kiln.testkit.Golden;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Attention and decoders under teacher forcing against loops over rows, steps and places of the memory.
class Seq2seqTest {
    private static final Compiler COMPILER = Compiler.of(Seq2seqTest.class.getClassLoader());
    private static final int[] LENGTHS = {4, 1, 6};
    private static final int[] SAID = {3, 5, 0};
    private static final int WIDTH = 6;
    private static final int VOCABULARY = 7;
    private static final int SIZE = 5;

    private static Array lengths(int... of) {
        return new Array(new int[] {of.length}, Arrays.stream(of).asDoubleStream().toArray());
    }

    private static Array memory() {
        Array memory = Lab.drawn(new Random(3), -1, 1, LENGTHS.length, 6, WIDTH);
        for (int n = 0; n < LENGTHS.length; n++) for (int t = LENGTHS[n]; t < 6; t++) for (int h = 0; h < WIDTH; h++) memory.data()[memory.offset(n, t, h)] = Double.NaN;
        return memory;
    }

    private static Array words() {
        return new Array(new int[] {SAID.length, 5}, new Random(5).ints(SAID.length * 5L, 0, VOCABULARY).asDoubleStream().toArray());
    }

    private static Map<String, Array> inputs() {
        return new LinkedHashMap<>(Map.of("memory", memory(), "len", lengths(LENGTHS), "y", words(), "most", lengths(SAID)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AdditiveAttention(4)", "DotAttention", "GeneralAttention", "ConcatAttention(4)"})
    void attentionWeighsTheRealSteps(String attention) {
        var lab = Lab.of("network Net() { in s: f32[N, 6]  in memory: f32[N, T~len, 6]  context, weight = %s(s, memory)  out context  out weight }".formatted(attention.contains("(") ? attention : attention + "()"), 8);
        Array s = Lab.drawn(new Random(4), -1, 1, LENGTHS.length, WIDTH);
        var out = lab.run("predict", Map.of("s", s, "memory", memory(), "len", lengths(LENGTHS))).outputs();
        for (int n = 0; n < LENGTHS.length; n++) {
            double[] weight = weights(lab, attention, row(s, n), memory(), n);
            for (int t = 0; t < 6; t++) assertEquals(weight[t], out.get("weight").get(n, t), 1e-12);
            for (int h = 0; h < WIDTH; h++) assertEquals(context(weight, memory(), n)[h], out.get("context").get(n, h), 1e-12);
        }
    }

    private static String network(String write) {
        return """
                network Net() {
                  in memory: f32[N, T~len, 6]
                  in y: i32[N, S~most]
                  %s
                  out logits
                }
                train Net { loss cross_entropy(logits, y |> append(0))  optimizer SGD(0.5) }
                """.formatted(write);
    }

    private static final String LOOKING = network("write = AttentionDecoder(GRU(6)(h: memory |> StartState(6)), AdditiveAttention(4), 7, 5)  logits, seen = y |> prepend(6) |> scan(write(memory: memory))  out seen");
    private static final String FEEDING = network("write = FeedingDecoder(GRU(6), %s, 7, 5)  logits, seen = y |> prepend(6) |> scan(write(memory: memory))  out seen");
    private static final String PLAIN = network("write = Decoder(GRU(6), 7, 5)  logits = y |> prepend(6) |> scan(write(context: memory |> StartState(4)))");

    @Test
    void anAttentionDecoderLooksBeforeItsStep() {
        var lab = Lab.of(LOOKING, 9);
        Array logits = Array.zeros(SAID.length, 6, VOCABULARY);
        Array seen = Array.zeros(SAID.length, 6, 6);
        for (int n = 0; n < SAID.length; n++) {
            double[] h = start(lab, n);
            for (int t = 0; t <= SAID[n]; t++) {
                double[] weight = weights(lab, "AdditiveAttention", h, memory(), n);
                double[] word = word(lab, n, t);
                double[] context = context(weight, memory(), n);
                h = gru(lab, join(word, context), h);
                put(logits, dense(lab, "write.dense_1", join(h, word, context)), n, t);
                put(seen, weight, n, t);
            }
        }
        var out = lab.run("predict", inputs()).outputs();
        Close.assertClose("logits", logits, out.get("logits"));
        Close.assertClose("seen", seen, out.get("seen"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"AdditiveAttention(4)", "DotAttention()", "GeneralAttention()", "ConcatAttention(4)"})
    void aFeedingDecoderLooksAfterItsStep(String attention) {
        var lab = Lab.of(FEEDING.formatted(attention), 9);
        Array logits = Array.zeros(SAID.length, 6, VOCABULARY);
        Array seen = Array.zeros(SAID.length, 6, 6);
        for (int n = 0; n < SAID.length; n++) {
            double[] h = new double[WIDTH];
            double[] heard = new double[SIZE];
            for (int t = 0; t <= SAID[n]; t++) {
                h = gru(lab, join(word(lab, n, t), heard), h);
                double[] weight = weights(lab, attention, h, memory(), n);
                heard = tanh(dense(lab, "write.heard.dense_1", join(h, context(weight, memory(), n))));
                put(logits, dense(lab, "write.dense_1", heard), n, t);
                put(seen, weight, n, t);
            }
        }
        var out = lab.run("predict", inputs()).outputs();
        Close.assertClose("logits", logits, out.get("logits"));
        Close.assertClose("seen", seen, out.get("seen"));
    }

    @Test
    void aDecoderWithoutAttentionSeesOneVector() {
        var lab = Lab.of(PLAIN, 9);
        Array logits = Array.zeros(SAID.length, 6, VOCABULARY);
        for (int n = 0; n < SAID.length; n++) {
            double[] h = new double[WIDTH];
            double[] context = start(lab, n);
            for (int t = 0; t <= SAID[n]; t++) {
                double[] word = word(lab, n, t);
                h = gru(lab, join(word, context), h);
                put(logits, dense(lab, "write.dense_1", join(h, word, context)), n, t);
            }
        }
        Close.assertClose("logits", logits, lab.run("predict", inputs()).outputs().get("logits"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"looking", "feeding", "plain"})
    void compiledDecodersAgree(String kind) {
        String text = switch (kind) {
            case "looking" -> LOOKING;
            case "feeding" -> FEEDING.formatted("GeneralAttention()");
            default -> PLAIN;
        };
        var lab = Lab.of(text, 9);
        var agreement = new Agreement(COMPILER.compile(new SourceFile("net.nn", text)), Differentiate.of(lab.program()), 2e-4, 1, 2);
        Map<String, Array> inputs = inputs();
        agreement.check("predict", inputs, lab.parameters());
        if (lab.entry("train").inputs().size() > inputs.size()) inputs.put("step", Array.scalar(1));
        agreement.check("train", inputs, lab.parameters());
    }

    /// What the decoder sees of the memory in every step is computed once: `memory·U` stands before its loop, one contraction over all places.
    @Test
    void theMemoryIsProjectedOnceBeforeTheLoop() {
        String predict = COMPILER.dump(new SourceFile("net.nn", LOOKING), Optional.empty(), "simplify").split("(?m)^entry ", -1)[1];
        Golden.assertGolden("attention-decoder.txt", predict);
        int loop = predict.indexOf("scan[");
        assertTrue(predict.substring(0, loop).contains(": f32[N, T, 4]"), "the projection of the memory");
        assertFalse(predict.substring(loop).contains("contract[i0, i1, j"), "a projection of every place in the loop");
    }

    // Plain loops

    private static double[] row(Array a, int n) {
        int size = a.data().length / a.shape()[0];
        return Arrays.copyOfRange(a.data(), n * size, (n + 1) * size);
    }

    private static double[] place(Array memory, int n, int t) {
        return Arrays.copyOfRange(memory.data(), memory.offset(n, t, 0), memory.offset(n, t, 0) + WIDTH);
    }

    private static double[] join(double[]... parts) {
        return Arrays.stream(parts).flatMapToDouble(Arrays::stream).toArray();
    }

    private static void put(Array to, double[] values, int n, int t) {
        System.arraycopy(values, 0, to.data(), to.offset(n, t, 0), values.length);
    }

    private static double[] tanh(double[] z) {
        return Arrays.stream(z).map(Math::tanh).toArray();
    }

    /// `x·W`, W from row `first` on.
    private static double[] product(double[] x, Array w, int first) {
        double[] y = new double[w.shape()[1]];
        for (int i = 0; i < x.length; i++) for (int j = 0; j < y.length; j++) y[j] += x[i] * w.get(first + i, j);
        return y;
    }

    private static double[] dense(Lab lab, String path, double[] x) {
        double[] y = product(x, lab.parameter(path + ".W"), 0);
        for (int j = 0; j < y.length; j++) y[j] += lab.parameter(path + ".b").data()[j];
        return y;
    }

    private static double[] word(Lab lab, int n, int t) {
        return row(lab.parameter("embedding_1.table"), t == 0 ? 6 : (int) words().get(n, t - 1));
    }

    private static double[] start(Lab lab, int n) {
        double[] mean = new double[WIDTH];
        for (int t = 0; t < LENGTHS[n]; t++) for (int h = 0; h < WIDTH; h++) mean[h] += place(memory(), n, t)[h] / LENGTHS[n];
        return tanh(dense(lab, "start_state_1.dense_1", mean));
    }

    private static double[] weights(Lab lab, String attention, double[] s, Array memory, int n) {
        double[] weight = new double[6];
        double mass = 0;
        for (int t = 0; t < LENGTHS[n]; t++) {
            weight[t] = Math.exp(score(lab, attention, s, place(memory, n, t)));
            mass += weight[t];
        }
        for (int t = 0; t < LENGTHS[n]; t++) weight[t] /= mass;
        return weight;
    }

    private static double score(Lab lab, String attention, double[] s, double[] m) {
        return switch (attention.replaceAll("\\(.*", "")) {
            case "AdditiveAttention" -> together(lab.parameter("additive_attention_1.v"), product(s, lab.parameter("additive_attention_1.W"), 0), product(m, lab.parameter("additive_attention_1.U"), 0));
            case "ConcatAttention" -> together(lab.parameter("concat_attention_1.v"), product(s, lab.parameter("concat_attention_1.W"), 0), product(m, lab.parameter("concat_attention_1.W"), WIDTH));
            case "GeneralAttention" -> dot(s, product(m, lab.parameter("general_attention_1.W"), 0));
            default -> dot(s, m);
        };
    }

    private static double together(Array v, double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += v.data()[i] * Math.tanh(a[i] + b[i]);
        return sum;
    }

    private static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) sum += a[i] * b[i];
        return sum;
    }

    private static double[] context(double[] weight, Array memory, int n) {
        double[] context = new double[WIDTH];
        for (int t = 0; t < LENGTHS[n]; t++) for (int h = 0; h < WIDTH; h++) context[h] += weight[t] * place(memory, n, t)[h];
        return context;
    }

    private static double[] gru(Lab lab, double[] x, double[] h) {
        String gru = "gru_1.";
        double[] gates = product(x, lab.parameter(gru + "W"), 0);
        double[] past = product(h, lab.parameter(gru + "U"), 0);
        double[] read = new double[WIDTH];
        for (int i = 0; i < gates.length; i++) gates[i] = 1 / (1 + Math.exp(-(gates[i] + past[i] + lab.parameter(gru + "b").data()[i])));
        for (int i = 0; i < WIDTH; i++) read[i] = gates[i] * h[i];
        double[] fresh = product(x, lab.parameter(gru + "V"), 0);
        double[] heard = product(read, lab.parameter(gru + "R"), 0);
        double[] next = new double[WIDTH];
        for (int i = 0; i < WIDTH; i++) next[i] = (1 - gates[WIDTH + i]) * h[i] + gates[WIDTH + i] * Math.tanh(fresh[i] + heard[i] + lab.parameter(gru + "a").data()[i]);
        return next;
    }
}
