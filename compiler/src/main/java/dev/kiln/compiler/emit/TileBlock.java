package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.BiConsumer;

/// What one set of registers holds of a tile: `rows` × `columns` accumulators, all alive through the loops.
///
/// @param windows whether the sum runs over q and r, too, see [TileKey]
/// @param aRow   the row stride of a
/// @param packed whether a lies along k and b is packed: with these steps known, C2 takes all bounds checks out of the loop over k
record TileBlock(Width width, int rows, int columns, boolean windows, OptionalInt aRow, Start start, Act act, boolean packed) {
    /// The name of the class that tiles with such blocks share; it says all that the block computes.
    String className() {
        return "Block%dx%d%s".formatted(rows, columns, TileKey.ending(windows, aRow, start, act));
    }

    /// The name of the method.
    String method() {
        return (packed ? "packed" : "stepped") + rows;
    }

    /// Whether the rows are neighbours in a, so that k steps over rows of a: the weight gradient.
    boolean stepsOverRows() {
        return aRow.isPresent() && aRow.getAsInt() == 1;
    }

    void emit(Code code, Arguments p) {
        var frame = new BlockFrame(start, act, width, rows, columns, windows, p);
        Lanes lanes = frame.lanes(code);
        List<Expr> sums = frame.start(code, lanes);
        List<Expr> rowAt = rowAt(code, p);
        BiConsumer<Expr, Expr> loop = (aAt, bAt) -> {
            if (packed) packedLoop(code, frame, lanes, sums, rowAt, aAt, bAt, p.get("K"));
            else steppedLoop(code, frame, lanes, sums, rowAt, aAt, bAt);
        };
        // a loop around the one over k, though it runs once, costs up to half the speed under G1: with the safepoints that it asks for C2 finds no registers for all accumulators
        if (windows) frame.outerLoops(code, lanes, sums, loop);
        else loop.accept(p.get("aO"), p.get("bO"));
        frame.end(code, lanes, sums);
    }

    /// How far each row lies behind the first in a.
    List<Expr> rowAt(Code code, Arguments p) {
        Expr stride = aRow.isPresent() ? Expr.of(aRow.getAsInt()) : p.get("aRow");
        var rowAt = new ArrayList<Expr>();
        for (int i = 0; i < rows; i++) rowAt.add(aRow.isPresent() || i == 0 ? stride.times(i) : code.let("row" + i, stride.times(i)));
        return rowAt;
    }

    void packedLoop(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr aAt, Expr bAt, Expr terms) {
        Expr bOrigin = code.let("bOrigin", bAt.minus(aAt.times(TileKey.PANEL)));
        Expr end = code.let("end", aAt.plus(terms));
        code.loop("k", aAt, end, 1, k -> products(code, frame, lanes, sums, rowAt, k, bOrigin.plus(k.times(TileKey.PANEL))));
    }

    private void steppedLoop(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr aAt, Expr bAt) {
        Expr ak = code.let("ak", aAt);
        Expr bk = code.let("bk", bAt);
        code.loop("k", frame.p().get("K"), _ -> {
            products(code, frame, lanes, sums, rowAt, ak, bk);
            code.set(ak, ak.plus(frame.p().get("aStep")));
            code.set(bk, bk.plus(frame.p().get("bStep")));
        });
    }

    /// One round: the row of b that starts at bk times the column of a that starts at ak.
    void products(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr ak, Expr bk) {
        List<Expr> b = rowOfB(code, frame, lanes, bk);
        for (int i = 0; i < rows; i++) products(code, frame, lanes, sums, rowAt, ak, b, i);
    }

    List<Expr> rowOfB(Code code, BlockFrame frame, Lanes lanes, Expr bk) {
        var b = new ArrayList<Expr>();
        for (int v = 0; v < frame.vectors(); v++) {
            int column = v * width.lanes();
            Expr at = bk.plus(frame.p().get("bPanel").times(column / TileKey.PANEL)).plus(column % TileKey.PANEL);
            b.add(code.let("b" + v, lanes.load(frame.p().get("b"), at)));
        }
        return b;
    }

    /// The part of a round for row i.
    void products(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr ak, List<Expr> b, int i) {
        frame.fence(code);
        Expr x = code.let("x" + i, lanes.broadcast(frame.p().get("a").at(ak.plus(rowAt.get(i)))));
        for (int v = 0; v < frame.vectors(); v++) {
            Expr sum = sums.get(i * frame.vectors() + v);
            code.set(sum, lanes.fma(b.get(v), x, sum));
        }
    }
}
