package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;

/// What a sample of an operator asks of the one who draws it: sizes and operands. Sizes are drawn where bugs live, around 1, primes and the lane counts.
public interface Draw {
    /// A fresh size, a number or a symbolic dim.
    Dim dim();

    /// A fresh size that is a number, from `low` to `high`.
    int pick(int low, int high);

    /// The number `dim` stands for.
    long size(Dim dim);

    /// An f32 operand with values spread over `[low, high]`, all different, so that no sample lies on a tie.
    Value real(double low, double high, Dim... shape);

    default Value real(Dim... shape) {
        return real(-3, 3, shape);
    }

    /// An i32 operand with values from 0 to below `bound`.
    Value ids(int bound, Dim... shape);

    /// A bool operand.
    Value truth(Dim... shape);
}
