package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import dev.kiln.testkit.Close;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Ragged axes: nothing depends on padding, whatever stands in it, and each row is what it would be alone.
class RaggedTest {
    private static final int[] LENGTHS = {4, 0, 6, 1};
    private static final int TIME = 6;
    private static final int INPUTS = 5;

    /// Values in [-1, 1] with `padding` behind each row's end.
    private static Array sequence(double padding) {
        Array x = Lab.drawn(new Random(3), -1, 1, LENGTHS.length, TIME, INPUTS);
        for (int n = 0; n < LENGTHS.length; n++) for (int t = LENGTHS[n]; t < TIME; t++) for (int e = 0; e < INPUTS; e++) x.data()[x.offset(n, t, e)] = padding;
        return x;
    }

    private static Array lengths() {
        return new Array(new int[] {LENGTHS.length}, Arrays.stream(LENGTHS).asDoubleStream().toArray());
    }

    private static Map<String, Array> outputs(Lab lab, double padding) {
        return lab.run("predict", Map.of("x", sequence(padding), "len", lengths())).outputs();
    }

    private static Lab net(String body) {
        return Lab.of("network Net() { in x: f32[N, T~len, 5] " + body + " }", 8);
    }

    private static Map<String, Array> weights(Lab lab) {
        var weights = new LinkedHashMap<String, Array>();
        lab.parameters().forEach((name, value) -> weights.put(name.substring(name.lastIndexOf('.') + 1), value));
        return weights;
    }

    @ParameterizedTest
    @CsvSource({"false", "true"})
    void recurrentCellsStopAtTheLength(boolean reverse) {
        String step = reverse ? "x |> reverse |> scan(%s) |> reverse" : "x |> scan(%s)";
        Array upstream = Array.zeros(LENGTHS.length, TIME, 3);
        var lstm = net("out y = " + step.formatted("LSTM(3)"));
        Close.assertClose("lstm", Plain.lstm(sequence(0), LENGTHS, reverse, weights(lstm), upstream, 1).y, outputs(lstm, Double.NaN).get("y"));
        var gru = net("out y = " + step.formatted("GRU(3)"));
        Close.assertClose("gru", Plain.gru(sequence(0), LENGTHS, reverse, weights(gru), upstream, false).y, outputs(gru, Double.NaN).get("y"));
    }

    @Test
    void theLastStateIsThatOfTheLastRealStep() {
        var lab = net("unit = LSTM(3) out y = x |> scan(unit) last = x |> fold(unit) out h = last.h");
        var out = outputs(lab, 1e9);
        for (int n = 0; n < LENGTHS.length; n++)
            for (int k = 0; k < 3; k++) assertEquals(LENGTHS[n] == 0 ? 0 : out.get("y").get(n, LENGTHS[n] - 1, k), out.get("h").get(n, k), 1e-12);
    }

    @Test
    void eachRowIsTurnedRoundForItself() {
        Array y = outputs(net("out y = x |> reverse"), Double.NaN).get("y");
        Array x = sequence(0);
        for (int n = 0; n < LENGTHS.length; n++)
            for (int t = 0; t < TIME; t++)
                for (int e = 0; e < INPUTS; e++) assertEquals(t < LENGTHS[n] ? x.get(n, LENGTHS[n] - 1 - t, e) : 0, y.get(n, t, e));
    }

    @Test
    void reductionsStopAtTheLength() {
        var out = outputs(net("""
                s[n, e] = sum(x[n, t, e] over t)
                m[n, e] = mean(x[n, t, e] over t)
                top[n, e] = max(x[n, t, e] over t)
                low[n] = min(x[n, t, e] over t, e)
                at[n] = argmax(x[n, t, 0] over t)
                spread[e] = var(x[n, t, e] over n, t)
                column[t] = sum(x[n, t, e] over n, e)
                weight[n, t] = softmax(x[n, t, 0] over t)
                context[n, e] = sum(weight[n, t] * x[n, t, e] over t)
                out s out m out top out low out at out spread out column out weight out context
                out all = mean(x)
                out square = sum(x * x)
                """), Double.NaN);
        Array x = sequence(0);
        int real = Arrays.stream(LENGTHS).sum();
        double all = 0;
        double square = 0;
        double[] column = new double[TIME];
        for (int n = 0; n < LENGTHS.length; n++) {
            double low = Double.POSITIVE_INFINITY;
            double mass = 0;
            int best = 0;
            for (int t = 0; t < LENGTHS[n]; t++) {
                mass += Math.exp(x.get(n, t, 0));
                if (x.get(n, t, 0) > x.get(n, best, 0)) best = t;
            }
            if (LENGTHS[n] > 0) assertEquals(best, out.get("at").get(n));
            for (int e = 0; e < INPUTS; e++) {
                double sum = 0;
                double top = Double.NEGATIVE_INFINITY;
                double context = 0;
                for (int t = 0; t < LENGTHS[n]; t++) {
                    double v = x.get(n, t, e);
                    sum += v;
                    top = Math.max(top, v);
                    low = Math.min(low, v);
                    column[t] += v;
                    square += v * v;
                    context += Math.exp(x.get(n, t, 0)) / mass * v;
                }
                all += sum;
                assertEquals(sum, out.get("s").get(n, e), 1e-12);
                assertEquals(LENGTHS[n] == 0 ? 0 : sum / LENGTHS[n], out.get("m").get(n, e), 1e-12);
                assertEquals(LENGTHS[n] == 0 ? 0 : top, out.get("top").get(n, e), 1e-12);
                assertEquals(context, out.get("context").get(n, e), 1e-12);
            }
            assertEquals(LENGTHS[n] == 0 ? 0 : low, out.get("low").get(n), 1e-12);
            for (int t = 0; t < TIME; t++) assertEquals(t < LENGTHS[n] ? Math.exp(x.get(n, t, 0)) / mass : 0, out.get("weight").get(n, t), 1e-12);
        }
        assertEquals(all / real / INPUTS, out.get("all").get(), 1e-12);
        assertEquals(square, out.get("square").get(), 1e-12);
        assertArrayEquals(column, out.get("column").data(), 1e-12);
        for (int e = 0; e < INPUTS; e++) {
            double mean = 0;
            double spread = 0;
            for (int n = 0; n < LENGTHS.length; n++) for (int t = 0; t < LENGTHS[n]; t++) mean += x.get(n, t, e) / real;
            for (int n = 0; n < LENGTHS.length; n++) for (int t = 0; t < LENGTHS[n]; t++) spread += Math.pow(x.get(n, t, e) - mean, 2) / real;
            assertEquals(spread, out.get("spread").get(e), 1e-12);
        }
    }

