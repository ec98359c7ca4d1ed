package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;

/// Whole tensors joined, cut and reshaped.
final class Movements {
    static final List<Move> MOVES = List.of(
            (a, x, f) -> f.hasColumns() && !(f.ragged() && f.rank() == 2) ? a.other(f::equals).flatMap(y -> a.step(f.with(f.rank() - 1, f.last().times(2)), "$y = concat($0, $1)", x, y)) : Optional.empty(),
            (a, x, f) -> f.hasColumns() ? a.step(f.with(f.rank() - 1, f.last().times(3)), "$y = concat($0, -$0, 2 * $0)", x) : Optional.empty(),
            (a, x, f) -> halves(f) ? a.step(f.with(f.rank() - 1, Dim.of(f.last().toInt() / 2)), "$ya, $yb = split($0, 2)\n$y = " + a.of("$ya * sigmoid($yb)", "$ya + $yb", "$yb", "$yb - tanh($ya)"), x) : Optional.empty(),
            (a, x, f) -> halves(f) ? a.step(f.with(f.rank() - 1, Dim.of(f.last().toInt() / 2)), "$y = glu($0)", x) : Optional.empty(),
            (a, x, f) -> f.rank() > 1 && !f.ragged() ? a.step(Form.of(f.dim(0), f.shape().subList(1, f.rank()).stream().reduce(Dim.ONE, Dim::times)), "$y = flatten($0)", x) : Optional.empty(),
            (a, x, f) -> f.rank() == 3 && !f.ragged() ? a.step(Form.of(f.dim(0).times(f.dim(1)), f.dim(2)), "$y = reshape($0, %s, %s)".formatted(f.dim(0).times(f.dim(1)), f.dim(2)), x) : Optional.empty(),
            Movements::parted,
            (a, x, f) -> f.rank() == 2 && !f.ragged() ? a.step(Form.of(f.dim(1), f.dim(0)), "$y = transpose($0)", x) : Optional.empty());

    private Movements() {}

    private static boolean halves(Form f) {
        return f.hasColumns() && f.last().toInt() % 2 == 0 && !(f.ragged() && f.rank() == 2);
    }

    /// The last axis in two, in one order or the other.
    private static Optional<Step> parted(Author a, String x, Form f) {
        if (f.rank() != 2 || !f.hasColumns() || f.ragged()) return Optional.empty();
        int columns = f.last().toInt();
        int rows = a.of(2, 3, 4, 1);
        if (columns % rows != 0) return Optional.empty();
        return a.step(Form.of(f.dim(0), Dim.of(rows), Dim.of(columns / rows)), "$y = reshape($0, %s, %d, %d)".formatted(f.dim(0), rows, columns / rows), x);
    }
}
