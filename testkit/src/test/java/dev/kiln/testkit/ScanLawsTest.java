package dev.kiln.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/// The laws of loops on whole cells and their gradients, and what is left inside the loops of an LSTM that learns.
class ScanLawsTest {
    record Case(Recurrent cell, int time, int batch, boolean reverse, boolean gradients, long seed) {}

    @Provide
    Arbitrary<Case> cases() {
        return Combinators.combine(Arbitraries.of(Recurrent.values()), Arbitraries.of(0, 1, 2, 5), Arbitraries.of(1, 3), Arbitraries.of(true, false), Arbitraries.of(true, false), Arbitraries.longs().between(0, 1 << 20)).as(Case::new);
    }

    @Property(tries = 150, edgeCases = EdgeCasesMode.NONE)
    void lawsKeepValuesAndGradients(@ForAll("cases") Case c) {
        var graph = new Graph();
        var drawn = new Drawn(graph, List.of(c.time, c.batch), c.seed);
        var roots = new ArrayList<>(c.cell.results(graph, drawn, drawn.dim(), drawn.dim(), c.reverse));
        if (c.gradients) {
            var loss = Recurrent.loss(graph, drawn, roots);
            roots.addAll(Differentiate.gradient(graph, loss, drawn.realInputs()));
        }
        var outputs = IntStream.range(0, roots.size()).mapToObj(i -> new Output("y" + i, roots.get(i), Output.Role.USER)).toList();
        var after = GraphCheck.verify(Normalise.of(Simplify.of(new Entry("sample", graph, drawn.inputs(), outputs))));
        var expected = Interpreter.evaluate(graph, roots, drawn.world());
        var actual = Interpreter.evaluate(after.graph(), after.roots(), drawn.world());
        for (int i = 0; i < roots.size(); i++) Close.assertClose(outputs.get(i).name(), expected.get(roots.get(i)), actual.get(after.roots().get(i)));
    }

    /// x·W is one contraction before the loop; those of dW and dU stand behind the loop back; inside are h·U, dG·Uᵀ and the gates.
    @Example
    void anLstmThatLearns() {
        var entry = learning(Recurrent.LSTM);
        assertEquals(List.of(1, 1), loops(entry).stream().map(s -> contractions(s.inside().values())).toList());
        assertEquals(3, contractions(entry.live()));
        Golden.assertGolden("lstm-learns.golden", GraphText.print(entry));
    }

    /// The cell with its weights and initial states as parameters, trained by plain descent.
    private static Entry learning(Recurrent cell) {
        var g = new Graph();
        var drawn = new Drawn(g, List.of(5, 3), 0);
        var time = drawn.dim();
        var batch = Dim.of(3);
        var results = cell.results(g, drawn, time, batch, false);
        var loss = Recurrent.loss(g, drawn, List.of(results.getLast()));
        var given = new HashMap<Value, Value>();
        for (var x : drawn.realInputs()) if (x.type().shape().stream().allMatch(Dim::isConstant)) given.put(x, g.add(new Param("w" + ((Input) x.op()).name(), x.type())));
        var rebuilt = Rebuild.roots(g, g, List.of(loss), given, Map.of()).get(loss);
        var outputs = new ArrayList<>(List.of(new Output("loss", rebuilt, Output.Role.LOSS)));
        for (var p : given.values().stream().sorted(Comparator.comparingInt(Value::id)).toList()) {
            var param = (Param) p.op();
            outputs.add(new Output(param.name(), Ops.sub(g, p, g.add(new Gradient(param.name(), param.type()))), Output.Role.UPDATE));
        }
        var doors = drawn.inputs().stream().filter(x -> !given.containsKey(x)).toList();
        return Normalise.of(Simplify.of(Differentiate.of(new Entry("train", g, doors, outputs))));
    }

    private static List<Scan> loops(Entry entry) {
        return entry.live().stream().filter(v -> v.op() instanceof Scan).map(v -> (Scan) v.op()).toList();
    }

    private static int contractions(List<Value> values) {
        return (int) values.stream().filter(v -> v.op() instanceof Contract).count();
    }
}
