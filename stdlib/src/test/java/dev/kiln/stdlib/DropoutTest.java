package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Array;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// What is dropped, how what stays is scaled, and that a prediction drops nothing.
class DropoutTest {
    private static final Array X = Lab.drawn(new Random(3), 0.5, 1.5, 40, 25);

    private static Array sample(Lab lab, Array x) {
        return lab.run("sample", Map.of("x", x)).outputs().get("y");
    }

    @ParameterizedTest
    @CsvSource({"Dropout(0.3), 0.3, 1.4285714285714286", "ClassicDropout(0.3), 0.3, 1", "Dropout(0), 0, 1"})
    void elementsAreDroppedOnTheirOwn(String layer, double rate, double scale) {
        Array y = sample(Lab.of("network Net() { in x: f32[N, 25]  out y = x |> %s }".formatted(layer), 1), X);
        int dropped = 0;
        for (int i = 0; i < 1000; i++) {
            boolean zero = y.data()[i] == 0;
            if (!zero) assertEquals(X.data()[i] * scale, y.data()[i], 1e-9);
            dropped += zero ? 1 : 0;
        }
        assertEquals(1000 * rate, dropped, 4 * Math.sqrt(1000 * rate * (1 - rate)));
    }

    @Test
    void aPredictionDropsNothing() {
        assertArrayEquals(X.data(), Lab.of("network Net() { in x: f32[N, 25]  out y = x |> Dropout(0.3) }", 1).predict(X).data());
        Array classic = Lab.of("network Net() { in x: f32[N, 25]  out y = x |> ClassicDropout(0.3) }", 1).predict(X);
        for (int i = 0; i < 1000; i++) assertEquals(0.7 * X.data()[i], classic.data()[i], 1e-9);
    }

    /// One mask on the matrix: with units for inputs the output of a row is its masked weights, and every row sees the same.
    @Test
    void dropConnectDropsWeights() {
        var lab = Lab.of("network Net() { in x: f32[N, 6]  out y = x |> DropConnect(50, rate: 0.4) }", 1);
        double[] unit = new double[72];
        for (int n = 0; n < 12; n++) unit[6 * n + n % 6] = 1;
        Array y = sample(lab, new Array(new int[] {12, 6}, unit));
        Array plain = lab.predict(new Array(new int[] {12, 6}, unit));
        int dropped = 0;
        for (int n = 0; n < 6; n++)
            for (int u = 0; u < 50; u++) {
                double bias = lab.parameter("b").get(u);
                double weight = lab.parameter("W").get(n, u);
                double seen = y.get(n, u) - bias;
                assertEquals(weight, plain.get(n, u) - bias, 1e-12);
                assertTrue(Math.abs(seen) < 1e-12 || Math.abs(seen - weight / 0.6) < 1e-9);
                assertEquals(y.get(n, u), y.get(n + 6, u), 1e-12);
                dropped += Math.abs(seen) < 1e-12 ? 1 : 0;
            }
        assertEquals(120, dropped, 4 * Math.sqrt(300 * 0.24));
    }

    @Test
    void channelsAreDroppedWhole() {
        var lab = Lab.of("network Net() { in x: f32[N, 10, 5]  out y = x |> ChannelDropout(0.25) }", 1);
        Array x = Lab.drawn(new Random(4), 0.5, 1.5, 20, 10, 5);
        Array y = sample(lab, x);
        assertArrayEquals(x.data(), lab.predict(x).data());
        int dropped = 0;
        for (int n = 0; n < 20; n++)
            for (int c = 0; c < 10; c++) {
                boolean zero = y.get(n, c, 0) == 0;
                for (int s = 0; s < 5; s++) assertEquals(zero ? 0 : x.get(n, c, s) / 0.75, y.get(n, c, s), 1e-9);
                dropped += zero ? 1 : 0;
            }
        assertEquals(50, dropped, 4 * Math.sqrt(200 * 0.25 * 0.75));
    }
}
