package dev.kiln.cli.data;

import dev.kiln.compiler.check.DataSpec.Columns;
import java.util.List;

/// What one input of a network takes from every row.
/// @param shape the extents of one row, without the batch axis; empty for a single number. One may be open (below zero) until the columns of a row are known
/// @param whole whether the input is `i32`
public record Wanted(String name, boolean whole, List<Long> shape, Columns columns) {
    public Wanted {
        shape = List.copyOf(shape);
    }

    /// Numbers a row.
    int width() {
        return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
    }

    /// With the open axis as long as `numbers` a row make it; itself where nothing is open or no length fits.
    Wanted sized(int numbers) {
        long others = shape.stream().filter(extent -> extent >= 0).reduce(1L, Math::multiplyExact);
        if (shape.stream().allMatch(extent -> extent >= 0) || others == 0 || numbers % others != 0) {
            return this;
        }
        return new Wanted(name, whole, shape.stream().map(extent -> extent < 0 ? Long.valueOf(numbers / others) : extent).toList(), columns);
    }

    @Override
    public String toString() {
        return name + ": " + (whole ? "i32" : "f32") + shape;
    }
}
