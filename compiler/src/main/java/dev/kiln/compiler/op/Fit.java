package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.stream.IntStream;

/// What the constructors of operators ask of their operands, said with the numbers.
final class Fit {
    private Fit() {}

    @SuppressWarnings("AnnotateFormatMethod")
    static void require(boolean holds, String message, Object... arguments) {
        if (!holds) throw new IllegalArgumentException(message.formatted(arguments));
    }

    static void dtype(String operator, Value x, DType dtype) {
        require(x.type().dtype() == dtype, "%s needs %s, got %s", operator, dtype, x.type());
    }

    /// Distinct axes of `x`, ascending.
    static void axes(String operator, Value x, List<Integer> axes) {
        int rank = x.type().rank();
        for (int i = 0; i < axes.size(); i++) {
            require(axes.get(i) >= 0 && axes.get(i) < rank, "%s: axis %d of %s, which has %d", operator, axes.get(i), x.type(), rank);
            require(i == 0 || axes.get(i - 1) < axes.get(i), "%s: axes %s are not ascending", operator, axes);
        }
    }

    static void sameRank(String operator, String what, int count, Value x) {
        require(count == x.type().rank(), "%s: %d %s for %s, which has %d axes", operator, count, what, x.type(), x.type().rank());
    }

    /// Axes of a tensor of `rank` that are not in `axes`.
    static List<Integer> others(int rank, List<Integer> axes) {
        return IntStream.range(0, rank).boxed().filter(a -> !axes.contains(a)).toList();
    }

    static List<Dim> without(List<Dim> shape, List<Integer> axes) {
        return others(shape.size(), axes).stream().map(shape::get).toList();
    }
}
