package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;

/// The lines of a window that lie inside of the image. Those above its first line and below its last one are left out: they would add products of zeros.
/// @param outer  which of a contraction's outer loops counts the lines of the result
/// @param step   how many lines the window moves from one to the next
/// @param apart  how many lines of the image lie from one of the window to the next
/// @param before how far the first window begins above the image
/// @param height of the image
/// @param window lines of the window
record Inside(int outer, int step, int apart, int before, int height, int window) {
    private static final IndexExpr ABOVE = IndexExpr.variable("above");
    static final IndexExpr LINES = IndexExpr.variable("lines");

    /// None where all windows lie inside, where the first or the last lies outside with all its lines (one between them may have none), and where the binding knows more than we do.
    /// @param index  what is read of the image along its height
    /// @param line   the axis of the result's lines, and how many there are
    /// @param window the axis of the window's lines, and how many there are
    static Optional<Inside> of(int outer, Affine index, Dim height, int line, Dim lines, int window, Dim ofWindow) {
        boolean isWindow = index.divisor() == 1 && index.axes().size() == 2 && index.coefficient(line) > 0 && index.coefficient(window) > 0;
        if (!isWindow || !height.isConstant() || !lines.isConstant() || !ofWindow.isConstant()) return Optional.empty();
        var inside = new Inside(outer, index.coefficient(line), index.coefficient(window), -index.offset(), height.toInt(), ofWindow.toInt());
        return inside.leavesOut(lines.toInt() - 1) ? Optional.of(inside) : Optional.empty();
    }

    private boolean leavesOut(int last) {
        boolean out = before > 0 || below(last) < window;
        return out && above(0) < window && below(0) > above(0) && below(last) > above(last);
    }

    private int above(int at) {
        return Math.ceilDiv(Math.max(0, before - at * step), apart);
    }

    /// The first line of the window that lies below the image, counted from the window's first.
    private int below(int at) {
        return Math.min(window, Math.floorDiv(height - 1 + before - at * step, apart) + 1);
    }

    private IndexExpr at() {
        return IndexExpr.variable("o" + outer);
    }

    /// Of a line of the result: how many lines of the window are left out above, and how many lie inside.
    List<Action> lets() {
        var moved = at().times(IndexExpr.number(-step));
        var above = IndexExpr.number(before).plus(moved).maximum(IndexExpr.number(0)).parts(apart);
        var below = IndexExpr.number(height - 1L + before + apart).plus(moved).quotient(IndexExpr.number(apart)).minimum(IndexExpr.number(window));
        return List.of(new Action.Let("above", above), new Action.Let("lines", below.minus(ABOVE)));
    }

    /// How far the first line inside lies behind the window's first, where neighbouring ones lie so far apart.
    static IndexExpr offset(Dim stride) {
        return ABOVE.times(IndexExpr.size(stride));
    }
}
