package dev.kiln.testkit;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.FirstValues;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/// The gradient check of a whole network: its loss with respect to every weight, on random inputs.
public final class NetworkGradients {
    private static final long USUAL_SIZE = 2;
    private static final int PLACES = 1;

    private NetworkGradients() {}

    /// Checks one network.
    /// @param sizes of symbolic dims; those left out are 2
    /// @param found gets what was found of each weight, as soon as it is known
    /// @throws IllegalArgumentException when the network has no `train` entry
    public static void check(Program program, Map<String, Long> sizes, long seed, Consumer<List<GradientCheck.Finding>> found) {
        Entry train = program.entry("train").orElseThrow(() -> new IllegalArgumentException(program.name() + " has no train block"));
        Value loss = train.outputs(Output.Role.LOSS).getFirst().value();
        var dims = new HashMap<String, Long>();
        program.dims().forEach(dim -> dims.put(dim, sizes.getOrDefault(dim, USUAL_SIZE)));
        var random = new Random(seed);
        var inputs = new HashMap<String, Array>();
        for (Value door : train.inputs()) inputs.put(((Input) door.op()).name(), draw(door, dims, random));
        var world = new World(dims, inputs, FirstValues.of(program.parameters(), seed), seed, 1);
        List<Value> weights = train.graph().reachable(List.of(loss)).stream().filter(v -> v.op() instanceof Param(var name, _) && isWeight(program, name)).toList();
        var check = new GradientCheck(train.graph(), world, seed, PLACES);
        for (Value weight : weights) found.accept(check.ofLoss(loss, List.of(weight)));
    }

    private static boolean isWeight(Program program, String name) {
        return program.parameters().find(name).filter(p -> p.role() == Parameter.Role.WEIGHT).isPresent();
    }

    /// Numbers in (0, 1); ids are 0 or 1, which every table and every count of classes above one has.
    private static Array draw(Value door, Map<String, Long> dims, Random random) {
        int[] shape = door.type().shape().stream().mapToInt((Dim d) -> Math.toIntExact(d.evaluate(dims::get))).toArray();
        Array array = Array.zeros(shape);
        for (int i = 0; i < array.data().length; i++) array.data()[i] = door.type().dtype() == DType.f32 ? random.nextDouble() : random.nextInt(2);
        return array;
    }
}
