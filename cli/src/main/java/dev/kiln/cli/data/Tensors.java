package dev.kiln.cli.data;

import dev.kiln.cli.UserError;
import dev.kiln.compiler.check.DataSpec;
import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Model;
import dev.kiln.runtime.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Between the doors of an entry and the rows of a file.
public final class Tensors {
    private Tensors() {}

    /// What each input takes from a row.
    /// @param dims the names of the doors' dims, for messages
    public static List<Wanted> wanted(DataSpec data, Model model, Door[] inputs, String... dims) {
        return Arrays.stream(inputs).map(door -> wanted(data, model, door, dims)).toList();
    }

    private static Wanted wanted(DataSpec data, Model model, Door door, String... dims) {
        String name = door.name();
        boolean whole = door.kind() == Door.Kind.INT;
        Columns columns = data.inputs().get(name);
        if (data.lengths().containsValue(name)) {
            return new Wanted.Lengths(name, data.lengths().keySet().stream().filter(ragged -> data.lengths().get(ragged).equals(name)).toList());
        }
        if (door.rank() == 0 || door.axis(0) >= 0) {
            throw UserError.input("%s has no batch axis; the rows of a data file need one in front, such as N", door.print(dims));
        }
        if (model.text(name).isPresent() || data.lengths().containsKey(name)) {
            if (door.rank() != 2) {
                throw UserError.input("%s: a cell holds one number a step, so what is ragged has no axis behind that of time", door.print(dims));
            }
            return new Wanted.Ragged(name, whole, columns, model.text(name));
        }
        List<Long> shape = new ArrayList<>();
        for (int axis = 1; axis < door.rank(); axis++) {
            shape.add((long) door.axis(axis));
        }
        if (shape.stream().filter(extent -> extent < 0).count() > 1) {
            throw UserError.input("%s: the columns of a row say one size, so at most one axis behind the first may be open", door.print(dims));
        }
        return new Wanted.Fixed(name, whole, shape, columns);
    }

    /// A batch as the tensors that an entry takes, in the order of the features.
    public static Tensor[] of(Batch batch) {
        return batch.data().features().stream().map(feature -> feature.tensor(batch.order(), batch.from(), batch.to())).toArray(Tensor[]::new);
    }

    /// Numbers as an input takes them. @param whole whether it is `i32`
    static Tensor of(boolean whole, float[] values, int... shape) {
        if (!whole) {
            return Tensor.of(values, shape);
        }
        int[] ints = new int[values.length];
        Arrays.setAll(ints, i -> (int) values[i]);
        return Tensor.of(ints, shape);
    }
}
