package dev.kiln.testkit.mutate;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Drawn;
import dev.kiln.testkit.GradientText;
import dev.kiln.testkit.OverTime;
import dev.kiln.testkit.Recurrent;
import dev.kiln.testkit.fuzz.Case;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.mutate.Corpus.Check;
import dev.kiln.testkit.mutate.Corpus.Grown;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// What must notice an altered gradient rule.
final class GradientCorpus {
    private static final List<String> CELLS = List.of(
            "x |> scan(LSTM(2, peepholes: true))", "x |> reverse |> scan(GRU(3)) |> reverse", "x |> scan(RNN(2)) |> scan(GRU(2, reset_after: true))", "(x |> fold(LSTM(2))).c + (x |> fold(GRU(2))).h", "x |> Bidirectional(RNN(1), GRU(2))");
    private static final List<Integer> LOOP = List.of(3, 2);
    private static final int RESULTS = 3;

    private GradientCorpus() {}

    static Corpus of() {
        var values = new ArrayList<Check>();
        for (var sizes : Corpus.SIZES)
            for (Spec spec : Ops.ALL) for (Spec.Sample sample : spec.samples()) values.add(() -> sample(sample, sizes));
        for (var cell : Recurrent.values())
            for (int used = -1; used < RESULTS; used++) {
                int result = used;
                values.add(() -> loop(cell, result));
            }
        for (Spec spec : Ops.ALL) spec.samples().stream().filter(OverTime::fits).forEach(sample -> values.add(() -> overTime(sample)));
        for (int seed = 0; seed < Corpus.GRAPHS; seed++) {
            var grown = Grown.of(seed);
            values.add(() -> right(new GradientCheck(grown.graph(), grown.drawn().world(), 1).ofLoss(grown.loss(), grown.drawn().realInputs())));
        }
        var compiler = Compiler.of(Corpus.class.getClassLoader());
        for (String cell : CELLS) values.add(() -> cell(compiler, cell));
        for (int seed = 0; seed < Corpus.PROGRAMS; seed++) program(compiler, Fuzz.program(seed).asCase(), values);
        return new Corpus(values, texts());
    }

    private static List<Check> texts() {
        var texts = new ArrayList<Check>();
        for (Spec spec : Ops.ALL)
            for (Spec.Sample sample : spec.samples()) {
                String shown = GradientText.of(sample);
                texts.add(() -> Corpus.same(shown, GradientText.of(sample)));
            }
        for (var cell : Recurrent.values()) {
            String shown = GradientText.of(cell, 0);
            texts.add(() -> Corpus.same(shown, GradientText.of(cell, 0)));
        }
        return texts;
    }

    private static void sample(Spec.Sample sample, List<Integer> sizes) {
        var graph = new Graph();
        var drawn = new Drawn(graph, sizes, sizes.getFirst());
        Value y = graph.add(sample.build().apply(graph, drawn));
        if (y.type().dtype() != DType.f32) return;
        var wrt = drawn.realInputs();
        Value dy = drawn.cotangent(y);
        right(new GradientCheck(graph, drawn.world(), 1).ofPullback(y, dy, wrt));
    }

    private static void loop(Recurrent cell, int used) {
        var graph = new Graph();
        var drawn = new Drawn(graph, LOOP, used);
        var results = cell.results(graph, drawn, drawn.dim(), drawn.dim(), used % 2 == 0);
        var loss = Recurrent.loss(graph, drawn, used < 0 ? results : List.of(results.get(used % results.size())));
        right(new GradientCheck(graph, drawn.world(), 1).ofLoss(loss, drawn.realInputs()));
    }

    private static void overTime(Spec.Sample sample) {
        var graph = new Graph();
        var drawn = new Drawn(graph, LOOP, 1);
        var loss = Recurrent.loss(graph, drawn, OverTime.results(graph, drawn, sample, OverTime.Operands.FIRST, true));
        right(new GradientCheck(graph, drawn.world(), 1).ofLoss(loss, drawn.realInputs()));
    }

    /// Loops through time, whose gradients are loops.
    private static void cell(Compiler compiler, String cell) {
        String text = "network Net { in x: f32[N, T~len, 2]  out y = " + cell + " }  train Net { loss mean(sin(y))  optimizer SGD(0.1) }";
        var program = compiler.check(new SourceFile("cell.nn", text)).checked().models().getFirst().program();
        var report = ModelCheck.check(program, new ModelCheck.Settings(ModelCheck.Wrt.ALL, 1, Duration.ofDays(1), 3, Map.of("N", 3L, "T", 3L)), _ -> {});
        if (report.failed()) throw new AssertionError(cell);
    }

    /// The gradients that a random program had before.
    private static void program(Compiler compiler, Case program, List<Check> values) {
        var plain = compiler.check(new SourceFile("fuzz.nn", program.text())).checked().models().getFirst().program();
        plain.entry("train").ifPresent(entry -> {
            var world = Agreement.world(entry, program.inputs(entry), program.parameters(plain));
            var before = Differentiate.of(entry);
            values.add(() -> Corpus.keeps(before, Differentiate.of(entry), world));
        });
    }

    private static void right(List<Finding> findings) {
        for (Finding f : findings) if (f.failed()) throw new AssertionError(f.toString());
    }
}
