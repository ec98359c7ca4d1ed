package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.IntUnaryOperator;

/// Covers a tile with blocks of registers, each a call of the method for its height.
///
/// @param tileColumns of the tile
/// @param columns     of a block with so many rows
/// @param aRow        the distance of rows in a
/// @param aColumns    whether a runs along the columns, too
record Cover(Width width, int tileColumns, List<RowGroup> groups, IntUnaryOperator columns, Expr aRow, boolean aColumns) {
    void emit(Code code, Arguments p, Map<Integer, Method> methods) {
        for (RowGroup group : groups)
            each(code, "i", group.first(), group.first() + group.rows() * group.count(), group.rows(),
                    row -> each(code, "j", 0, tileColumns, columns.applyAsInt(group.rows()), column -> code.run(Expr.callStatic(methods.get(group.rows()), shifted(p, row, column)))));
    }

    /// A loop, or its body alone where it runs once.
    private static void each(Code code, String name, int from, int to, int step, Consumer<Expr> body) {
        if (from + step == to) body.accept(Expr.of(from));
        else code.loop(name, Expr.of(from), Expr.of(to), step, body);
    }

    /// The arguments for the block that starts at this row and column.
    private Expr[] shifted(Arguments p, Expr row, Expr column) {
        boolean onePanel = tileColumns <= TileKey.PANEL || columns.applyAsInt(groups.getFirst().rows()) == tileColumns;
        Expr panel = onePanel ? Expr.of(0) : column.over(Expr.of(TileKey.PANEL)).times(p.get("bPanel"));
        Expr inPanel = onePanel ? column : column.remainder(Expr.of(TileKey.PANEL));
        Expr aO = p.get("aO").plus(aRow.times(row));
        return p.with("aO", aColumns ? aO.plus(column) : aO)
                .with("bO", p.get("bO").plus(panel).plus(inPanel))
                .with("cO", p.get("cO").plus(p.get("cRow").times(row)).plus(column))
                .with("sO", p.get("sO").plus(column))
                .with("rO", p.get("rO").plus(p.get("rRow").times(row)).plus(column))
                .all();
    }
}
