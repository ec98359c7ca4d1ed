package dev.kiln.compiler.schedule;

import dev.kiln.compiler.type.Dim;
import java.util.Optional;
import java.util.stream.IntStream;

/// A known number of rows, cut into strips of two heights that differ by one, the higher ones first.
/// @param tallest the most rows of a strip
record RowCut(int rows, int tallest) {
    static final int TALLEST = 12;
    /// What cutting a run part by part may cost beyond strips of the tallest throughout.
    private static final double MOST_MORE = 1.03;

    /// The cut of each part of a run whose length is a multiple of it, such as the pixels of each of some images: where that costs at most 3 % more than the tallest strips throughout, it
    /// computes nothing twice for any number of parts. As [dev.kiln.runtime.Strips], a strip costs one and a half rows beside its own.
    static Optional<RowCut> ofEachPart(Dim run, int tallest) {
        long part = run.terms().stream().mapToLong(term -> Math.abs(term.coefficient())).reduce(0, RowCut::divisor);
        if (part < 1 || part > Integer.MAX_VALUE) return Optional.empty();
        var cut = new RowCut((int) part, tallest);
        return cut.cost() <= MOST_MORE * (part + 1.5 * part / tallest) ? Optional.of(cut) : Optional.empty();
    }

    private static long divisor(long a, long b) {
        return b == 0 ? a : divisor(b, a % b);
    }

    private double cost() {
        return rows + 1.5 * strips();
    }

    int strips() {
        return (rows + tallest - 1) / tallest;
    }

    /// Of the higher strips.
    int height() {
        return (rows + strips() - 1) / strips();
    }

    /// How many strips are a row lower.
    int low() {
        return strips() * height() - rows;
    }

    int high() {
        return strips() - low();
    }

    /// One height for all strips, from `lowest` on, where it divides the rows.
    Optional<Integer> even(int lowest) {
        return IntStream.rangeClosed(lowest, tallest).filter(h -> rows % h == 0).boxed().reduce((_, taller) -> taller);
    }

    /// The first row of a strip.
    IndexExpr first(IndexExpr strip) {
        var whole = strip.times(IndexExpr.number(height()));
        return low() == 0 ? whole : whole.minus(strip.minus(strip.minimum(IndexExpr.number(high()))));
    }

    /// 0 for a higher strip, 1 for a lower one.
    IndexExpr isLow(IndexExpr strip) {
        return low() == 0 ? IndexExpr.number(0) : IndexExpr.number(1).minimum(strip.quotient(IndexExpr.number(high())));
    }
}
