package dev.kiln.cli.data;

import dev.kiln.compiler.check.DataSpec.Columns;
import java.util.List;

/// What one input of a network takes from every row.
/// @param shape the extents of one row, without the batch axis; empty for a single number
/// @param whole whether the input is `i32`
public record Wanted(String name, boolean whole, List<Long> shape, Columns columns) {
    public Wanted {
        shape = List.copyOf(shape);
    }

    /// Numbers a row.
    int width() {
        return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    @Override
    public String toString() {
        return name + ": " + (whole ? "i32" : "f32") + shape;
    }
}
