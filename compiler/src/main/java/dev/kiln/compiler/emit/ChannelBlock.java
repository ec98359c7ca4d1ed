package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.ChannelKey.Taps;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.ArrayList;
import java.util.List;

/// What one set of registers holds of a [ChannelKey]'s block. With known taps the window's row is unrolled: its weights stay in registers, and each place of a is loaded
/// once for all rows that it belongs to.
record ChannelBlock(ChannelKey key, Width width, int rows, int columns, Arguments p) {
    void emit(Code code) {
        var frame = new BlockFrame(key.start(), key.act(), width, rows, columns, true, p);
        Lanes lanes = frame.lanes(code);
        List<Expr> sums = frame.start(code, lanes);
        frame.outerLoops(code, lanes, sums, (aAt, bAt) -> {
            if (key.taps().isPresent()) unrolled(code, frame, lanes, sums, aAt, bAt, key.taps().get());
            else stepped(code, frame, lanes, sums, aAt, bAt);
        });
        frame.end(code, lanes, sums);
    }

    private int vectors() {
        return columns / width.lanes();
    }

    private void unrolled(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, Expr aAt, Expr bAt, Taps taps) {
        var weights = new ArrayList<List<Expr>>();
        for (int t = 0; t < taps.count(); t++) weights.add(columnsOfB(code, lanes, "b" + t + "_", bAt.plus(p.get("bStep").times(t))));
        new SlidingLine(frame, taps).emit(code, lanes, sums, weights, aAt);
    }

    private void stepped(Code code, BlockFrame frame, Lanes lanes, List<Expr> sums, Expr aAt, Expr bAt) {
        Expr ak = code.let("ak", aAt);
        Expr bk = code.let("bk", bAt);
        code.loop("k", p.get("K"), _ -> {
            List<Expr> b = columnsOfB(code, lanes, "b", bk);
            for (int i = 0; i < rows; i++) {
                frame.fence(code);
                for (int v = 0; v < vectors(); v++) {
                    Expr x = code.let("x" + i + "_" + v, lanes.load(p.get("a"), ak.plus(p.get("aRow").times(i)).plus(v * width.lanes())));
                    code.set(sums.get(i * vectors() + v), lanes.fma(b.get(v), x, sums.get(i * vectors() + v)));
                }
            }
            code.set(ak, ak.plus(p.get("aStep")));
            code.set(bk, bk.plus(p.get("bStep")));
        });
    }

    private List<Expr> columnsOfB(Code code, Lanes lanes, String name, Expr at) {
        var b = new ArrayList<Expr>();
        for (int v = 0; v < vectors(); v++) {
            int column = v * width.lanes();
            b.add(code.let(name + v, lanes.load(p.get("b"), at.plus(p.get("bPanel").times(column / TileKey.PANEL)).plus(column % TileKey.PANEL))));
        }
        return b;
    }
}
