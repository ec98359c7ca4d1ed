package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Rows that end early: where they end, and what stands behind.
final class Padding {
    private static final double WRONG_ID = -7;

    private Padding() {}

    /// Lengths from 0 to `most`: full and empty rows are as frequent as all others; sometimes all rows are alike. Of the first try the first row is full, so that something flows.
    static Array ends(int[] shape, long most, Random random, boolean first) {
        var ends = Array.zeros(shape);
        int kind = first ? 0 : random.nextInt(6);
        for (int i = 0; i < ends.data().length; i++)
            ends.data()[i] = switch (kind) {
                case 1 -> most;
                case 2 -> 0;
                case 3 -> Math.min(1, most);
                default -> first && i == 0 ? most : random.nextInt(3) == 0 ? most * random.nextInt(2) : random.nextLong(most + 1);
            };
        return ends;
    }

    /// The same run with NaN, or an id that no table has, behind the ends of all rows: no result may change.
    /// @param lengths the inputs that say where rows end, each with the axis that ends there
    static World spoilt(World world, Collection<Value> doors, Map<String, Dim> lengths) {
        var inputs = new HashMap<>(world.inputs());
        for (Value door : doors)
            lengths.forEach((length, axis) -> {
                Value ends = doors.stream().filter(d -> name(d).equals(length)).findFirst().orElseThrow();
                List<Dim> shape = door.type().shape();
                int place = ends.type().rank();
                if (place < shape.size() && shape.get(place).equals(axis) && shape.subList(0, place).equals(ends.type().shape()))
                    inputs.computeIfPresent(name(door), (_, array) -> spoilt(array, world.inputs().get(length), place, door.type().dtype() == DType.f32 ? Double.NaN : WRONG_ID));
            });
        return new World(world.dims(), inputs, world.parameters(), world.seed(), world.step());
    }

    private static Array spoilt(Array array, Array ends, int axis, double value) {
        int inner = Array.size(Arrays.copyOfRange(array.shape(), axis + 1, array.shape().length));
        int steps = array.shape()[axis];
        double[] data = array.data().clone();
        for (int row = 0; row < ends.data().length; row++)
            for (int i = ((int) Math.min(steps, ends.data()[row])) * inner; i < steps * inner; i++) data[row * steps * inner + i] = value;
        return new Array(array.shape(), data);
    }

    private static String name(Value door) {
        return ((Input) door.op()).name();
    }
}
