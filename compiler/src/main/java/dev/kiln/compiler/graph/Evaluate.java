package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/// Computes values by the formulas of their operators, in double, one after another: the graph of an entry as the bodies inside it.
public final class Evaluate {
    private Evaluate() {}

    /// Every value that `roots` depend on.
    public static Map<Value, Array> all(Graph graph, Collection<Value> roots, Env env) {
        return all(graph, roots, env, Map.of());
    }

    /// The same, where the values of `given` are taken as they are. A loop runs when a result of it is asked for that is not given.
    public static Map<Value, Array> all(Graph graph, Collection<Value> roots, Env env, Map<Value, Array> given) {
        var known = new HashMap<>(given);
        var results = new HashMap<Value, List<Array>>();
        var live = graph.reachable(roots);
        var asked = new HashSet<Value>();
        for (var v : live) if (!given.containsKey(v)) asked.addAll(v.op().operands());
        for (var v : live) {
            if (given.containsKey(v) && !(v.op() instanceof Op.Control && asked.contains(v))) continue;
            var operands = new ArrayList<Array>();
            for (var operand : v.op().operands()) operands.addAll(results.getOrDefault(operand, List.of(known.get(operand))));
            if (v.op() instanceof Op.Control control) results.put(v, checked(v, control.resultTypes(), control.results(operands, env), env));
            var y = v.op().evaluate(operands, env);
            known.put(v, checked(v, List.of(v.type()), List.of(y), env).getFirst());
            env.computed(v, operands, y);
        }
        return known;
    }

    private static List<Array> checked(Value v, List<TensorType> types, List<Array> arrays, Env env) {
        for (int i = 0; i < types.size(); i++)
            if (!Arrays.equals(arrays.get(i).shape(), env.shape(types.get(i))))
                throw new IllegalStateException("%s = %s is %s, its type %s says %s".formatted(v, v.op().spec().name(), Arrays.toString(arrays.get(i).shape()), types.get(i), Arrays.toString(env.shape(types.get(i)))));
        return arrays;
    }
}
