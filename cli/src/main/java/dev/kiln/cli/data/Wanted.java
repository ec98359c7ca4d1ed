package dev.kiln.cli.data;

import dev.kiln.compiler.check.DataSpec.Columns;
import dev.kiln.runtime.Vocabulary;
import java.util.List;
import java.util.Optional;

/// What one input of a network takes from every row.
public sealed interface Wanted {
    String name();

    /// As many numbers from every row.
    /// @param shape the extents of one row, without the batch axis; empty for a single number. One may be open (below zero) until the columns of a row are known
    /// @param whole whether the input is `i32`
    record Fixed(String name, boolean whole, List<Long> shape, Columns columns) implements Wanted {
        public Fixed {
            shape = List.copyOf(shape);
        }

        /// Numbers a row.
        int width() {
            return Math.toIntExact(shape.stream().reduce(1L, Math::multiplyExact));
        }

        /// With the open axis as long as `numbers` a row make it; itself where nothing is open or no length fits.
        Fixed sized(int numbers) {
            long others = shape.stream().filter(extent -> extent >= 0).reduce(1L, Math::multiplyExact);
            if (shape.stream().allMatch(extent -> extent >= 0) || others == 0 || numbers % others != 0) {
                return this;
            }
            return new Fixed(name, whole, shape.stream().map(extent -> extent < 0 ? Long.valueOf(numbers / others) : extent).toList(), columns);
        }

        @Override
        public String toString() {
            return name + ": " + (whole ? "i32" : "f32") + shape;
        }
    }

    /// A number a step, and steps as many as the row has.
    /// @param text the vocabulary of an input that is text
    record Ragged(String name, boolean whole, Columns columns, Optional<Vocabulary> text) implements Wanted {}

    /// How many steps each row has. @param of the ragged inputs that must agree
    record Lengths(String name, List<String> of) implements Wanted {
        public Lengths {
            of = List.copyOf(of);
        }
    }
}
