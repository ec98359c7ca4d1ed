package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Evaluate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.reference.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Watches a loop and notes what the values of its body are, step by step in the order in which they run.
final class Steps implements Env.Around {
    private final World world;
    private final Graph body;
    private final List<Map<Value, Array>> steps = new ArrayList<>();

    private Steps(World world, Graph body) {
        this.world = world;
        this.body = body;
    }

    /// @param result a result of the loop
    /// @param values of all of the graph
    static List<Map<Value, Array>> of(Graph graph, Value result, BodyLoop loop, Map<Value, Array> values, World world) {
        var watch = new Steps(world, loop.inside());
        var given = new HashMap<>(values);
        given.remove(result);
        Evaluate.all(graph, List.of(result), watch, given);
        return watch.steps;
    }

    @Override
    public World world() {
        return world;
    }

    /// A value that is computed again begins the next step.
    @Override
    public void computed(Value v, List<Array> operands, Array y) {
        if (!body.owns(v)) return;
        if (steps.isEmpty() || steps.getLast().containsKey(v)) steps.add(new HashMap<>());
        steps.getLast().put(v, y);
    }
}
