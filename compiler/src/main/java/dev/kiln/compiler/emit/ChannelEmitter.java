package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.ChannelKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/// Emits blocks of contractions that keep the channel: `run` covers them with what the registers of a width hold at once, each a call of a method of its own.
record ChannelEmitter(ChannelKey key, Width width) {
    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        List<RowGroup> groups = groups();
        Map<Integer, Method> blocks = new TreeMap<>();
        for (RowGroup group : groups) blocks.put(group.rows(), new Method(Method.Kind.STATIC, name, "block" + group.rows(), key.descriptor()));
        method(builder, AccessFlag.PUBLIC, "run", (code, p) -> {
            Expr aRow = key.taps().isPresent() ? p.get("aRow").times(key.taps().get().step()) : p.get("aRow");
            new Cover(width, key.columns(), groups, this::columns, aRow, true).emit(code, p, blocks);
        });
        blocks.keySet().forEach(rows -> block(builder, rows));
        return builder.build();
    }

    private List<RowGroup> groups() {
        return RowGroup.cover(key.rows(), highest(), rows -> {
            var builder = new ClassBuilder(ClassDesc.of("Block"), key.toString(), KernelEmitter.limits(width));
            block(builder, rows);
            return builder;
        });
    }

    private void block(ClassBuilder builder, int rows) {
        method(builder, AccessFlag.PRIVATE, "block" + rows, (code, p) -> {
            KernelEmitter.idle(code, key, p);
            new ChannelBlock(key, width, rows, columns(rows), p).emit(code);
        });
    }

    /// The highest block.
    Block block() {
        int rows = groups().getFirst().rows();
        return new Block(rows, columns(rows));
    }

    /// The most rows of a block: with its taps' weights and a place, one vector to a row leaves no more in 16 registers. In 32 there is room for more, but seven rows of two
    /// vectors keep the multipliers busy, and what is unrolled for more takes the JVM too long to compile.
    private int highest() {
        int taps = key.taps().map(ChannelKey.Taps::count).orElse(0);
        return switch (width) {
            case W512 -> Math.min(TileKey.highest(key.columns()), taps > 0 ? 7 : 14);
            case W256, W128 -> taps > 0 ? 13 - taps : 6;
            case W1 -> 2;
        };
    }

    /// The columns of a block: as in a tile, but one vector where the weights of taps are held in 16 registers.
    private int columns(int rows) {
        boolean unrolled = key.taps().isPresent();
        return switch (width) {
            case W512 -> unrolled ? Math.min(key.columns(), TileKey.PANEL) : key.columns();
            case W256, W128 -> Math.min(key.columns(), width.lanes() * (unrolled ? 1 : rows <= 2 ? 4 : 2));
            case W1 -> 4;
        };
    }

    private void method(ClassBuilder builder, AccessFlag access, String name, BiConsumer<Code, Arguments> body) {
        builder.method(Set.of(access, AccessFlag.STATIC), name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(),
                (code, locals) -> body.accept(code, new Arguments(key.parameters(), locals)));
    }
}
