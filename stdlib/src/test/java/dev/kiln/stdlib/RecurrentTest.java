package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Recurrent cells against loops written by hand.
class RecurrentTest {
    private static final int ROWS = 3;
    private static final int INPUTS = 5;

    /// The weights by their last names.
    private static Map<String, Array> weights(Lab lab) {
        var weights = new LinkedHashMap<String, Array>();
        lab.parameters().forEach((name, value) -> weights.put(name.substring(name.lastIndexOf('.') + 1), value));
        return weights;
    }

    private static String network(String cell, boolean reverse) {
        return "network Net() { in x: f32[N, T, %d]  out y = x %s|> scan(%s)%s }".formatted(INPUTS, reverse ? "|> reverse " : "", cell, reverse ? " |> reverse" : "");
    }

    private static int[] whole(int time) {
        int[] lengths = new int[ROWS];
        Arrays.fill(lengths, time);
        return lengths;
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false, 1", "2, 3, false, 1", "7, 4, true, 0", "13, 17, true, 0.5", "16, 2, false, 1"})
    void lstm(int time, int hidden, boolean reverse, double forget) {
        var lab = Lab.of(network("LSTM(%d, forget: %s)".formatted(hidden, forget), reverse), 4);
        Array x = Lab.drawn(new Random(time), -1, 1, ROWS, time, INPUTS);
        var plain = Plain.lstm(x, whole(time), reverse, weights(lab), Array.zeros(ROWS, time, hidden), forget);
        Close.assertClose("lstm", plain.y, lab.predict(x));
    }

    @ParameterizedTest
    @CsvSource({"1, 1, false, false", "2, 3, false, true", "7, 4, true, false", "13, 17, true, true"})
    void gru(int time, int hidden, boolean reverse, boolean resetAfter) {
        var lab = Lab.of(network("GRU(%d, reset_after: %s)".formatted(hidden, resetAfter), reverse), 4);
        Array x = Lab.drawn(new Random(time), -1, 1, ROWS, time, INPUTS);
        var plain = Plain.gru(x, whole(time), reverse, weights(lab), Array.zeros(ROWS, time, hidden), resetAfter);
        Close.assertClose("gru", plain.y, lab.predict(x));
    }

    /// Every gradient of `Σ upstream·y`, by the loops and by the compiler, on ragged rows and in both directions.
    @ParameterizedTest
    @CsvSource({"LSTM, false", "LSTM, true", "GRU, false", "GRU, true", "GRU after, false", "GRU after, true"})
    void everyGradient(String cell, boolean reverse) {
        int time = 7;
        int hidden = 4;
        int[] lengths = {7, 0, 3};
        boolean after = cell.endsWith("after");
        String made = cell.startsWith("LSTM") ? "LSTM(4)" : "GRU(4, reset_after: %s)".formatted(after);
        var lab = Lab.of("""
                network Net() {
                  in x: f32[N, T~len, 5]
                  out y = x %s|> scan(%s)%s
                }
                train Net { in r: f32[N, T~len, 4]  loss sum(r * y)  optimizer SGD(1) }
                """.formatted(reverse ? "|> reverse " : "", made, reverse ? " |> reverse" : ""), 4);
        Array x = Lab.drawn(new Random(5), -1, 1, ROWS, time, INPUTS);
        Array upstream = Lab.drawn(new Random(6), -1, 1, ROWS, time, hidden);
        var plain = cell.startsWith("LSTM") ? Plain.lstm(x, lengths, reverse, weights(lab), upstream, 1) : Plain.gru(x, lengths, reverse, weights(lab), upstream, after);
        var run = lab.run("train", Map.of("x", x, "r", upstream, "len", new Array(new int[] {ROWS}, new double[] {7, 0, 3})));
        weights(lab).forEach((name, before) -> {
            Array now = run.updates().entrySet().stream().filter(e -> e.getKey().endsWith("." + name)).findFirst().orElseThrow().getValue();
            for (int i = 0; i < now.data().length; i++) assertEquals(plain.gradients.get(name).data()[i], before.data()[i] - now.data()[i], 1e-10, name + " " + i);
        });
    }

    @Test
    void rnn() {
        var lab = Lab.of(network("RNN(2, act: softsign)", false), 4);
        var w = weights(lab);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 4, INPUTS);
        Array y = lab.predict(x);
        for (int n = 0; n < ROWS; n++) {
            double[] h = new double[2];
            for (int t = 0; t < 4; t++) {
                double[] z = w.get("b").data().clone();
                for (int k = 0; k < 2; k++) {
                    for (int e = 0; e < INPUTS; e++) z[k] += x.get(n, t, e) * w.get("W").get(e, k);
                    for (int j = 0; j < 2; j++) z[k] += h[j] * w.get("U").get(j, k);
                }
                for (int k = 0; k < 2; k++) {
                    h[k] = z[k] / (1 + Math.abs(z[k]));
                    assertEquals(h[k], y.get(n, t, k), 1e-12);
                }
            }
        }
    }

