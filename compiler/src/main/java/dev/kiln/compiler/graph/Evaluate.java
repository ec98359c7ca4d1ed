package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Computes values by the formulas of their operators, in double, one after another: the graph of an entry as the bodies inside it.
public final class Evaluate {
    private Evaluate() {}

    /// Every value that `roots` depend on.
    public static Map<Value, Array> all(Graph graph, Collection<Value> roots, Env env) {
        var known = new HashMap<Value, Array>();
        var results = new HashMap<Value, List<Array>>();
        for (var v : graph.reachable(roots)) {
            var operands = new ArrayList<Array>();
            for (var operand : v.op().operands()) operands.addAll(results.getOrDefault(operand, List.of(known.get(operand))));
            if (v.op() instanceof Op.Control control) results.put(v, checked(v, control.resultTypes(), control.results(operands, env), env));
            var y = v.op().evaluate(operands, env);
            known.put(v, checked(v, List.of(v.type()), List.of(y), env).getFirst());
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
