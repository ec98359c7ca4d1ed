package dev.kiln.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.train.HealthReport.Activation;
import dev.kiln.cli.train.HealthReport.Weight;
import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HealthTest {
    private static final Options PLAIN = Options.defaults().width(Width.W128).threads(1).warm(Warm.NEVER);
    private static final Compiler COMPILER = Compiler.of(HealthTest.class.getClassLoader());
    /// Three rows of two numbers, and what is wanted of them.
    private static final Tensor X = Tensor.of(new float[] {1, 2, -1, 0.5f, 3, -2}, 3, 2);
    private static final Tensor T = Tensor.of(new float[] {1, 0, -1}, 3, 1);

    private static String network(String body) {
        return """
                fn through(z: f32[S..]) -> f32[S..] = z + relu(z)

                network Net {
                  in x: f32[N, 2]
                  out y = x |> %s
                }
                train Net {
                  in t: f32[N, 1]
                  loss mse(y, t)
                  optimizer SGD(lr: 0.1)
                }
                fn times(z: f32[S..], factor: float) -> f32[S..] = factor * z
                """.formatted(body);
    }

    /// A trainer, and what is found of it.
    private static HealthReport examine(String body, java.util.Map<String, float[]> weights) {
        var source = new SourceFile("net.nn", network(body));
        var program = COMPILER.check(source).checked().models().getFirst().program();
        try (Trainer trainer = COMPILER.compile(source).trainer(1, PLAIN); var check = new HealthCheck(COMPILER, program, source, PLAIN)) {
            weights.forEach((name, values) -> trainer.weights().set(name, Tensor.of(values, trainer.weights().get(name).shape())));
            return check.examine(trainer, X, T);
        }
    }

    @Test
    void normsOfALinearNetworkAreThoseComputedByHand() {
        HealthReport report = examine("Dense(1)", java.util.Map.of("y.dense_1.W", new float[] {2, 1}, "y.dense_1.b", new float[] {0.5f}));
        // y = 2 x1 + x2 + 0.5 = 4.5, -1, 4.5; errors 3.5, -1, 5.5; gradient 2/3 Σ e·x = 2/3 (21, -4.5), of b 2/3 · 8
        double ofW = 2 / 3.0 * Math.hypot(21, -4.5);
        assertWeight("y.dense_1.W", 2, ofW, Math.sqrt(5), 0.1 * ofW, report.weights().get(0));
        assertWeight("y.dense_1.b", 1, 16 / 3.0, 0.5, 1.6 / 3, report.weights().get(1));
        assertEquals(List.of(), report.activations());
    }

    /// The squares of these gradients are below the least float.
    @Test
    void normsAreFoundWhereSquaresVanish() {
        HealthReport report = examine("Dense(1) |> times(1e-25)", java.util.Map.of("y.dense_1.W", new float[] {2, 1}, "y.dense_1.b", new float[] {0.5f}));
        // y is nothing beside the wanted 1, 0, -1; gradient 1e-25 · 2/3 Σ -t·x = 1e-25 · 2/3 (2, -4)
        assertEquals(1e-25 * 2 / 3 * Math.hypot(2, 4), report.weights().getFirst().gradient(), 1e-29);
    }

    private static void assertWeight(String name, int size, double gradient, double norm, double update, Weight found) {
        assertEquals(name, found.name());
        assertEquals(size, found.size());
        assertEquals(gradient, found.gradient(), 1e-5 * gradient);
        assertEquals(norm, found.norm(), 1e-5 * norm);
        assertEquals(update, found.update(), 1e-4 * update);
    }

    @Test
    void deadUnitsAreCounted() {
        // the bias holds the second and the third of four units under zero for all rows
        HealthReport report = examine("Dense(4) |> relu |> Dense(1)", java.util.Map.of(
                "y.dense_1.W", new float[] {1, 1, 1, 1, 1, 1, 1, 1}, "y.dense_1.b", new float[] {0, -100, -50, 0.5f}));
        var relu = assertInstanceOf(Activation.Rectifier.class, report.activations().getFirst());
        assertEquals(2, relu.dead());
        assertEquals(4, relu.units());
        assertTrue(relu.where().startsWith("net.nn:5"), relu.where());
        assertTrue(report.complaints().stream().anyMatch(said -> said.contains("2 of 4 units are dead")), () -> report.complaints().toString());
    }

    @Test
    void saturatedValuesAreCounted() {
        // one of two units is far out for every row, the other one near zero
        HealthReport report = examine("Dense(2) |> tanh |> Dense(1)", java.util.Map.of("y.dense_1.W", new float[] {0, 0.01f, 0, 0.01f}, "y.dense_1.b", new float[] {30, 0}));
        var tanh = assertInstanceOf(Activation.Squashing.class, report.activations().getFirst());
        assertEquals(0.5, tanh.saturated(), 1e-6);
    }

    /// An activation is known by what it computes, whatever it is called.
    @ParameterizedTest
    @CsvSource({"relu,Rectifier", "gelu,Rectifier", "elu,Rectifier", "softplus,Rectifier", "sigmoid,Squashing", "tanh,Squashing", "relu6,Squashing", "hard_sigmoid,Squashing",
            "leaky_relu,", "exp,", "softmax,"})
    void activationsAreKnownByTheirShape(String name, String kind) {
        String found = examine("Dense(3) |> %s |> Dense(1)".formatted(name.equals("relu6") ? "relu(max: 1)" : name), java.util.Map.of()).activations().stream().map(a -> a.getClass().getSimpleName()).collect(Collectors.joining());
        assertEquals(kind == null ? "" : kind, found);
    }

    @Test
    void aResidualPathKeepsUnitsAlive() {
        assertEquals(List.of(), examine("Dense(2) |> through |> Dense(1)", java.util.Map.of()).activations());
    }

    @Test
    void vanishedGradientsAndLongStepsAreNamed() {
        var report = new HealthReport(List.of(
                new Weight("first", 4, 2e-9, 1, 2e-9), new Weight("middle", 4, 0, 1, 0), new Weight("wild", 1, Double.NaN, 1, 1), new Weight("last", 4, 1, 2, 1.5)), List.of());
        var said = report.complaints();
        assertEquals(4, said.size(), said::toString);
        assertTrue(said.get(0).startsWith("first: its gradient has all but vanished"), said.get(0));
        assertTrue(said.get(1).startsWith("middle gets no gradient"), said.get(1));
        assertTrue(said.get(2).startsWith("wild: its gradient is NaN"), said.get(2));
        assertTrue(said.get(3).startsWith("last moves by 75 % of its size"), said.get(3));
    }

    @Test
    void aSoundNetworkHasNoComplaints() {
        var report = new HealthReport(
                Stream.of("a", "b").map(name -> new Weight(name, 9, 0.1, 3, 0.003)).toList(), List.of(new Activation.Rectifier("net.nn:3", 1, 9), new Activation.Squashing("net.nn:4", 0.2)));
        assertEquals(List.of(), report.complaints());
        assertTrue(report.table().contains("1 of 9"), report::table);
    }
}