    @Test
    void peepholesSeeTheCell() {
        var lab = Lab.of(network("LSTM(1, forget: 0, peepholes: true)", false), 4);
        var w = weights(lab);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 6, INPUTS);
        Array y = lab.predict(x);
        for (int n = 0; n < ROWS; n++) {
            double h = 0;
            double c = 0;
            for (int t = 0; t < 6; t++) {
                double[] z = w.get("b").data().clone();
                for (int k = 0; k < 4; k++) {
                    for (int e = 0; e < INPUTS; e++) z[k] += x.get(n, t, e) * w.get("W").get(e, k);
                    z[k] += h * w.get("U").get(0, k);
                }
                double before = c;
                c = sigmoid(z[1] + w.get("p_f").get(0) * before) * before + sigmoid(z[0] + w.get("p_i").get(0) * before) * Math.tanh(z[3]);
                h = sigmoid(z[2] + w.get("p_o").get(0) * c) * Math.tanh(c);
                assertEquals(h, y.get(n, t, 0), 1e-12);
            }
        }
    }

    /// A block of one cell is an LSTM whose gates stand i, f, o, g.
    @Test
    void cellsOfABlockShareTheirGates() {
        var lab = Lab.of(network("BlockLSTM(1, 3)", false), 4);
        var w = weights(lab);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 5, INPUTS);
        Array y = lab.predict(x);
        for (int n = 0; n < ROWS; n++) {
            double[] h = new double[3];
            double[] c = new double[3];
            for (int t = 0; t < 5; t++) {
                double[] z = w.get("b").data().clone();
                for (int k = 0; k < 6; k++) {
                    for (int e = 0; e < INPUTS; e++) z[k] += x.get(n, t, e) * w.get("W").get(e, k);
                    for (int j = 0; j < 3; j++) z[k] += h[j] * w.get("U").get(j, k);
                }
                for (int s = 0; s < 3; s++) {
                    c[s] = sigmoid(z[1] + 1) * c[s] + sigmoid(z[0]) * Math.tanh(z[3 + s]);
                    h[s] = sigmoid(z[2]) * Math.tanh(c[s]);
                    assertEquals(h[s], y.get(n, t, s), 1e-12);
                }
            }
        }
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    @Test
    void aStackIsScansOneAboveTheOther() {
        var stack = Lab.of(network("Stacked(GRU(4), 2)", false), 4);
        var tower = Lab.of("network Net() { in x: f32[N, T, 5]  h = x |> scan(GRU(4))  out y = h |> scan(GRU(4)) }", 4);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 5, INPUTS);
        Close.assertClose("stack", tower.predict(x), stack.predict(x));
    }

    @Test
    void bothDirectionsSideBySide() {
        var both = Lab.of("network Net() { in x: f32[N, T, 5]  out y = x |> Bidirectional(LSTM(2), GRU(3)) }", 4);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 7, INPUTS);
        var ahead = new LinkedHashMap<String, Array>();
        var back = new LinkedHashMap<String, Array>();
        both.parameters().forEach((name, value) -> (name.contains("lstm") ? ahead : back).put(name.substring(name.lastIndexOf('.') + 1), value));
        Array forwards = Plain.lstm(x, whole(7), false, ahead, Array.zeros(ROWS, 7, 2), 1).y;
        Array backwards = Plain.gru(x, whole(7), true, back, Array.zeros(ROWS, 7, 3), false).y;
        Array y = both.predict(x);
        for (int n = 0; n < ROWS; n++)
            for (int t = 0; t < 7; t++)
                for (int k = 0; k < 5; k++) assertEquals(k < 2 ? forwards.get(n, t, k) : backwards.get(n, t, k - 2), y.get(n, t, k), 1e-12);
    }

    /// The gate of a layer onto each layer's past is one number; the loops below are the formula of the paper.
    @Test
    void gatedFeedbackHearsEveryLayer() {
        int hidden = 3;
        int depth = 2;
        var lab = Lab.of(network("GatedFeedback(3, 2)", false), 4);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 4, INPUTS);
        Array y = lab.predict(x);
        for (int n = 0; n < ROWS; n++) {
            double[][] past = new double[depth][hidden];
            for (int t = 0; t < 4; t++) {
                double[][] now = new double[depth][];
                double[] below = new double[INPUTS];
                for (int e = 0; e < INPUTS; e++) below[e] = x.get(n, t, e);
                for (int j = 0; j < depth; j++) {
                    double[] gate = new double[depth];
                    for (int i = 0; i < depth; i++) {
                        for (int e = 0; e < below.length; e++) gate[i] += below[e] * lab.parameter("gate.dense_%d.W".formatted(2 * j + 1)).get(e, i);
                        for (int e = 0; e < depth * hidden; e++) gate[i] += past[e / hidden][e % hidden] * lab.parameter("gate.dense_%d.W".formatted(2 * j + 2)).get(e, i);
                        gate[i] = sigmoid(gate[i]);
                    }
                    double[] z = lab.parameter("below.dense_%d.b".formatted(j + 1)).data().clone();
                    for (int k = 0; k < hidden; k++) {
                        for (int e = 0; e < below.length; e++) z[k] += below[e] * lab.parameter("below.dense_%d.W".formatted(j + 1)).get(e, k);
                        for (int i = 0; i < depth; i++) for (int l = 0; l < hidden; l++) z[k] += gate[i] * past[i][l] * lab.parameter("U_%d".formatted(j + 1)).get(i, l, k);
                        z[k] = Math.tanh(z[k]);
                    }
                    now[j] = z;
                    below = z;
                }
                past = now;
                for (int k = 0; k < hidden; k++) assertEquals(below[k], y.get(n, t, k), 1e-12);
            }
        }
    }

    /// With one layer and its gate held at one half, gated feedback units are LSTM and GRU whose recurrent content is halved.
    @ParameterizedTest
    @CsvSource({"GatedFeedbackLSTM", "GatedFeedbackGRU"})
    void gatedFeedbackHasOtherUnits(String cell) {
        boolean lstm = cell.endsWith("LSTM");
        int hidden = 3;
        var lab = Lab.of(network(cell + "(3, 1)", false), 4);
        lab.parameters().forEach((name, value) -> {
            if (name.contains("gate.")) Arrays.fill(value.data(), 0);
        });
        int gates = lstm ? 3 : 2;
        String first = lstm ? "i" : "r";
        String content = lstm ? "new" : "below";
        Array wide = Array.zeros(INPUTS, gates * hidden);
        Array x = Lab.drawn(new Random(1), -1, 1, ROWS, 6, INPUTS);
        Map<String, Array> w = new LinkedHashMap<>();
        Array recurrent = lab.parameter("U_1");
        Array half = Array.zeros(hidden, hidden);
        for (int i = 0; i < half.data().length; i++) half.data()[i] = recurrent.data()[i] / 2;
        Array gateX = lab.parameter(first + ".dense_1.W");
        Array gateH = lab.parameter(first + ".dense_2.W");
        Array gateB = lab.parameter(first + ".dense_1.b");
        Array contentX = lab.parameter(content + ".dense_1.W");
        Array contentB = lab.parameter(content + ".dense_1.b");
        assertEquals(wide.data().length, gateX.data().length);
        Plain plain;
        if (lstm) {
            w.put("W", beside(gateX, contentX));
            w.put("U", beside(gateH, half));
            w.put("b", new Array(new int[] {4 * hidden}, beside(row(gateB), row(contentB)).data()));
            plain = Plain.lstm(x, whole(6), false, w, Array.zeros(ROWS, 6, hidden), 1);
        } else {
            w.putAll(Map.of("W", gateX, "U", gateH, "b", gateB, "V", contentX, "R", half, "a", contentB, "d", Array.zeros(hidden)));
            plain = Plain.gru(x, whole(6), false, w, Array.zeros(ROWS, 6, hidden), true);
        }
        Close.assertClose(cell, plain.y, lab.predict(x));
    }

    private static Array row(Array v) {
        return new Array(new int[] {1, v.data().length}, v.data());
    }

    private static Array beside(Array a, Array b) {
        int rows = a.shape()[0];
        Array joined = Array.zeros(rows, a.shape()[1] + b.shape()[1]);
        for (int i = 0; i < rows; i++) {
            System.arraycopy(a.data(), i * a.shape()[1], joined.data(), i * joined.shape()[1], a.shape()[1]);
            System.arraycopy(b.data(), i * b.shape()[1], joined.data(), i * joined.shape()[1] + a.shape()[1], b.shape()[1]);
        }
        return joined;
    }

    @Test
    void oneMaskForAWholeSequence() {
        String text = """
                network Net() {
                  in x: f32[N, T, 5]
                  out keep = x |> SequenceMask(0.25, 8)
                  out y = x |> scan(LSTM(8)(keep_h: keep))
                }
                """;
        var lab = Lab.of(text, 4);
        Array x = Lab.drawn(new Random(1), -1, 1, 50, 2, INPUTS);
        double[] keep = lab.run("sample", Map.of("x", x)).outputs().get("keep").data();
        assertEquals(0.25, Arrays.stream(keep).filter(v -> v == 0).count() / 400.0, 0.06);
        assertEquals(4 / 3.0, Arrays.stream(keep).max().orElseThrow(), 1e-12);
        assertEquals(1, Arrays.stream(lab.run("predict", Map.of("x", x)).outputs().get("keep").data()).min().orElseThrow());
    }
}
