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
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Emits tiles. What the registers of a width hold at once is a block; `run` covers the tile with blocks, each a call of a method of its own.
///
/// There are two methods for a height of block: one for packed b with a along k, whose steps are constants, and one for any steps. They are apart because C2, when it
/// has seen both in one method, no longer finds registers for the accumulators (32 instead of 97 % of peak).
record TileEmitter(TileKey key, Width width) {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    private static final Set<AccessFlag> PRIVATE_STATIC = Set.of(AccessFlag.PRIVATE, AccessFlag.STATIC);

    /// The most rows of a block. With 16 vector registers, 6 × 2 accumulators, two columns and a broadcast are 15; eight sums keep two scalar multipliers busy.
    private int highest() {
        return switch (width) {
            case W512 -> TileKey.highest(key.columns());
            case W256, W128 -> 6;
            case W1 -> 2;
        };
    }

    /// The columns of a block: two vectors, and four where so few rows would leave the multipliers waiting.
    private int columns(int rows) {
        return switch (width) {
            case W512 -> key.columns();
            case W256, W128 -> Math.min(key.columns(), width.lanes() * (rows <= 2 ? 4 : 2));
            case W1 -> 4;
        };
    }

    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        List<RowGroup> groups = RowGroup.cover(key.rows(), highest());
        Map<Integer, Method> stepped = new TreeMap<>();
        Map<Integer, Method> packed = new TreeMap<>();
        for (RowGroup group : groups) {
            stepped.put(group.rows(), new Method(Method.Kind.STATIC, name, "stepped" + group.rows(), key.descriptor()));
            if (!stepsOverRows()) packed.put(group.rows(), new Method(Method.Kind.STATIC, name, "packed" + group.rows(), key.descriptor()));
        }
        method(builder, PUBLIC_STATIC, "run", (code, p) -> {
            var cover = new Cover(width, key.columns(), groups, this::columns, key.aRow().isPresent() ? Expr.of(key.aRow().getAsInt()) : p.get("aRow"), false);
            if (stepsOverRows()) cover.emit(code, p, stepped);
            else code.when(p.get("aStep").equalTo(Expr.of(1)).and(p.get("bStep").equalTo(Expr.of(TileKey.PANEL))),
                    () -> cover.emit(code, p, packed),
                    () -> cover.emit(code, p, stepped));
        });
        packed.forEach((rows, m) -> method(builder, PRIVATE_STATIC, m.name(), (code, p) -> new TileBlock(key, width, rows, columns(rows), true, p).emit(code)));
        stepped.forEach((rows, m) -> method(builder, PRIVATE_STATIC, m.name(), (code, p) -> new TileBlock(key, width, rows, columns(rows), false, p).emit(code)));
        return builder.build();
    }

    /// Whether the rows of the tile are neighbours in a, so that k steps over rows of a: the weight gradient.
    private boolean stepsOverRows() {
        return key.aRow().isPresent() && key.aRow().getAsInt() == 1;
    }

    private void method(ClassBuilder builder, Set<AccessFlag> flags, String name, BiConsumer<Code, Arguments> body) {
        builder.method(flags, name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(),
                (code, locals) -> body.accept(code, new Arguments(key.parameters(), locals)));
    }
}
