package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Between the doors of an entry and the rows of a file.
public final class Tensors {
    private Tensors() {}

    /// What each input takes from a row.
    /// @param dims the names of the doors' dims, for messages
    public static List<Wanted> wanted(DataSpec data, Door[] inputs, String... dims) {
        List<Wanted> wanted = new ArrayList<>();
        for (Door door : inputs) {
            if (door.rank() == 0 || door.axis(0) >= 0) {
                throw UserError.input("%s has no batch axis; the rows of a data file need one in front, such as N", door.print(dims));
            }
            List<Long> shape = new ArrayList<>();
            for (int axis = 1; axis < door.rank(); axis++) {
                shape.add((long) door.axis(axis));
            }
            if (shape.stream().filter(extent -> extent < 0).count() > 1) {
                throw UserError.input("%s: the columns of a row say one size, so at most one axis behind the first may be open", door.print(dims));
            }
            wanted.add(new Wanted(door.name(), door.kind() == Door.Kind.INT, shape, data.inputs().get(door.name())));
        }
        return wanted;
    }

    /// A batch as the tensors that an entry takes, in the order of the features.
    public static Tensor[] of(Batch batch) {
        return batch.data().features().stream().map(feature -> of(feature, batch)).toArray(Tensor[]::new);
    }

    private static Tensor of(Feature feature, Batch batch) {
        int[] shape = feature.batchShape(batch.rows());
        float[] values = batch.values(feature);
        if (!feature.whole()) {
            return Tensor.of(values, shape);
        }
        int[] whole = new int[values.length];
        Arrays.setAll(whole, i -> (int) values[i]);
        return Tensor.of(whole, shape);
    }
}
