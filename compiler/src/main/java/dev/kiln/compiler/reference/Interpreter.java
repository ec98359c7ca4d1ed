package dev.kiln.compiler.reference;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Evaluate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Computes values by the formulas of their operators, in double, one after another.
public final class Interpreter {
    private Interpreter() {}

    /// What a run of an entry gives: outputs, losses and metrics by name, and the new values of parameters.
    public record Results(Map<String, Array> outputs, Map<String, Array> updates) {
        public double scalar(String name) {
            return outputs.get(name).get();
        }
    }

    /// Every value that `roots` depend on.
    public static Map<Value, Array> evaluate(Graph graph, Collection<Value> roots, Env env) {
        return Evaluate.all(graph, roots, env);
    }

    public static Results run(Entry entry, Map<String, Array> inputs, Map<String, Array> parameters, long seed, int step) {
        var known = evaluate(entry.graph(), entry.roots(), new World(dims(entry, inputs), inputs, parameters, seed, step));
        var outputs = new LinkedHashMap<String, Array>();
        var updates = new LinkedHashMap<String, Array>();
        for (var o : entry.outputs()) (o.role() == Role.UPDATE ? updates : outputs).put(o.name(), known.get(o.value()));
        return new Results(outputs, updates);
    }

    /// The dims of a run follow from the shapes of its inputs.
    public static Map<String, Long> dims(Entry entry, Map<String, Array> inputs) {
        var dims = new HashMap<String, Long>();
        for (var door : entry.inputs()) {
            var shape = shape(door, inputs);
            for (int a = 0; a < shape.length; a++) {
                var dim = ((Input) door.op()).door().get(a);
                var name = dim.toString();
                if (dim.variables().equals(Set.of(name))) dims.putIfAbsent(name, (long) shape[a]);
            }
        }
        for (var door : entry.inputs()) {
            var shape = shape(door, inputs);
            for (int a = 0; a < shape.length; a++) {
                long wanted = door.type().dim(a).evaluate(dims::get);
                if (shape[a] != wanted) throw new IllegalArgumentException("input %s : %s has %d along axis %d, not %d".formatted(door.op().attributes(), door.type(), shape[a], a, wanted));
            }
        }
        return dims;
    }

    private static int[] shape(Value door, Map<String, Array> inputs) {
        var name = ((Input) door.op()).name();
        var array = inputs.get(name);
        if (array == null) throw new IllegalArgumentException("input '%s' is missing, given are %s".formatted(name, inputs.keySet().stream().sorted().toList()));
        if (array.shape().length != door.type().rank()) throw new IllegalArgumentException("input %s : %s got shape %s".formatted(name, door.type(), Arrays.toString(array.shape())));
        return array.shape();
    }

    /// The door checks that do not hold for these dims.
    public static List<DoorCheck> broken(List<DoorCheck> checks, Map<String, Long> dims) {
        return checks.stream().filter(c -> {
            long left = c.left().evaluate(dims::get);
            long right = c.right().evaluate(dims::get);
            return switch (c.relation()) {
                case EQUAL -> left != right;
                case AT_LEAST -> left < right;
            };
        }).toList();
    }
}