    @Test
    void aWindowSeesOutsideBehindTheEnd() {
        Array y = outputs(net("h = x + 1 y[n, t < T, e] = sum(h[n, t + u, e else 0] over u < 2) out y"), Double.NaN).get("y");
        Array x = sequence(0);
        for (int n = 0; n < LENGTHS.length; n++)
            for (int t = 0; t < LENGTHS[n]; t++)
                for (int e = 0; e < INPUTS; e++) assertEquals(x.get(n, t, e) + 1 + (t + 1 < LENGTHS[n] ? x.get(n, t + 1, e) + 1 : 0), y.get(n, t, e), 1e-12);
    }

    @Test
    void aStepIsAddedAtEitherEndOfEachRow() {
        var out = outputs(net("out a = x |> prepend(7) b = x |> append(9) out b s[n] = sum(b[n, t, e] over t, e) out s"), Double.NaN);
        Array x = sequence(0);
        for (int n = 0; n < LENGTHS.length; n++) {
            double sum = 0;
            for (int t = 0; t <= TIME; t++)
                for (int e = 0; e < INPUTS; e++) {
                    boolean real = t <= LENGTHS[n];
                    assertEquals(!real ? 0 : t == 0 ? 7 : x.get(n, t - 1, e), out.get("a").get(n, t, e));
                    double b = !real ? 0 : t == LENGTHS[n] ? 9 : x.get(n, t, e);
                    assertEquals(b, out.get("b").get(n, t, e));
                    sum += b;
                }
            assertEquals(sum, out.get("s").get(n), 1e-12);
        }
        var full = Lab.of("network Net() { in x: f32[N, T, 2] out y = x |> append(9) |> prepend(mean(x) * fill(1, N, 2)) }", 1);
        Array y = full.predict(new Array(new int[] {1, 2, 2}, new double[] {1, 2, 3, 4}));
        assertArrayEquals(new double[] {2.5, 2.5, 1, 2, 3, 4, 9, 9}, y.data(), 1e-12);
    }

    /// The loss and every gradient are the same for any padding, NaN included, and the gradient of padding is exactly zero.
    @ParameterizedTest
    @ValueSource(strings = {
        "h = k |> Dense(3) |> tanh", "h = k |> scan(RNN(3))", "h = k |> Bidirectional(LSTM(2), GRU(1))",
        "w = k |> Dense(1) a[n, t] = softmax(w[n, t, 0] over t) c[n, e] = sum(a[n, t] * k[n, t, e] over t) h[n, t < T, e] = c[n, e] * k[n, t, e]"})
    void paddingHasNoInfluence(String body) {
        var lab = Lab.of("""
                network Net() { in x: f32[N, T~len, 5] param scale: f32[5] init 1 k = x * scale %s out h }
                train Net { loss mean(h^2) + mean(sin(h)) optimizer SGD(0.1) }
                """.formatted(body), 8);
        Map<String, Array> first = moved(lab, 0);
        for (double padding : new double[] {Double.NaN, 1e30, -3}) {
            Map<String, Array> other = moved(lab, padding);
            first.forEach((name, value) -> assertArrayEquals(value.data(), other.get(name).data(), name));
        }
        first.values().forEach(v -> assertTrue(Arrays.stream(v.data()).allMatch(Double::isFinite)));
    }

    private static Map<String, Array> moved(Lab lab, double padding) {
        var run = lab.run("train", Map.of("x", sequence(padding), "len", lengths()));
        var all = new HashMap<>(run.updates());
        all.put("loss", Array.scalar(run.scalar("loss")));
        return all;
    }
}
