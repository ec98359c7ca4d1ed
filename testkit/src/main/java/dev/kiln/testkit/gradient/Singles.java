package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A run in which every computed number becomes a float, and the double interpreter does the rest: what rounding to float alone does to a network.
final class Singles implements Env.Around {
    private final World world;

    /// @param world of floats
    Singles(World world) {
        this.world = world;
    }

    /// The same run from numbers that floats can hold.
    static World floats(World world) {
        return new World(world.dims(), floats(world.inputs()), floats(world.parameters()), world.seed(), world.step());
    }

    private static Map<String, Array> floats(Map<String, Array> arrays) {
        var floats = new HashMap<>(arrays);
        floats.replaceAll((_, array) -> new Array(array.shape(), Arrays.stream(array.data()).map(v -> (float) v).toArray()));
        return floats;
    }

    @Override
    public void computed(Value v, List<Array> operands, Array y) {
        if (v.type().dtype() != DType.f32) return;
        double[] data = y.data();
        for (int i = 0; i < data.length; i++) data[i] = (float) data[i];
    }

    @Override
    public Env world() {
        return world;
    }
}
