package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.ChannelKey.Taps;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// A line of a window that slides along the rows of a block, unrolled: each place of a is loaded once for all rows that it belongs to.
record SlidingLine(BlockFrame frame, Taps taps) {
    /// Places in the order in which each row meets its taps.
    /// @param weights of each tap, one for each vector of a row
    /// @param aAt     where the first row's first place starts
    void emit(Code code, Lanes lanes, List<Expr> sums, List<List<Expr>> weights, Expr aAt) {
        int vectors = frame.vectors();
        int first = Math.min(0, (taps.count() - 1) * taps.dilation());
        int last = (frame.rows() - 1) * taps.step() + Math.max(0, (taps.count() - 1) * taps.dilation());
        var places = IntStream.rangeClosed(first, last).boxed().toList();
        for (int place : taps.dilation() > 0 ? places : places.reversed()) {
            var uses = uses(place);
            if (uses.isEmpty()) continue;
            frame.fence(code);
            for (int v = 0; v < vectors; v++) {
                Expr at = aAt.plus(frame.p().get("aRow").times(place)).plus(v * frame.width().lanes());
                Expr x = code.let("x" + (place - first) + "_" + v, lanes.load(frame.p().get("a"), at));
                for (var use : uses) code.set(sums.get(use.row * vectors + v), lanes.fma(weights.get(use.tap).get(v), x, sums.get(use.row * vectors + v)));
            }
        }
    }

    /// A tap of a row of the result.
    private record Use(int row, int tap) {}

    private List<Use> uses(int place) {
        var uses = new ArrayList<Use>();
        for (int i = 0; i < frame.rows(); i++)
            for (int t = 0; t < taps.count(); t++) if (i * taps.step() + t * taps.dilation() == place) uses.add(new Use(i, t));
        return uses;
    }
}
