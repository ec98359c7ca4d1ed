package dev.kiln.cli.train;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.train.RateSearch.Point;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.study.Pace;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RateSearchTest {
    private static final Options PLAIN = Options.defaults().width(Width.W128).threads(1).warm(Warm.NEVER);
    private static final Compiler COMPILER = Compiler.of(RateSearchTest.class.getClassLoader());

    private static SourceFile network(String optimizer) {
        return new SourceFile("net.nn", """
                network Net {
                  in x: f32[N, 2]
                  out y = x |> Dense(3) |> tanh |> Dense(1)
                }
                train Net {
                  in t: f32[N, 1]
                  loss mse(y, t)
                  optimizer %s
                }
                """.formatted(optimizer));
    }

    /// Ten times the pace of a rate is ten times the rate.
    @ParameterizedTest
    @ValueSource(strings = {"SGD(lr: %s)", "SGD(lr: %s, mu: 0.9)", "RMSProp(lr: %s)", "Adam(lr: %s)", "AdamW(lr: %s)"})
    void paceTimesRateIsTheRate(String optimizer) {
        var slow = network(optimizer.formatted("0.01"));
        var x = Tensor.of(new float[] {1, 2, -1, 0.5f, 3, -2}, 3, 2);
        var t = Tensor.of(new float[] {1, 0, -1}, 3, 1);
        try (Trainer paced = COMPILER.compile(Pace.of(COMPILER.check(slow).checked().models().getFirst().program()), slow).trainer(1, PLAIN);
                Trainer fast = COMPILER.compile(network(optimizer.formatted("0.1"))).trainer(1, PLAIN)) {
            for (int i = 0; i < 5; i++) {
                paced.step(x, t, Tensor.of(new float[] {10}));
                fast.step(x, t);
            }
            for (var parameter : fast.weights().parameters()) {
                assertArrayEquals(fast.weights().get(parameter.name()).floats(), paced.weights().get(parameter.name()).floats(), 1e-4f, parameter.name());
            }
        }
    }

    private static RateSearch falling(int from, int until, int steps) {
        return new RateSearch(IntStream.range(0, steps).mapToObj(i -> new Point(Math.pow(10, (i - 50) / 20.0), i < from ? 2 : i < until ? 2 - (i - from) / (double) (until - from) : 1 + (i - until) * 0.2)).toList(), false);
    }

    @Test
    void theSteepestFallIsNamedAndTheTurn() {
        String text = falling(40, 60, 80).text();
        assertTrue(text.contains("is least at 3.16 times and rises beyond"), text);
        assertTrue(text.contains("falls fastest"), text);
    }

    @Test
    void aLossThatNeverFallsIsSaid() {
        String text = new RateSearch(IntStream.range(0, 30).mapToObj(i -> new Point(i + 1, 1 + i)).toList(), false).text();
        assertTrue(text.contains("did not fall at any rate"), text);
    }

    @Test
    void aFirstLossThatIsNoNumberIsSaid() {
        assertTrue(new RateSearch(List.of(), false).text().startsWith("the very first loss"));
    }

    @Test
    void whoStopsIsToldHowFarItCame() {
        assertEquals("stopped before the first step: nothing is known of any rate\n", new RateSearch(List.of(), true).text());
        String text = new RateSearch(List.of(new Point(0.001, 2)), true).text();
        assertTrue(text.contains("stopped after 1 of 120 rates"), text);
    }
}
