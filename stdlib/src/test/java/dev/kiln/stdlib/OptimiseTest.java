package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.reference.Interpreter;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Optimisers on the loss `w²/2 · a`, whose gradient is `a·w`, against their formulas in plain numbers.
class OptimiseTest {
    private static final double W = 0.7;
    private static final double A = 1.5;

    interface Rule {
        double next(int step, double w, double g);
    }

    private static void agrees(String optimizer, Rule rule) {
        agrees(optimizer, "", rule);
    }

    private static void agrees(String optimizer, String more, Rule rule) {
        var lab = Lab.of("""
                network Net() { in x: f32[N]  param w: f32[1] init 0  out y = x * w[0] }
                train Net { loss mean(x * w[0]^2 / 2)  optimizer %s  %s }
                """.formatted(optimizer, more), 1);
        Entry train = Differentiate.of(lab.entry("train"));
        boolean counted = train.inputs().size() == 2;
        Map<String, Array> parameters = new HashMap<>(lab.parameters());
        parameters.put("w", new Array(new int[] {1}, new double[] {W}));
        Array x = new Array(new int[] {2}, new double[] {A, A});
        double w = W;
        for (int step = 1; step <= 4; step++) {
            Map<String, Array> inputs = counted ? Map.of("x", x, "step", Array.scalar(step)) : Map.of("x", x);
            parameters.putAll(Interpreter.run(train, inputs, parameters, 1, step).updates());
            w = rule.next(step, w, A * w);
            assertEquals(w, parameters.get("w").data()[0], 1e-9, optimizer + " after step " + step);
        }
    }

    @Test
    void descentIsAStepAgainstTheGradient() {
        agrees("SGD(0.1)", (_, w, g) -> w - 0.1 * g);
        agrees("SGD(0.1, weight_decay: 0.3)", (_, w, g) -> w - 0.1 * (g + 0.3 * w));
        agrees("SGD(0.1)", "clip norm 0.5", (_, w, g) -> w - 0.1 * g * Math.min(1, 0.5 / Math.abs(g)));
        agrees("SGD(0.1)", "clip value 0.2", (_, w, g) -> w - 0.1 * Math.max(-0.2, Math.min(0.2, g)));
    }

    @Test
    void momentumCollectsSteps() {
        double[] v = new double[2];
        agrees("SGD(0.1, mu: 0.9)", (_, w, g) -> w - 0.1 * (v[0] = 0.9 * v[0] + g));
        agrees("SGD(0.1, mu: 0.9, nesterov: true)", (_, w, g) -> {
            v[1] = 0.9 * v[1] + g;
            return w - 0.1 * (0.9 * v[1] + g);
        });
    }

    @Test
    void adamCorrectsItsStart() {
        double[] m = new double[4];
        agrees("Adam(lr: 0.1)", (t, w, g) -> {
            m[0] = 0.9 * m[0] + 0.1 * g;
            m[1] = 0.999 * m[1] + 0.001 * g * g;
            return w - 0.1 * (m[0] / (1 - Math.pow(0.9, t))) / (Math.sqrt(m[1] / (1 - Math.pow(0.999, t))) + 1e-8);
        });
        agrees("AdamW(lr: 0.1, weight_decay: 0.2)", (t, w, g) -> {
            m[2] = 0.9 * m[2] + 0.1 * g;
            m[3] = 0.999 * m[3] + 0.001 * g * g;
            return w - 0.1 * ((m[2] / (1 - Math.pow(0.9, t))) / (Math.sqrt(m[3] / (1 - Math.pow(0.999, t))) + 1e-8) + 0.2 * w);
        });
    }

    @Test
    void meansOfSquaresScaleTheStep() {
        double[] q = new double[2];
        agrees("RMSProp(lr: 0.1)", (_, w, g) -> {
            q[0] = 0.9 * q[0] + 0.1 * g * g;
            return w - 0.1 * g / (Math.sqrt(q[0]) + 1e-8);
        });
        agrees("Adagrad(lr: 0.1)", (_, w, g) -> {
            q[1] += g * g;
            return w - 0.1 * g / (Math.sqrt(q[1]) + 1e-8);
        });
    }

    @Test
    void aScheduleIsTheRateOfEachStep() {
        agrees("SGD(linear(peak: 0.4, steps: 3))", (t, w, g) -> w - 0.4 * (1 - Math.min(t, 3) / 3.0) * g);
        agrees("SGD(step_decay(first: 0.4, every: 2, factor: 0.5))", (t, w, g) -> w - 0.4 * (t < 2 ? 1 : t < 4 ? 0.5 : 0.25) * g);
    }

    @Test
    void whatIsFrozenStays() {
        var lab = Lab.of("""
                network Net() { in x: f32[N, 2]  hidden = Dense(3)  out y = x |> hidden |> Dense(1) }
                train Net { loss mean(y^2)  optimizer SGD(0.1)  freeze hidden.W }
                """, 1);
        var updates = lab.run("train", Map.of("x", Array.zeros(1, 2))).updates().keySet();
        assertEquals(Set.of("hidden.b", "y.dense_1.W", "y.dense_1.b"), updates);
    }
}
