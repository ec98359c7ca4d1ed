package dev.kiln.stdlib;

import dev.kiln.compiler.graph.Array;
import java.util.LinkedHashMap;
import java.util.Map;

/// LSTM and GRU as loops over rows and steps, forwards and back by hand, sharing nothing with the compiler.
/// A row takes the first `lengths[n]` steps of its sequence, in order or from the last to the first; what stands behind is not looked at and its output is zero.
final class Plain {
    private final Array x;
    private final int[] lengths;
    private final boolean reverse;
    private final Map<String, Array> weights;
    private final Array upstream;
    private final int inputs;
    private final int hidden;
    /// The output, and the gradient of `Σ upstream·output` for x and every weight.
    final Array y;
    final Map<String, Array> gradients = new LinkedHashMap<>();

    private Plain(Array x, int[] lengths, boolean reverse, Map<String, Array> weights, Array upstream) {
        this.x = x;
        this.lengths = lengths;
        this.reverse = reverse;
        this.weights = weights;
        this.upstream = upstream;
        this.inputs = x.shape()[2];
        this.hidden = upstream.shape()[2];
        this.y = Array.zeros(upstream.shape());
        gradients.put("x", Array.zeros(x.shape()));
        weights.forEach((name, w) -> gradients.put(name, Array.zeros(w.shape())));
    }

    static Plain lstm(Array x, int[] lengths, boolean reverse, Map<String, Array> weights, Array upstream, double forget) {
        var plain = new Plain(x, lengths, reverse, weights, upstream);
        for (int n = 0; n < lengths.length; n++) plain.lstmRow(n, forget);
        return plain;
    }

    static Plain gru(Array x, int[] lengths, boolean reverse, Map<String, Array> weights, Array upstream, boolean resetAfter) {
        var plain = new Plain(x, lengths, reverse, weights, upstream);
        for (int n = 0; n < lengths.length; n++) plain.gruRow(n, resetAfter);
        return plain;
    }

    private int time(int n, int step) {
        return reverse ? lengths[n] - 1 - step : step;
    }

    private static double sigmoid(double v) {
        return 1 / (1 + Math.exp(-v));
    }

    /// `out[k] += Σ_j from[j] * w[j, k]`
    private static void product(double[] out, double[] from, Array w) {
        for (int j = 0; j < from.length; j++) for (int k = 0; k < out.length; k++) out[k] += from[j] * w.get(j, k);
    }

    /// The way back of [#product]: into the weight, and into `from`.
    private void back(String weight, double[] from, double[] out, double[] intoFrom) {
        Array w = weights.get(weight);
        Array dw = gradients.get(weight);
        for (int j = 0; j < from.length; j++)
            for (int k = 0; k < out.length; k++) {
                dw.data()[dw.offset(j, k)] += from[j] * out[k];
                intoFrom[j] += w.get(j, k) * out[k];
            }
    }

    private void bias(String weight, double[] out) {
        for (int k = 0; k < out.length; k++) gradients.get(weight).data()[k] += out[k];
    }

    private double[] element(int n, int t) {
        double[] e = new double[inputs];
        for (int i = 0; i < inputs; i++) e[i] = x.get(n, t, i);
        return e;
    }

    private void into(int n, int t, double[] dx) {
        for (int i = 0; i < inputs; i++) gradients.get("x").data()[x.offset(n, t, i)] += dx[i];
    }

