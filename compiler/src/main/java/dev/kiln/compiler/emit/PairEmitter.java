package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.kernel.PairKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiFunction;

/// Emits pairs of tiles. Where registers hold both, one loop runs two terms of the first tile beside one of the second: while those two wait for 16 lines of the second cache, 32 cycles at
/// least, multipliers are free for as many products as the second tile has in a term. What is left of either sum has a loop of its own. Narrower registers do one tile after the other.
///
/// @param names of other kernels
record PairEmitter(PairKey key, Width width, BiFunction<KernelKey, Width, ClassDesc> names) {
    private static final Set<AccessFlag> PUBLIC_STATIC = Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC);
    /// Terms of the first tile beside one of the second.
    private static final int TERMS = 2;

    /// The pair and what it calls, the pair first.
    List<GeneratedClass> emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        builder.method(PUBLIC_STATIC, "run", key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(), (code, locals) -> {
            var p = new Arguments(key.parameters(), locals);
            KernelEmitter.idle(code, key, p);
            if (width == Width.W512) both(code, first(p), second(p));
            else {
                call(code, key.first(), first(p));
                call(code, key.second(), second(p));
            }
        });
        var classes = new ArrayList<GeneratedClass>(List.of(builder.build()));
        if (width != Width.W512) for (var tile : List.of(key.first(), key.second())) classes.addAll(new TileEmitter(tile, width).emit(names.apply(tile, width)));
        return classes;
    }

    private void call(Code code, TileKey tile, Arguments p) {
        code.run(Expr.callStatic(new Method(Method.Kind.STATIC, names.apply(tile, width), "run", tile.descriptor()), p.all()));
    }

    private Arguments first(Arguments p) {
        return tile(Map.ofEntries(Map.entry("K", p.get("K")), Map.entry("a", p.get("a")), Map.entry("aO", p.get("aO")), Map.entry("b", p.get("b")), Map.entry("bO", p.get("bO")),
                Map.entry("c", p.get("c")), Map.entry("cO", p.get("cO")), Map.entry("s", p.get("s")), Map.entry("sO", p.get("sO")), Map.entry("r", p.get("r")), Map.entry("rO", p.get("rO")),
                Map.entry("bPanel", p.get("bPanel"))));
    }

    private Arguments second(Arguments p) {
        return tile(Map.of("K", p.get("K2"), "a", p.get("a2"), "aO", p.get("a2O"), "b", p.get("b2"), "bO", p.get("b2O"), "c", p.get("c2"), "cO", p.get("c2O"), "s", p.get("c2"), "r", p.get("c2"),
                "cRow", p.get("c2Row")));
    }

    /// What a tile of packed b with a along k takes.
    private Arguments tile(Map<String, Expr> given) {
        var always = Map.of("aStep", Expr.of(1), "bStep", Expr.of(TileKey.PANEL), "R", Expr.of(1), "Q", Expr.of(1));
        var parameters = key.first().parameters();
        return new Arguments(parameters, parameters.stream().map(p -> given.getOrDefault(p.name(), always.getOrDefault(p.name(), Expr.of(0)))).toList());
    }

    private void both(Code code, Arguments p, Arguments q) {
        TileBlock first = block(key.first());
        TileBlock second = block(key.second());
        BlockFrame frame = frame(first, p);
        BlockFrame other = frame(second, q);
        Lanes lanes = frame.lanes(code);
        List<Expr> sums = frame.start(code, lanes);
        List<Expr> others = other.start(code, lanes);
        List<Expr> rowAt = first.rowAt(code, p);
        List<Expr> otherAt = second.rowAt(code, q);
        Expr together = code.let("together", Expr.callStatic(IndexCode.MINIMUM, p.get("K").over(Expr.of(TERMS)), q.get("K")));
        // the loop counts places of a2, of which there are most
        Expr from = q.get("aO");
        Expr aOrigin = code.let("aOrigin", p.get("aO").minus(from.times(TERMS)));
        Expr bOrigin = code.let("bOrigin", p.get("bO").minus(from.times(TERMS * TileKey.PANEL)));
        Expr otherOrigin = code.let("otherOrigin", q.get("bO").minus(from.times(TileKey.PANEL)));
        Expr end = code.let("end", from.plus(together));
        code.loop("k", from, end, 1, k -> {
            List<Expr> b = second.rowOfB(code, other, lanes, otherOrigin.plus(k.times(TileKey.PANEL)));
            for (int term = 0; term < TERMS; term++) {
                first.products(code, frame, lanes, sums, rowAt, aOrigin.plus(k.times(TERMS)).plus(term), bOrigin.plus(k.times(TERMS * TileKey.PANEL)).plus(term * TileKey.PANEL));
                for (int i = term * second.rows() / TERMS; i < (term + 1) * second.rows() / TERMS; i++) second.products(code, other, lanes, others, otherAt, k, b, i);
            }
        });
        sums.forEach(lanes::known);
        others.forEach(lanes::known);
        Expr done = code.let("done", together.times(TERMS));
        first.packedLoop(code, frame, lanes, sums, rowAt, p.get("aO").plus(done), p.get("bO").plus(done.times(TileKey.PANEL)), p.get("K").minus(done));
        second.packedLoop(code, other, lanes, others, otherAt, from.plus(together), q.get("bO").plus(together.times(TileKey.PANEL)), q.get("K").minus(together));
        frame.end(code, lanes, sums);
        other.end(code, lanes, others);
    }

    private TileBlock block(TileKey tile) {
        return new TileBlock(width, tile.rows(), tile.columns(), false, tile.aRow(), tile.start(), tile.act(), true);
    }

    private BlockFrame frame(TileBlock block, Arguments p) {
        return new BlockFrame(block.start(), block.act(), width, block.rows(), block.columns(), true, p);
    }
}
