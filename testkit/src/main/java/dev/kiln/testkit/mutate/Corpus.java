package dev.kiln.testkit.mutate;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.type.DType;
import dev.kiln.testkit.Agreement;
import dev.kiln.testkit.Close;
import dev.kiln.testkit.Drawn;
import dev.kiln.testkit.RandomGraph;
import dev.kiln.testkit.fuzz.Case;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.fuzz.Outcome;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.GradientCheck;
import dev.kiln.testkit.gradient.ModelCheck;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// The checks that mutants must fail: those of the tests (the operators' contract, the rules' examples, random graphs and programs), in a form that runs a hundred times over.
final class Corpus {
    /// Throws when it notices something.
    @FunctionalInterface
    interface Check {
        void run();
    }

    private static final List<List<Integer>> SIZES = List.of(List.of(3, 4, 2, 5), List.of(1, 2, 7, 3), List.of(5, 1, 3, 2));
    private static final List<String> CELLS = List.of(
            "x |> scan(LSTM(2, peepholes: true))", "x |> reverse |> scan(GRU(3)) |> reverse", "x |> scan(RNN(2)) |> scan(GRU(2, reset_after: true))", "(x |> fold(LSTM(2))).c + (x |> fold(GRU(2))).h", "x |> Bidirectional(RNN(1), GRU(2))");
    private static final int GRAPHS = 30;
    private static final int PROGRAMS = 40;

    private Corpus() {}

    static List<Check> of(Kind kind) {
        return switch (kind) {
            case GRADIENT -> gradients();
            case REWRITE -> rules();
            case SCHEDULE -> programs();
        };
    }

