package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Greedy and beam search against lists of beginnings, on a chain with a state of its own: what a beam remembers must follow it.
class SearchTest {
    private static final int ROWS = 4;
    private static final int WORDS = 5;
    private static final int START = 4;
    private static final int END = 0;
    private static final String CHAIN = """
            cell Chain()(y: i32[N], bias: f32[N, V]) -> f32[N, V] {
              state h: f32[N, V] = 0
              param table: f32[V, V] init 0
              read[n, v] = table[y[n], v]
              h' = tanh(read + 0.7 * h + bias)
              return 4 * h'
            }
            """;

    private static Lab greedy(int most) {
        return Lab.of(CHAIN + "network Net() { in bias: f32[N, 5]  said = unfold(Greedy(Chain()(bias: bias), start: 4, end: 0), most: %d)  out said  out length = said.length }".formatted(most), 3);
    }

    private static Lab beam(int width, int most, double alpha) {
        return Lab.of(CHAIN + """
                layer Ends()(x: i32[N, T~len]) -> i32[N] { return len }
                network Net() { in bias: f32[N, 5]  said, score = Beam(Chain()(bias: bias), width: %d, start: 4, end: 0, most: %d, alpha: %s)()  out said  out score  out length = Ends()(said) }
                """.formatted(width, most, alpha), 3);
    }

    /// What has been said, what it remembers, how likely it is.
    @SuppressWarnings("ArrayRecordComponent")
    record Beginning(List<Integer> words, double[] h, double score, boolean done) {
        static Beginning first() {
            return new Beginning(List.of(), new double[WORDS], 0, false);
        }

        double normal(double alpha) {
            return score / Math.pow(words.size() + (done ? 1 : 0), alpha);
        }
    }

    /// All ways to go on, in the order of the words.
    private static List<Beginning> ways(Beginning b, Array table, double[] bias) {
        var ways = new ArrayList<Beginning>();
        if (b.done) return List.of(b);
        int last = b.words.isEmpty() ? START : b.words.getLast();
        double[] h = new double[WORDS];
        double mass = 0;
        for (int v = 0; v < WORDS; v++) {
            h[v] = Math.tanh(table.get(last, v) + 0.7 * b.h[v] + bias[v]);
            mass += Math.exp(4 * h[v]);
        }
        for (int v = 0; v < WORDS; v++) {
            var words = new ArrayList<>(b.words);
            if (v != END) words.add(v);
            ways.add(new Beginning(words, h, b.score + 4 * h[v] - Math.log(mass), v == END));
        }
        return ways;
    }

    private static Beginning search(int width, int most, double alpha, Array table, double[] bias) {
        List<Beginning> beam = List.of(Beginning.first());
        for (int t = 0; t < most && !beam.stream().allMatch(Beginning::done); t++)
            beam = beam.stream().flatMap(b -> ways(b, table, bias).stream()).sorted(Comparator.comparingDouble(Beginning::score).reversed()).limit(width).toList();
        return beam.stream().max(Comparator.comparingDouble(b -> b.normal(alpha))).orElseThrow();
    }

    private static Array biases(double towardsEnd) {
        Array bias = Lab.drawn(new Random(8), -0.6, 0.6, ROWS, WORDS);
        for (int n = 0; n < ROWS; n++) bias.data()[bias.offset(n, END)] = towardsEnd * (n - 1);
        return bias;
    }

    private static void says(Beginning wanted, Map<String, Array> out, int n, int most) {
        assertEquals(wanted.words.size(), out.get("length").get(n), "length of row " + n);
        for (int t = 0; t < most; t++) assertEquals(t < wanted.words.size() ? wanted.words.get(t) : 0, out.get("said").get(n, t), "row " + n + ", word " + t);
    }

    private static double[] row(Array bias, int n) {
        return Arrays.copyOfRange(bias.data(), n * WORDS, (n + 1) * WORDS);
    }

    @ParameterizedTest
    @CsvSource({"1, 0.5", "2, 0.5", "9, 0.3", "9, -9", "9, 9"})
    void greedyTakesTheBestWord(int most, double towardsEnd) {
        var lab = greedy(most);
        Array bias = biases(towardsEnd);
        var out = lab.run("predict", Map.of("bias", bias)).outputs();
        for (int n = 0; n < ROWS; n++) says(search(1, most, 0, lab.parameter("table"), row(bias, n)), out, n, most);
    }

    /// One step, stops at once, never stops; beams wider than the words; normalised or not.
    @ParameterizedTest
    @CsvSource({"1, 9, 0, 0.3", "2, 1, 0, 0.5", "3, 9, 0, 0.3", "3, 9, 1, 0.3", "4, 6, 0.6, 0.4", "4, 7, 1, -9", "2, 9, 0.5, 9", "6, 5, 0, 0.3", "5, 2, 1, 0.3"})
    void beamsKeepTheBestBeginnings(int width, int most, double alpha, double towardsEnd) {
        var lab = beam(width, most, alpha);
        Array bias = biases(towardsEnd);
        var out = lab.run("predict", Map.of("bias", bias)).outputs();
        for (int n = 0; n < ROWS; n++) {
            var wanted = search(width, most, alpha, lab.parameter("table"), row(bias, n));
            says(wanted, out, n, most);
            assertEquals(wanted.normal(alpha), out.get("score").get(n), 1e-9, "score of row " + n);
        }
    }

    @Test
    void aBeamOfOneIsGreedy() {
        Array bias = biases(0.3);
        var one = beam(1, 9, 0).run("predict", Map.of("bias", bias)).outputs();
        var greedy = greedy(9).run("predict", Map.of("bias", bias)).outputs();
        assertEquals(Arrays.toString(greedy.get("said").data()), Arrays.toString(one.get("said").data()));
        assertEquals(Arrays.toString(greedy.get("length").data()), Arrays.toString(one.get("length").data()));
    }

    /// Where all words are alike the first one is taken, which ends the row.
    @ParameterizedTest
    @CsvSource({"0", "1", "3"})
    void ofEqualWordsTheFirstIsTaken(int width) {
        var lab = width == 0 ? greedy(4) : beam(width, 4, 0);
        lab.parameters().replaceAll((_, v) -> Array.zeros(v.shape()));
        var out = lab.run("predict", Map.of("bias", Array.zeros(ROWS, WORDS))).outputs();
        for (int n = 0; n < ROWS; n++) assertEquals(0, out.get("length").get(n));
    }

    /// By sorting; of equal ones the first comes first.
    @ParameterizedTest
    @CsvSource({"1, 1", "5, 1", "5, 3", "7, 7"})
    void theGreatestComeFirst(int classes, int count) {
        var lab = Lab.of("network Net() { in x: f32[N, %d]  best, place = topk(x, %d)  out best  out place }".formatted(classes, count), 1);
        Array x = Lab.drawn(new Random(3), -1, 1, 4, classes);
        if (classes > 3) x.data()[1] = x.data()[3];
        var out = lab.run("predict", Map.of("x", x)).outputs();
        for (int n = 0; n < 4; n++) {
            int row = n;
            int[] order = IntStream.range(0, classes).boxed().sorted(Comparator.comparingDouble((Integer c) -> -x.get(row, c)).thenComparingInt(c -> c)).mapToInt(c -> c).toArray();
            for (int k = 0; k < count; k++) {
                assertEquals(x.get(n, order[k]), out.get("best").get(n, k));
                assertEquals(order[k], out.get("place").get(n, k));
            }
        }
    }
}
