package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.WithGradient;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// One node of a graph on its own, at the values it had there: its operands are inputs, and something random flows into it.
/// @param operands the inputs in place of its operands, those that hold numbers
record Local(Graph graph, World world, Value node, Value dy, List<Value> operands) {
    /// @param values what every value of `graph` is at the sample
    static Local of(Graph graph, Value node, Map<Value, Array> values, World world, long seed) {
        var g = new Graph();
        var doors = new LinkedHashMap<Value, Value>();
        for (Value x : cut(node)) doors.computeIfAbsent(x, v -> g.add(new Input("operand." + v.id(), v.type())));
        var real = doors.values().stream().filter(v -> v.type().dtype() == DType.f32).toList();
        // what a function written by hand reads of a loop besides its operands stands still
        var live = graph.reachable(List.of(node));
        for (Value x : live) if (x.op() instanceof Port) doors.computeIfAbsent(x, v -> g.add(new Input("port." + v.id(), v.type())));
        var all = Rebuild.into(g, graph, live, new HashMap<>(doors));
        var inputs = new HashMap<>(world.inputs());
        doors.forEach((x, door) -> inputs.put(((Input) door.op()).name(), values.get(x)));
        Value dy = g.add(new Input("flowing", node.type()));
        var random = new Random(seed);
        inputs.put("flowing", new Array(values.get(node).shape(), random.doubles(values.get(node).data().length, 0.5, 1.5).map(v -> random.nextBoolean() ? v : -v).toArray()));
        return new Local(g, new World(world.dims(), inputs, world.parameters(), world.seed(), world.step()), all.get(node), dy, real);
    }

    /// What stays outside: the operands; of a function with a derivative written by hand its inputs; of a result of a loop the operands of the loop.
    private static List<Value> cut(Value node) {
        if (node.op() instanceof WithGradient w) return w.x();
        var cut = new ArrayList<Value>();
        for (Value x : node.op().operands()) {
            if (x.op() instanceof Op.Control) cut.addAll(x.op().operands());
            else cut.add(x);
        }
        return cut;
    }

    /// What the operand is called: its name in a function written by hand, else its number.
    String name(Value operand) {
        if (node.op() instanceof WithGradient w) return w.names().get(w.x().indexOf(operand));
        return node.op().operands().size() == 1 ? "its operand" : "operand " + (node.op().operands().indexOf(operand) + 1);
    }

    Array array(Value input) {
        return world.input(((Input) input.op()).name());
    }
}