    private void lstmRow(int n, double forget) {
        int steps = lengths[n];
        double[][] h = new double[steps + 1][hidden];
        double[][] c = new double[steps + 1][hidden];
        double[][] gates = new double[steps][];
        for (int s = 0; s < steps; s++) {
            double[] z = weights.get("b").data().clone();
            product(z, element(n, time(n, s)), weights.get("W"));
            product(z, h[s], weights.get("U"));
            gates[s] = z;
            for (int k = 0; k < hidden; k++) {
                z[k] = sigmoid(z[k]);
                z[hidden + k] = sigmoid(z[hidden + k] + forget);
                z[2 * hidden + k] = sigmoid(z[2 * hidden + k]);
                z[3 * hidden + k] = Math.tanh(z[3 * hidden + k]);
                c[s + 1][k] = z[hidden + k] * c[s][k] + z[k] * z[3 * hidden + k];
                h[s + 1][k] = z[2 * hidden + k] * Math.tanh(c[s + 1][k]);
                y.data()[y.offset(n, time(n, s), k)] = h[s + 1][k];
            }
        }
        double[] dh = new double[hidden];
        double[] dc = new double[hidden];
        for (int s = steps - 1; s >= 0; s--) {
            double[] g = gates[s];
            double[] dz = new double[4 * hidden];
            for (int k = 0; k < hidden; k++) {
                double d = dh[k] + upstream.get(n, time(n, s), k);
                double squashed = Math.tanh(c[s + 1][k]);
                double cell = dc[k] + d * g[2 * hidden + k] * (1 - squashed * squashed);
                dz[k] = cell * g[3 * hidden + k] * g[k] * (1 - g[k]);
                dz[hidden + k] = cell * c[s][k] * g[hidden + k] * (1 - g[hidden + k]);
                dz[2 * hidden + k] = d * squashed * g[2 * hidden + k] * (1 - g[2 * hidden + k]);
                dz[3 * hidden + k] = cell * g[k] * (1 - g[3 * hidden + k] * g[3 * hidden + k]);
                dc[k] = cell * g[hidden + k];
            }
            dh = new double[hidden];
            double[] dx = new double[inputs];
            back("W", element(n, time(n, s)), dz, dx);
            back("U", h[s], dz, dh);
            bias("b", dz);
            into(n, time(n, s), dx);
        }
    }

    private void gruRow(int n, boolean resetAfter) {
        int steps = lengths[n];
        double[][] h = new double[steps + 1][hidden];
        double[][] gates = new double[steps][];
        double[][] fresh = new double[steps][];
        double[][] heard = new double[steps][];
        for (int s = 0; s < steps; s++) {
            double[] e = element(n, time(n, s));
            double[] g = weights.get("b").data().clone();
            product(g, e, weights.get("W"));
            product(g, h[s], weights.get("U"));
            for (int k = 0; k < 2 * hidden; k++) g[k] = sigmoid(g[k]);
            double[] u = weights.get("a").data().clone();
            product(u, e, weights.get("V"));
            double[] past = resetAfter ? weights.get("d").data().clone() : new double[hidden];
            double[] read = h[s].clone();
            if (!resetAfter) for (int k = 0; k < hidden; k++) read[k] *= g[k];
            product(past, read, weights.get("R"));
            for (int k = 0; k < hidden; k++) {
                u[k] = Math.tanh(u[k] + (resetAfter ? g[k] : 1) * past[k]);
                h[s + 1][k] = (1 - g[hidden + k]) * h[s][k] + g[hidden + k] * u[k];
                y.data()[y.offset(n, time(n, s), k)] = h[s + 1][k];
            }
            gates[s] = g;
            fresh[s] = u;
            heard[s] = past;
        }
        double[] dh = new double[hidden];
        for (int s = steps - 1; s >= 0; s--) {
            double[] e = element(n, time(n, s));
            double[] g = gates[s];
            double[] dg = new double[2 * hidden];
            double[] du = new double[hidden];
            double[] before = new double[hidden];
            for (int k = 0; k < hidden; k++) {
                double d = dh[k] + upstream.get(n, time(n, s), k);
                du[k] = d * g[hidden + k] * (1 - fresh[s][k] * fresh[s][k]);
                dg[hidden + k] = d * (fresh[s][k] - h[s][k]) * g[hidden + k] * (1 - g[hidden + k]);
                before[k] = d * (1 - g[hidden + k]);
            }
            double[] dx = new double[inputs];
            back("V", e, du, dx);
            bias("a", du);
            if (resetAfter) {
                double[] scaled = new double[hidden];
                for (int k = 0; k < hidden; k++) {
                    dg[k] = du[k] * heard[s][k] * g[k] * (1 - g[k]);
                    scaled[k] = du[k] * g[k];
                }
                back("R", h[s], scaled, before);
                bias("d", scaled);
            } else {
                double[] read = new double[hidden];
                double[] dread = new double[hidden];
                for (int k = 0; k < hidden; k++) read[k] = g[k] * h[s][k];
                back("R", read, du, dread);
                for (int k = 0; k < hidden; k++) {
                    dg[k] = dread[k] * h[s][k] * g[k] * (1 - g[k]);
                    before[k] += dread[k] * g[k];
                }
            }
            back("W", e, dg, dx);
            back("U", h[s], dg, before);
            bias("b", dg);
            into(n, time(n, s), dx);
            dh = before;
        }
    }
}
