package dev.kiln.testkit.mutate;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Drawn;
import dev.kiln.testkit.OverTime;
import dev.kiln.testkit.Recurrent;
import dev.kiln.testkit.fuzz.Case;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.mutate.Corpus.Check;
import dev.kiln.testkit.mutate.Corpus.Grown;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;

/// What must notice an altered rewrite rule.
final class RewriteCorpus {
    private static final List<Integer> LOOP = List.of(3, 2);

    private final List<Check> values = new ArrayList<>();
    private final List<Check> texts = new ArrayList<>();

    private RewriteCorpus() {}

    static Corpus of() {
        var corpus = new RewriteCorpus();
        for (Rule<?> rule : Normalise.ALL) {
            for (var example : rule.examples()) corpus.rule(rule, example);
            for (var exception : rule.exceptions()) corpus.rule(rule, exception);
        }
        for (Spec spec : Ops.ALL)
            for (Spec.Sample sample : spec.samples()) {
                corpus.sample(sample);
                if (OverTime.fits(sample)) for (var operands : OverTime.Operands.values()) corpus.overTime(sample, operands);
            }
        for (var cell : Recurrent.values()) corpus.loop(cell);
        for (int seed = 0; seed < Corpus.GRAPHS; seed++) corpus.graph(Grown.of(seed));
        var compiler = Compiler.of(Corpus.class.getClassLoader());
        for (int seed = 0; seed < Corpus.PROGRAMS; seed++) corpus.program(compiler, Fuzz.program(seed).asCase());
        return new Corpus(corpus.values, corpus.texts);
    }

    private void rule(Rule<?> rule, BiFunction<Graph, Draw, Value> example) {
        for (var sizes : Corpus.SIZES) {
            var graph = new Graph();
            var drawn = new Drawn(graph, sizes, 1);
            var plain = Corpus.entry(graph, drawn, List.of(example.apply(graph, drawn)));
            values.add(() -> Corpus.keeps(plain, Rewriter.rewrite(plain, List.of(rule), _ -> {}), drawn.world()));
            String shown = GraphText.print(Rewriter.rewrite(plain, List.of(rule), _ -> {}));
            texts.add(() -> Corpus.same(shown, GraphText.print(Rewriter.rewrite(plain, List.of(rule), _ -> {}))));
        }
    }

    private void sample(Spec.Sample sample) {
        var graph = new Graph();
        var drawn = new Drawn(graph, Corpus.SIZES.getFirst(), 1);
        Value y = graph.add(sample.build().apply(graph, drawn));
        if (y.op() instanceof Op.Source) return;
        var roots = new ArrayList<>(List.of(y));
        if (y.type().dtype() == DType.f32) roots.addAll(Differentiate.pullback(graph, y, drawn.cotangent(y), drawn.realInputs()));
        rewritten(Corpus.entry(graph, drawn, roots), drawn.world());
    }

    private void overTime(Spec.Sample sample, OverTime.Operands operands) {
        for (boolean bends : List.of(true, false)) {
            var graph = new Graph();
            var drawn = new Drawn(graph, LOOP, 1);
            rewritten(Corpus.entry(graph, drawn, OverTime.results(graph, drawn, sample, operands, bends)), drawn.world());
        }
    }

    private void loop(Recurrent cell) {
        for (boolean reverse : List.of(true, false)) {
            var graph = new Graph();
            var drawn = new Drawn(graph, LOOP, 1);
            var roots = new ArrayList<>(cell.results(graph, drawn, drawn.dim(), drawn.dim(), reverse));
            roots.addAll(Differentiate.gradient(graph, Recurrent.loss(graph, drawn, roots), drawn.realInputs()));
            rewritten(Corpus.entry(graph, drawn, roots), drawn.world());
        }
    }

    private void graph(Grown grown) {
        var roots = new ArrayList<>(List.of(grown.loss(), grown.values().get(grown.values().size() / 2)));
        roots.addAll(Differentiate.gradient(grown.graph(), grown.loss(), grown.drawn().realInputs()));
        rewritten(Corpus.entry(grown.graph(), grown.drawn(), roots), grown.drawn().world());
    }

    private void program(Compiler compiler, Case program) {
        var plain = compiler.check(new SourceFile("fuzz.nn", program.text())).checked().models().getFirst().program().map(Differentiate::of);
        for (Entry entry : plain.entries()) rewritten(entry, Agreement.world(entry, program.inputs(entry), program.parameters(plain)));
    }

    /// Near a kink a rule that rounds may change a value by itself; then the text alone is held.
    private void rewritten(Entry plain, World world) {
        Check keeps = () -> Corpus.keeps(plain, rewritten(plain), world);
        if (!Corpus.noticed(keeps)) values.add(keeps);
        String shown = GraphText.print(rewritten(plain));
        texts.add(() -> Corpus.same(shown, GraphText.print(rewritten(plain))));
    }

    private static Entry rewritten(Entry plain) {
        return GraphCheck.verify(Normalise.of(GraphCheck.verify(Simplify.of(plain))));
    }
}
