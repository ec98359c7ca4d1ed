package dev.kiln.testkit;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// Draws inputs of one graph and holds its compiled form against the interpreter.
record Drawing(Graph graph, Drawn drawn) {
    static Drawing of(List<Integer> sizes, long seed) {
        var graph = new Graph();
        return new Drawing(graph, new Drawn(graph, sizes, seed));
    }

    void check(List<Value> results, boolean simplify) {
        var world = drawn.world();
        var inputs = new ArrayList<>(drawn.inputs());
        var data = new LinkedHashMap<String, Array>();
        for (var input : inputs) data.put(((Input) input.op()).name(), floats(drawn.array(input)));
        // every dim must be learned from a door
        world.dims().forEach((name, size) -> {
            var door = graph.add(new Input("size" + name, TensorType.of(DType.f32, Dim.variable(name))));
            inputs.add(door);
            data.put("size" + name, Array.zeros(Math.toIntExact(size)));
        });
        var outputs = IntStream.range(0, results.size()).mapToObj(i -> new Output("y" + i, results.get(i), Output.Role.USER)).toList();
        var parameters = new ArrayList<Parameter>();
        var known = new LinkedHashMap<String, Array>();
        for (var v : graph.values())
            if (v.op() instanceof Param p && known.put(p.name(), floats(world.parameter(p.name()))) == null)
                parameters.add(new Parameter(p.name(), v.type(), Parameter.Init.constant(0), true, Parameter.Role.WEIGHT));
        var entry = new Entry("sample", graph, inputs, outputs);
        var program = new Program("Probe", 1, List.of(entry), new Parameters(parameters), List.copyOf(world.dims().keySet()), List.of(), List.of(), Map.of());
        var compiled = Agreement.compile(program.map(e -> Normalise.of(simplify ? Simplify.of(e) : e)));
        new Agreement(compiled, program, 1e-4, 1, 2).check("sample", data, known);
    }

    private static Array floats(Array array) {
        return new Array(array.shape(), Arrays.stream(array.data()).map(v -> (float) v).toArray());
    }
}