    private static List<Check> gradients() {
        var checks = new ArrayList<Check>();
        for (var sizes : SIZES)
            for (Spec spec : Ops.ALL) for (Spec.Sample sample : spec.samples()) checks.add(() -> gradient(sample, sizes));
        for (int seed = 0; seed < GRAPHS; seed++) {
            var grown = Grown.of(seed);
            checks.add(() -> right(new GradientCheck(grown.graph, grown.drawn.world(), 1).ofLoss(grown.loss, grown.drawn.realInputs())));
        }
        var compiler = Compiler.of(Corpus.class.getClassLoader());
        for (String cell : CELLS) checks.add(() -> cell(compiler, cell));
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Case program = Fuzz.program(seed).asCase();
            var plain = compiler.check(new SourceFile("fuzz.nn", program.text())).checked().models().getFirst().program();
            plain.entry("train").ifPresent(entry -> {
                var world = Agreement.world(entry, program.inputs(entry), program.parameters(plain));
                var before = Differentiate.of(entry);
                checks.add(() -> keeps(before, Differentiate.of(entry), world));
            });
        }
        return checks;
    }

    /// Loops through time, whose gradients are loops.
    private static void cell(Compiler compiler, String cell) {
        String text = "network Net { in x: f32[N, T~len, 2]  out y = " + cell + " }  train Net { loss mean(sin(y))  optimizer SGD(0.1) }";
        var program = compiler.check(new SourceFile("cell.nn", text)).checked().models().getFirst().program();
        var report = ModelCheck.check(program, new ModelCheck.Settings(ModelCheck.Wrt.ALL, 1, Duration.ofDays(1), 3, Map.of("N", 3L, "T", 3L)), _ -> {});
        if (report.failed()) throw new AssertionError(cell);
    }

    private static void gradient(Spec.Sample sample, List<Integer> sizes) {
        var graph = new Graph();
        var drawn = new Drawn(graph, sizes, sizes.getFirst());
        Value y = graph.add(sample.build().apply(graph, drawn));
        if (y.type().dtype() != DType.f32) return;
        var wrt = drawn.realInputs();
        Value dy = drawn.cotangent(y);
        right(new GradientCheck(graph, drawn.world(), 1).ofPullback(y, dy, wrt));
    }

    private static void right(List<Finding> findings) {
        for (Finding f : findings) if (f.failed()) throw new AssertionError(f.toString());
    }

    /// A random graph, its mean and the gradients of that.
    private record Grown(Graph graph, Drawn drawn, List<Value> values, Value loss) {
        static Grown of(int seed) {
            var graph = new Graph();
            var drawn = new Drawn(graph, SIZES.get(seed % SIZES.size()), seed);
            var values = new RandomGraph(graph, drawn, seed).grow(1 + seed % 14);
            return new Grown(graph, drawn, values, Ops.mean(graph, values.getLast(), IntStream.range(0, values.getLast().type().rank()).boxed().toList()));
        }

        Entry entry() {
            var roots = new ArrayList<>(List.of(loss, values.get(values.size() / 2)));
            roots.addAll(Differentiate.gradient(graph, loss, drawn.realInputs()));
            return new Entry("random", graph, drawn.inputs(), IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList());
        }
    }

    private static List<Check> rules() {
        var checks = new ArrayList<Check>();
        for (Rule<?> rule : Normalise.ALL)
            for (var sizes : SIZES) {
                String shown = GraphText.print(rewritten(rule, sizes));
                checks.add(() -> same(shown, GraphText.print(rewritten(rule, sizes))));
                checks.add(() -> keeps(rule, sizes));
            }
        for (int seed = 0; seed < GRAPHS; seed++) {
            var grown = Grown.of(seed);
            var plain = grown.entry();
            checks.add(() -> keeps(plain, GraphCheck.verify(Normalise.of(GraphCheck.verify(Simplify.of(plain)))), grown.drawn.world()));
        }
        var compiler = Compiler.of(Corpus.class.getClassLoader());
        for (int seed = 0; seed < PROGRAMS; seed++) {
            Case program = Fuzz.program(seed).asCase();
            var plain = compiler.check(new SourceFile("fuzz.nn", program.text())).checked().models().getFirst().program().map(Differentiate::of);
            for (Entry entry : plain.entries()) {
                var world = Agreement.world(entry, program.inputs(entry), program.parameters(plain));
                Check check = () -> keeps(entry, Normalise.of(Simplify.of(entry)), world);
                if (!noticed(check)) checks.add(check);
                String shown = GraphText.print(Normalise.of(Simplify.of(entry)));
                checks.add(() -> same(shown, GraphText.print(Normalise.of(Simplify.of(entry)))));
            }
        }
        return checks;
    }

    /// What a golden holds.
    private static void same(String shown, String now) {
        if (!now.equals(shown)) throw new AssertionError(now);
    }

    /// Near a kink a rule that rounds may change a value by itself.
    static boolean noticed(Check check) {
        try {
            check.run();
            return false;
        } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError _) {
            return true;
        }
    }

    private record Example(Entry entry, Drawn drawn) {
        static Example of(Rule<?> rule, List<Integer> sizes) {
            var graph = new Graph();
            var drawn = new Drawn(graph, sizes, 1);
            var value = rule.example().apply(graph, drawn);
            return new Example(new Entry("example", graph, drawn.inputs(), List.of(new Output("y", value, Output.Role.USER))), drawn);
        }
    }

    private static Entry rewritten(Rule<?> rule, List<Integer> sizes) {
        return Rewriter.rewrite(Example.of(rule, sizes).entry, List.of(rule), _ -> {});
    }

    private static void keeps(Rule<?> rule, List<Integer> sizes) {
        var example = Example.of(rule, sizes);
        keeps(example.entry, Rewriter.rewrite(example.entry, List.of(rule), _ -> {}), example.drawn.world());
    }

    private static void keeps(Entry before, Entry after, World world) {
        var wanted = Interpreter.evaluate(before.graph(), before.roots(), world);
        var found = Interpreter.evaluate(after.graph(), after.roots(), world);
        for (int i = 0; i < before.roots().size(); i++) Close.assertClose(before.outputs().get(i).name(), wanted.get(before.roots().get(i)), found.get(after.roots().get(i)));
    }

    private static List<Check> programs() {
        var fuzz = new Fuzz(Compiler.of(Corpus.class.getClassLoader()), Duration.ZERO);
        return IntStream.range(0, PROGRAMS).mapToObj(seed -> Fuzz.program(seed).asCase()).<Check>map(program -> () -> {
            if (!(fuzz.run(program) instanceof Outcome.Agreed)) throw new AssertionError("seed " + program.seed());
        }).toList();
    }
}
