package dev.kiln.testkit;

import dev.kiln.compiler.check.TestCase;
import dev.kiln.compiler.check.TestCase.Expectation;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.reference.FirstValues;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// Runs a `test` of a `.nn` file on the interpreter, with parameters as seed 1 begins them.
public final class ProofRun {
    private ProofRun() {}

    /// What does not hold, one sentence each with its place; empty when the test passes.
    public static List<String> failures(TestCase test) {
        return failures(test.graph(), test.expectations(), new World(Map.of(), Map.of(), FirstValues.of(test.parameters(), 1), 1, 0));
    }

    /// What of these expectations does not hold in a world.
    public static List<String> failures(Graph graph, List<Expectation> expectations, World world) {
        var roots = new ArrayList<Value>();
        for (Expectation e : expectations) {
            roots.add(e.actual());
            e.near().ifPresent(near -> roots.add(near.expected()));
        }
        Map<Value, Array> known = Interpreter.evaluate(graph, roots, world);
        return expectations.stream().flatMap(e -> failures(e, known).stream()).toList();
    }

    private static List<String> failures(Expectation e, Map<Value, Array> known) {
        Array actual = known.get(e.actual());
        var failures = new ArrayList<String>();
        for (int i = 0; i < actual.data().length && failures.isEmpty(); i++) {
            double found = actual.data()[i];
            String where = actual.data().length == 1 ? "" : " at " + Arrays.toString(index(i, actual.shape()));
            if (e.near().isEmpty()) {
                if (found == 0) failures.add("%s: does not hold%s".formatted(e.span(), where));
                continue;
            }
            double expected = known.get(e.near().get().expected()).data()[i];
            double within = e.near().get().within();
            if (!(Math.abs(found - expected) <= within)) failures.add("%s: expected %.9g within %s, found %.9g%s".formatted(e.span(), expected, within, found, where));
        }
        return failures;
    }

    private static int[] index(int i, int[] shape) {
        int[] index = new int[shape.length];
        for (int axis = shape.length - 1, left = i; axis >= 0; left /= shape[axis--]) index[axis] = left % shape[axis];
        return index;
    }
}
