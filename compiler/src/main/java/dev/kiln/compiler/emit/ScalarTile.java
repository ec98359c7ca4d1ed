package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.TileKey;

/// A tile without vectors. The block of c holds the sums while they grow; the loop over columns is innermost, so that C2 vectorises it by itself.
record ScalarTile(TileKey key, Arguments p) {
    void emit(Code code) {
        var lanes = new ScalarLanes(code);
        code.loop("i", Expr.of(key.rows()), i -> {
            Expr row = code.let("row", p.get("cO").plus(i.times(p.get("cRow"))));
            Expr residual = code.let("rRowO", p.get("rO").plus(i.times(p.get("rRow"))));
            start(code, lanes, row, residual);
            Expr aRow = key.aRow().isPresent() ? Expr.of(key.aRow().getAsInt()) : p.get("aRow");
            Expr aAt = code.let("ai", p.get("aO").plus(i.times(aRow)));
            sum(code, lanes, row, aAt);
            finish(code, lanes, row);
        });
    }

    private void start(Code code, Lanes lanes, Expr row, Expr residual) {
        switch (key.start()) {
            case ACCUMULATE -> {}
            case ZERO -> columns(code, j -> lanes.store(p.get("c"), row.plus(j), lanes.literal(0f)));
            case BIAS -> columns(code, j -> lanes.store(p.get("c"), row.plus(j), lanes.load(p.get("s"), p.get("sO").plus(j))));
            case RESIDUAL -> columns(code, j -> lanes.store(p.get("c"), row.plus(j), lanes.load(p.get("r"), residual.plus(j))));
            case BIAS_RESIDUAL -> columns(code, j -> lanes.store(p.get("c"), row.plus(j),
                    lanes.add(lanes.load(p.get("s"), p.get("sO").plus(j)), lanes.load(p.get("r"), residual.plus(j)))));
        }
    }

    private interface Column {
        void at(Expr j);
    }

    private void columns(Code code, Column body) {
        code.loop("j", Expr.of(key.columns()), body::at);
    }

    private void sum(Code code, Lanes lanes, Expr row, Expr aAt) {
        code.loop("q", p.get("Q"), q -> code.loop("r", p.get("R"), r -> {
            Expr aR = code.let("ar", aAt.plus(q.times(p.get("aQ"))).plus(r.times(p.get("aR"))));
            Expr bR = code.let("br", p.get("bO").plus(q.times(p.get("bQ"))).plus(r.times(p.get("bR"))));
            code.loop("k", p.get("K"), k -> {
                Expr x = code.let("x", p.get("a").at(aR.plus(k.times(p.get("aStep")))));
                for (int column = 0; column < key.columns(); column += TileKey.PANEL) {
                    Expr bAt = code.let("bk", bR.plus(k.times(p.get("bStep"))).plus(p.get("bPanel").times(column / TileKey.PANEL)));
                    Expr cAt = code.let("cp", row.plus(column));
                    code.loop("j", Expr.of(Math.min(TileKey.PANEL, key.columns())), j ->
                            code.store(p.get("c"), cAt.plus(j), lanes.fma(p.get("b").at(bAt.plus(j)), x, p.get("c").at(cAt.plus(j)))));
                }
            });
        }));
    }

    private void finish(Code code, Lanes lanes, Expr row) {
        if (key.act() instanceof Act.None) return;
        columns(code, j -> {
            Expr c = code.let("y", p.get("c").at(row.plus(j)));
            code.store(p.get("c"), row.plus(j), new ActCode(lanes, key.act()).apply(c));
        });
    }
}
