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
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Emits tiles. What the registers of a width hold at once is a block; `run` covers the tile with blocks, each a call of a method.
///
/// There are two methods for a height of block: one for packed b with a along k, whose steps are constants, and one for any steps. They are apart because C2, when it
/// has seen both in one method, no longer finds registers for the accumulators (32 instead of 97 % of peak).
///
/// Where registers hold a whole tile, the methods stand beside `run`. Else blocks are classes of their own, which tiles of all sizes share: a JVM that has just begun
/// compiles one of them after a few calls, whichever tiles call it.
record TileEmitter(TileKey key, Width width) {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final Set<AccessFlag> STATIC = Set.of(AccessFlag.STATIC);

    /// The highest block.
    Block block() {
        int rows = groups().getFirst().rows();
        return new Block(rows, columns(rows));
    }

    private List<RowGroup> groups() {
        return RowGroup.cover(key.rows(), highest(), rows -> {
            var builder = new ClassBuilder(ClassDesc.of("Block"), key.toString(), KernelEmitter.limits(width));
            method(builder, block(rows, true));
            return builder;
        });
    }

    /// The most rows of a block. With 16 vector registers, 6 × 2 accumulators, two columns and a broadcast are 15 (3 × 3, three and one: 13); eight sums keep two scalar multipliers busy.
    private int highest() {
        return switch (width) {
            case W512 -> key.columns() == TileKey.NARROW ? TileKey.NARROW_ROWS : TileKey.highest(key.columns());
            case W256 -> key.columns() == TileKey.NARROW ? 3 : 6;
            case W128 -> 6;
            case W1 -> 2;
        };
    }

    /// The columns of a block: two vectors, and four where so few rows would leave the multipliers waiting. 24 columns, which those do not always divide, are three vectors of 256 bit, or blocks of two of 128.
    private int columns(int rows) {
        return switch (width) {
            case W512 -> key.columns();
            case W256, W128 -> {
                int two = 2 * width.lanes();
                int most = Math.min(key.columns(), rows <= 2 ? 2 * two : two);
                yield key.columns() % most == 0 ? most : width == Width.W256 ? key.columns() : two;
            }
            case W1 -> 4;
        };
    }

    /// One wide vector a row would need a broadcast for every multiply-add: two half as wide, in as many registers, share it (12×16: 94 instead of 70 % of peak). So do three of 24 columns.
    private Width vectors() {
        return width == Width.W512 && key.columns() < TileKey.PANEL ? Width.W256 : width;
    }

    /// Scalar code has no accumulators to lose: one class for all row strides is warm sooner.
    private TileBlock block(int rows, boolean packed) {
        return new TileBlock(vectors(), rows, columns(rows), key.windows(), width == Width.W1 ? OptionalInt.empty() : key.aRow(), key.start(), key.act(), packed);
    }

    /// The tile and the blocks that it calls, the tile first.
    List<GeneratedClass> emit(ClassDesc name) {
        var tile = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        List<RowGroup> groups = groups();
        boolean stepsOverRows = block(key.rows(), false).stepsOverRows();
        Map<Integer, Method> stepped = new TreeMap<>();
        Map<Integer, Method> packed = new TreeMap<>();
        var blocks = new ArrayList<GeneratedClass>();
        for (RowGroup group : groups) {
            int rows = group.rows();
            boolean whole = width == Width.W512;
            var home = whole ? tile : new ClassBuilder(ClassDesc.of(name.packageName(), block(rows, false).className()), block(rows, false).className() + ".block", KernelEmitter.limits(width));
            if (!stepsOverRows) packed.put(rows, method(home, block(rows, true)));
            stepped.put(rows, method(home, block(rows, false)));
            if (!whole) blocks.add(home.build());
        }
        method(tile, PUBLIC_STATIC, "run", (code, p) -> {
            Expr aRow = key.aRow().isPresent() ? Expr.of(key.aRow().getAsInt()) : p.get("aRow");
            var cover = new Cover(width, key.columns(), groups, this::columns, aRow, false);
            Arguments known = p.with("aRow", aRow);
            if (stepsOverRows) cover.emit(code, known, stepped);
            else code.when(p.get("aStep").equalTo(Expr.of(1)).and(p.get("bStep").equalTo(Expr.of(TileKey.PANEL))),
                    () -> cover.emit(code, known, packed),
                    () -> cover.emit(code, known, stepped));
        });
        blocks.addFirst(tile.build());
        return blocks;
    }

    private Method method(ClassBuilder builder, TileBlock block) {
        return method(builder, STATIC, block.method(), (code, p) -> {
            KernelEmitter.idle(code, key, p);
            block.emit(code, p);
        });
    }

    private Method method(ClassBuilder builder, Set<AccessFlag> flags, String name, BiConsumer<Code, Arguments> body) {
        return builder.method(flags, name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(),
                (code, locals) -> body.accept(code, new Arguments(key.parameters(), locals)));
    }
}
