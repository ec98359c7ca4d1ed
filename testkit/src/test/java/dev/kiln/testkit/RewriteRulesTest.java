package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// What every rewrite rule promises; a new one is tested by being in [Simplify#RULES] or [Normalise#RULES].
class RewriteRulesTest {
    private static final List<Rule<?>> ALL = Stream.of(Simplify.RULES, Normalise.RULES).<Rule<?>>flatMap(List::stream).toList();

    record Rewritten(Graph graph, Drawn drawn, Value before, Entry after, List<String> fired) {
        static Rewritten of(BiFunction<Graph, Draw, Value> example, List<? extends Rule<?>> rules, List<Integer> sizes, long seed) {
            var graph = new Graph();
            var drawn = new Drawn(graph, sizes, seed);
            var before = example.apply(graph, drawn);
            var fired = new ArrayList<String>();
            var entry = new Entry("example", graph, drawn.inputs(), List.of(new Output("y", before, Output.Role.USER)));
            return new Rewritten(graph, drawn, before, Rewriter.rewrite(entry, rules, fired::add), fired);
        }

        void assertSameValue(String what) {
            var root = after.roots().getFirst();
            Close.assertClose(what, Interpreter.evaluate(graph, List.of(before), drawn.world()).get(before), Interpreter.evaluate(after.graph(), List.of(root), drawn.world()).get(root));
        }
    }

    /// A rule and one of the values it is for.
    record Shown(Rule<?> rule, BiFunction<Graph, Draw, Value> example) {}

    @Provide
    Arbitrary<Shown> shown() {
        return Arbitraries.of(ALL.stream().flatMap(rule -> Stream.concat(rule.examples().stream(), rule.exceptions().stream()).map(e -> new Shown(rule, e))).toList());
    }

    @Provide
    Arbitrary<List<Integer>> sizes() {
        return Arbitraries.of(1, 2, 3, 5, 7, 8, 9, 15, 16, 17).list().ofSize(4);
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void aRuleKeepsTheValue(@ForAll("shown") Shown shown, @ForAll("sizes") List<Integer> sizes, @ForAll long seed) {
        Rewritten.of(shown.example, List.of(shown.rule), sizes, seed).assertSameValue(shown.rule.law());
    }

    @Property(tries = 300, edgeCases = EdgeCasesMode.NONE)
    void allRulesTogetherKeepTheValue(@ForAll("shown") Shown shown, @ForAll("sizes") List<Integer> sizes, @ForAll long seed) {
        Rewritten.of(shown.example, ALL, sizes, seed).assertSameValue(shown.rule.law());
    }

    @Example
    void aRuleDoesWhatItsExampleShows() {
        var text = new StringBuilder();
        for (var rule : ALL) {
            text.append("### %s   (%s)\n".formatted(rule.law(), rule.precision()));
            for (var example : rule.examples()) {
                var shown = Rewritten.of(example, List.of(rule), List.of(4, 5), 0);
                assertTrue(shown.fired.contains(rule.law()), () -> "'%s' does not fire on its example".formatted(rule));
                text.append("%sbecomes\n%s\n".formatted(GraphText.print(shown.graph, List.of(shown.before)), GraphText.print(shown.after.graph(), shown.after.roots())));
            }
        }
        Golden.assertGolden("rewrite-rules.golden", text.toString());
    }

    @Example
    void aRuleLeavesItsExceptionsAlone() {
        for (var rule : ALL)
            for (var exception : rule.exceptions()) assertEquals(List.of(), Rewritten.of(exception, List.of(rule), List.of(4, 5), 0).fired, rule.law());
    }

    @Example
    void everyLawIsWrittenOnce() {
        assertEquals(ALL.size(), ALL.stream().map(Rule::law).distinct().count());
    }
}
