package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;

/// Emits tiles. With vectors the accumulators are locals, one real loop runs over k, and the accumulator is the addend of each multiply-add. What 512-bit registers
/// hold at once, narrower ones compute in blocks, each a method of its own.
record TileEmitter(TileKey key, Width width) {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final Set<AccessFlag> PRIVATE_STATIC = Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC);

    /// The rows of a block with 16 registers: 6 × 2 accumulators, two columns and a broadcast are 15.
    private static final int NARROW_ROWS = 6;

    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        switch (width) {
            case W512 -> run(builder, (code, p) -> new TileBlock(key, width, key.rows(), key.columns(), p).emit(code));
            case W256, W128 -> blocks(builder, name);
            case W1 -> run(builder, (code, p) -> new ScalarTile(key, p).emit(code));
        }
        return builder.build();
    }

    private interface Body {
        void emit(Code code, Arguments arguments);
    }

    private void run(ClassBuilder builder, Body body) {
        method(builder, PUBLIC_STATIC, "run", body);
    }

    private void method(ClassBuilder builder, Set<AccessFlag> flags, String name, Body body) {
        builder.method(flags, name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(),
                (code, locals) -> body.emit(code, new Arguments(key.parameters(), locals)));
    }

    /// `run` calls a block for each group of rows and of columns.
    private void blocks(ClassBuilder builder, ClassDesc owner) {
        List<Integer> heights = heights(key.rows());
        var methods = new TreeMap<Integer, Method>();
        for (int rows : heights) methods.computeIfAbsent(rows, _ -> new Method(Method.Kind.STATIC, owner, "rows" + rows, key.descriptor()));
        run(builder, (code, p) -> {
            Expr aRow = aRow(p);
            int row = 0;
            for (int rows : heights) {
                int columns = columns(rows);
                for (int column = 0; column < key.columns(); column += columns)
                    code.run(Expr.callStatic(methods.get(rows), shifted(p, aRow, row, column)));
                row += rows;
            }
        });
        methods.forEach((rows, method) -> method(builder, PRIVATE_STATIC, method.name(),
                (code, p) -> new TileBlock(key, width, rows, columns(rows), p).emit(code)));
    }

    /// The arguments for the block that starts at this row and column.
    private Expr[] shifted(Arguments p, Expr aRow, int row, int column) {
        return p.with("aO", p.get("aO").plus(aRow.times(row)))
                .with("bO", p.get("bO").plus(p.get("bPanel").times(column / TileKey.PANEL)).plus(column % TileKey.PANEL))
                .with("cO", p.get("cO").plus(p.get("cRow").times(row)).plus(column))
                .with("sO", p.get("sO").plus(column))
                .with("rO", p.get("rO").plus(p.get("rRow").times(row)).plus(column))
                .all();
    }

    private Expr aRow(Arguments p) {
        return key.aRow().isPresent() ? Expr.of(key.aRow().getAsInt()) : p.get("aRow");
    }

    /// The rows in as few groups as possible, as equal as possible.
    static List<Integer> heights(int rows) {
        int groups = Math.ceilDiv(rows, NARROW_ROWS);
        var heights = new ArrayList<Integer>();
        for (int left = rows; groups > 0; groups--) {
            int height = Math.ceilDiv(left, groups);
            heights.add(height);
            left -= height;
        }
        return heights;
    }

    /// Two vectors of columns, and four where so few rows would leave the multipliers waiting.
    private int columns(int rows) {
        return Math.min(key.columns(), width.lanes() * (rows <= 2 ? 4 : 2));
    }
}
