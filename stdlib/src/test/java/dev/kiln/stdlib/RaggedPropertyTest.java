package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.compiler.check.PropertyCase.Door;
import dev.kiln.compiler.check.PropertyCase.Drawing;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.source.Problem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.gradient.Oracles;
import dev.kiln.testkit.gradient.PropertyRun;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Properties over rows that end early, `t~len`: empty, full and mixed rows; nothing reads what stands behind an end.
class RaggedPropertyTest {
    @ParameterizedTest
    @ValueSource(strings = {
        "gradcheck x |> scan(GRU(3)) over x: f32[1..4, 1..6~len, 2]",
        "gradcheck x |> Bidirectional(LSTM(2), GRU(2)) over x: f32[1..3, 1..5~len, 2]",
        "gradcheck x |> SelfAttention(1) over x: f32[1..3, 1..5~len, 2]",
        "gradcheck mean_rows(x) over x: f32[1..4, 1..6~len, 3]",
        "forall n in 1..4, t in 1..6, x: f32[n, t~len, 3], y: f32[n, t~len, 3] expect mean_rows(x + y) near mean_rows(x) + mean_rows(y) within 1e-5",
        "forall n in 1..4, t in 1..6, x: f32[n, t~len, 3], bias: f32[n, 3] expect ends(x) <= t",
        "forall x: f32[1..4, 1..6~len, 4] expect ((x |> reverse |> reverse) + 0) == x",
        "gradcheck EmbeddingBag(3, 2)(x, v) over n in 1..4, t in 1..6, x: i32[n, t~len] spread 0..2, v: f32[n, t~len]",
        "gradcheck cross_entropy(x, y) over n in 1..4, t in 1..6, x: f32[n, t~len, 2], y: i32[n, t~len]"})
    void holds(String claim) {
        var property = property(claim);
        PropertyRun.Outcome outcome = PropertyRun.of(property, 3);
        assertFalse(outcome.failed(), () -> outcome.failure().orElseThrow().toString());
        assertEquals(20, outcome.tries());
    }

    /// A row of no steps has the mean 0, not what the claim says.
    @Test
    void emptyRowsAreDrawn() {
        PropertyRun.Outcome outcome = PropertyRun.of(property("forall x: f32[1..4, 1..6~len, 3] spread 1..2 expect mean_rows(x) >= 1"), 3);
        assertTrue(outcome.failed());
        assertEquals(0, outcome.failure().orElseThrow().inputs().get("len").data()[0]);
    }

    @Test
    void whatReadsPaddingIsFound() {
        var property = new PropertyCase(null, "sums padding", List.of(), _ -> {
            var graph = new Graph();
            Dim time = Dim.variable("t");
            var x = graph.add(new Input("x", TensorType.of(DType.f32, Dim.of(3), time)));
            var len = graph.add(new Input("len", TensorType.of(DType.i32, Dim.of(3))));
            var sum = new PropertyCase.Gradient(null, Ops.sum(graph, x, List.of(0, 1)));
            return new Drawing(graph, new Parameters(List.of()), List.of(new Door(x, -1, 1), new Door(len, 0, 5)), List.of(), List.of(sum), List.of(), Map.of("t", 5L), Map.of("len", time));
        });
        PropertyRun.Outcome outcome = PropertyRun.of(property, 3);
        assertTrue(outcome.failed());
        assertTrue(outcome.failure().orElseThrow().message().contains("behind the end"), () -> outcome.failure().orElseThrow().message());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gradcheck x over x: f32[1..6~len]", "gradcheck x over x: f32[1..4, 3~len, 2]"})
    void lengthsNeedRowsAndASizeToDraw(String claim) {
        assertEquals(List.of("RaggedAxis"), codes(claim));
    }

    @Test
    void oneLengthIsOfOneAxis() {
        assertEquals(List.of("DuplicateName"), codes("gradcheck x + y over n in 1..3, t in 1..4, s in 1..4, x: f32[n, t~len], y: f32[n, s~len]"));
    }

    /// The check of a whole network draws lengths that let something flow, and compiled code reads no padding.
    @Test
    void networksAreCheckedOnRaggedRows() {
        var lab = Lab.of("network Net() { in x: f32[N, T~len, 3]  out y = x |> scan(GRU(3)) |> scan(LSTM(2)) }", 1);
        assertEquals(Map.of("len", Dim.variable("T")), lab.program().lengths());
        var settings = new ModelCheck.Settings(ModelCheck.Wrt.ALL, 4, Duration.ofDays(1), 3, Map.of("T", 4L));
        var slopes = new ArrayList<Double>();
        var report = ModelCheck.check(lab.program(), settings, f -> slopes.add(f.reverse()));
        assertFalse(report.failed());
        assertTrue(slopes.stream().anyMatch(s -> Math.abs(s) > 1e-3), slopes::toString);
        var oracles = Oracles.of(lab.program(), settings);
        assertFalse(oracles.failed(), () -> oracles.disagreements().toString());
        assertTrue(oracles.gradients().stream().anyMatch(d -> d.drift() > 0), "nothing flows");
    }

    private static final String FUNCTIONS = """
            fn mean_rows(x: f32[N, T~len, C]) -> f32[N, C] {
              y[n, c] = mean(x[n, t, c] over t)
              return y
            }
            fn ends(x: f32[N, T~len, C]) -> f32[N] {
              y[n] = sum(1 + 0 * x[n, t, 0] over t)
              return y
            }
            """;

    private static PropertyCase property(String claim) {
        return Lab.check(FUNCTIONS + "property \"it\" { " + claim + " }").properties().getFirst();
    }

    private static List<String> codes(String claim) {
        var problems = new Problems();
        Check.check(Parser.parse(new SourceFile("lab.nn", "property \"it\" { " + claim + " }"), problems), Lab.LIBRARY, problems);
        return problems.all().stream().map(Problem::code).toList();
    }
}
