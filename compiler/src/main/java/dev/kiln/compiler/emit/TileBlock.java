package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;

/// What one set of registers holds of a tile: `rows` × `columns` accumulators, all alive through the loops.
///
/// @param packed whether a lies along k and b is packed: with these steps known, C2 takes all bounds checks out of the loop over k
record TileBlock(TileKey key, Width width, int rows, int columns, boolean packed, Arguments p) {
    /// Costs nothing on x86, where wide vectors live, but keeps C2 from moving all loads of a round to its top, where they would push accumulators out of registers.
    private static final Method FENCE = Method.ofStatic(ClassDesc.of("java.lang.invoke.VarHandle"), "loadLoadFence", CD_void);

    private int vectors() {
        return columns / width.lanes();
    }

    void emit(Code code) {
        Lanes lanes = width == Width.W1 ? new ScalarLanes(code) : new VectorLanes(code, width.lanes());
        var act = new ActCode(lanes, key.act());
        List<Expr> sums = start(code, lanes);
        outerLoops(code, lanes, sums);
        for (int i = 0; i < rows; i++)
            for (int v = 0; v < vectors(); v++)
                lanes.store(p.get("c"), p.get("cO").plus(p.get("cRow").times(i)).plus(v * width.lanes()), act.apply(sums.get(i * vectors() + v)));
    }

    private List<Expr> start(Code code, Lanes lanes) {
        var sums = new ArrayList<Expr>();
        for (int i = 0; i < rows; i++)
            for (int v = 0; v < vectors(); v++) {
                int column = v * width.lanes();
                sums.add(code.let("c" + i + "_" + v, startOf(lanes, p, key, i, Expr.of(column))));
            }
        return sums;
    }

    /// What the accumulator of row i begins with, at a column.
    static Expr startOf(Lanes lanes, Arguments p, TileKey key, int i, Expr column) {
        Expr bias = p.get("sO").plus(column);
        Expr residual = p.get("rO").plus(p.get("rRow").times(i)).plus(column);
        return switch (key.start()) {
            case ZERO -> lanes.literal(0f);
            case BIAS -> lanes.load(p.get("s"), bias);
            case RESIDUAL -> lanes.load(p.get("r"), residual);
            case BIAS_RESIDUAL -> lanes.add(lanes.load(p.get("s"), bias), lanes.load(p.get("r"), residual));
            case ACCUMULATE -> lanes.load(p.get("c"), p.get("cO").plus(p.get("cRow").times(i)).plus(column));
        };
    }

    /// One loop runs over q and r together: C2 keeps more registers free than with two.
    private void outerLoops(Code code, Lanes lanes, List<Expr> sums) {
        Expr stride = key.aRow().isPresent() ? Expr.of(key.aRow().getAsInt()) : p.get("aRow");
        var rowAt = new ArrayList<Expr>();
        for (int i = 0; i < rows; i++) rowAt.add(key.aRow().isPresent() || i == 0 ? stride.times(i) : code.let("row" + i, stride.times(i)));
        Expr aAt = code.let("aAt", p.get("aO"));
        Expr bAt = code.let("bAt", p.get("bO"));
        Expr left = code.let("left", p.get("R"));
        code.loop("qr", code.let("QR", p.get("Q").times(p.get("R"))), _ -> {
            if (packed) packedLoop(code, lanes, sums, rowAt, aAt, bAt);
            else steppedLoop(code, lanes, sums, rowAt, aAt, bAt);
            code.set(aAt, aAt.plus(p.get("aR")));
            code.set(bAt, bAt.plus(p.get("bR")));
            code.increment(left, -1);
            code.when(left.equalTo(Expr.of(0)), () -> {
                code.set(aAt, aAt.plus(p.get("aQ")).minus(p.get("R").times(p.get("aR"))));
                code.set(bAt, bAt.plus(p.get("bQ")).minus(p.get("R").times(p.get("bR"))));
                code.set(left, p.get("R"));
            });
        });
    }

    private void packedLoop(Code code, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr aAt, Expr bAt) {
        Expr bOrigin = code.let("bOrigin", bAt.minus(aAt.times(TileKey.PANEL)));
        Expr end = code.let("end", aAt.plus(p.get("K")));
        code.loop("k", aAt, end, 1, k -> products(code, lanes, sums, rowAt, k, bOrigin.plus(k.times(TileKey.PANEL))));
    }

    private void steppedLoop(Code code, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr aAt, Expr bAt) {
        Expr ak = code.let("ak", aAt);
        Expr bk = code.let("bk", bAt);
        code.loop("k", p.get("K"), _ -> {
            products(code, lanes, sums, rowAt, ak, bk);
            code.set(ak, ak.plus(p.get("aStep")));
            code.set(bk, bk.plus(p.get("bStep")));
        });
    }

    /// One round: the row of b that starts at bk times the column of a that starts at ak.
    private void products(Code code, Lanes lanes, List<Expr> sums, List<Expr> rowAt, Expr ak, Expr bk) {
        var b = new ArrayList<Expr>();
        for (int v = 0; v < vectors(); v++) {
            int column = v * width.lanes();
            Expr at = bk.plus(p.get("bPanel").times(column / TileKey.PANEL)).plus(column % TileKey.PANEL);
            b.add(code.let("b" + v, lanes.load(p.get("b"), at)));
        }
        for (int i = 0; i < rows; i++) {
            if (width == Width.W512 || width == Width.W256) code.run(Expr.callStatic(FENCE));
            Expr x = code.let("x" + i, lanes.broadcast(p.get("a").at(ak.plus(rowAt.get(i)))));
            for (int v = 0; v < vectors(); v++) {
                Expr sum = sums.get(i * vectors() + v);
                code.set(sum, lanes.fma(b.get(v), x, sum));
            }
        }
    }
}
