package dev.kiln.testkit.mutate;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.testkit.Close;
import dev.kiln.testkit.Drawn;
import dev.kiln.testkit.RandomGraph;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.fuzz.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;

/// The checks that mutants must fail: those of the tests (the operators' contract, loops, the rules' examples, random graphs and programs), in a form that runs a hundred times over.
/// @param values of numbers
/// @param texts  of what graphs look like, as goldens hold it: asked when all numbers are right
record Corpus(List<Check> values, List<Check> texts) {
    /// Throws when it notices something.
    @FunctionalInterface
    interface Check {
        void run();
    }

    static final List<List<Integer>> SIZES = List.of(List.of(3, 4, 2, 5), List.of(1, 2, 7, 3), List.of(5, 1, 3, 2));
    static final int GRAPHS = 30;
    static final int PROGRAMS = 40;

    static Corpus of(Kind kind) {
        return switch (kind) {
            case GRADIENT -> GradientCorpus.of();
            case REWRITE -> RewriteCorpus.of();
            case SCHEDULE -> new Corpus(programs(), List.of());
        };
    }

    /// Whether any of them notices something.
    static boolean noticed(List<Check> checks) {
        return checks.stream().anyMatch(Corpus::noticed);
    }

    static boolean noticed(Check check) {
        try {
            check.run();
            return false;
        } catch (RuntimeException | AssertionError | StackOverflowError | LinkageError _) {
            return true;
        }
    }

    /// What a golden holds.
    static void same(String shown, String now) {
        if (!now.equals(shown)) throw new AssertionError(now);
    }

    static void keeps(Entry before, Entry after, World world) {
        var wanted = Interpreter.evaluate(before.graph(), before.roots(), world);
        var found = Interpreter.evaluate(after.graph(), after.roots(), world);
        for (int i = 0; i < before.roots().size(); i++) Close.assertClose(before.outputs().get(i).name(), wanted.get(before.roots().get(i)), found.get(after.roots().get(i)));
    }

    /// Values as the outputs of an entry.
    static Entry entry(Graph graph, Drawn drawn, List<Value> roots) {
        return new Entry("sample", graph, drawn.inputs(), IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList());
    }

    /// A random graph and its mean.
    record Grown(Graph graph, Drawn drawn, List<Value> values, Value loss) {
        static Grown of(int seed) {
            var graph = new Graph();
            var drawn = new Drawn(graph, SIZES.get(seed % SIZES.size()), seed);
            var values = new RandomGraph(graph, drawn, seed).grow(1 + seed % 14);
            return new Grown(graph, drawn, values, Ops.mean(graph, values.getLast(), IntStream.range(0, values.getLast().type().rank()).boxed().toList()));
        }
    }

    private static List<Check> programs() {
        var fuzz = new Fuzz(Compiler.of(Corpus.class.getClassLoader()), Duration.ZERO);
        return IntStream.range(0, PROGRAMS).mapToObj(seed -> Fuzz.program(seed).asCase()).<Check>map(program -> () -> {
            if (!(fuzz.run(program) instanceof Outcome.Agreed)) throw new AssertionError("seed " + program.seed());
        }).toList();
    }
}
