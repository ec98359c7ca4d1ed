package dev.kiln.compiler.schedule;

import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// What a `Rows` kernel touches: an array seen from the axes of the group's space, or an integer that counts along them.
sealed interface RowsPort {
    DType type();

    /// An array seen from the axes of the space.
    /// @param at for each dim of the tensor the axis of the space it follows
    record Tensor(DType type, Storage storage, List<Term> at, boolean written) implements RowsPort {}

    /// `base + Σ axis · step`, an i32.
    record Count(IndexExpr base, List<Dim> steps) implements RowsPort {
        @Override
        public DType type() {
            return DType.i32;
        }
    }

    /// A whole number that is the same everywhere.
    record Whole(IndexExpr value) implements RowsPort {
        @Override
        public DType type() {
            return DType.i32;
        }
    }

    /// One word of the key of a draw.
    record Key(int word, String place) implements RowsPort {
        @Override
        public DType type() {
            return DType.i32;
        }
    }
}
