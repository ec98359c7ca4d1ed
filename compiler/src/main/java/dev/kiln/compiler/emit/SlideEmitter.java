package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/// Emits windows that slide along rows: for each vector of columns a loop over blocks, without a loop inside, so that no accumulator lives from turn to turn.
record SlideEmitter(SlideKey key, Width width) {
    GeneratedClass emit(ClassDesc name) {
        var builder = new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
        builder.method(Set.of(AccessFlag.PUBLIC, AccessFlag.STATIC), "run", key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(), (code, locals) -> {
            var p = new Arguments(key.parameters(), locals);
            KernelEmitter.idle(code, key, p);
            code.loop("j", Expr.of(0), p.get("columns"), width.lanes(), column -> columns(code, p, column));
        });
        return builder.build();
    }

    Block block() {
        return new Block(key.rows(), width.lanes());
    }

    /// All blocks of one vector of columns.
    private void columns(Code code, Arguments p, Expr column) {
        Lanes lanes = new BlockFrame(key.start(), key.act(), width, key.rows(), width.lanes(), true, p).lanes(code);
        Expr bAt = code.let("bAt", p.get("bO").plus(column.over(Expr.of(TileKey.PANEL)).times(p.get("bPanel"))).plus(column.remainder(Expr.of(TileKey.PANEL))));
        var held = new ArrayList<List<List<Expr>>>();
        if (holdsWindow()) for (int w = 0; w < key.lines(); w++) held.add(weights(code, lanes, p, bAt, w));
        Expr aAt = code.let("aAt", p.get("aO").plus(column));
        Expr cAt = code.let("cAt", p.get("cO").plus(column));
        Expr rAt = code.let("rAt", p.get("rO").plus(column));
        var here = p.with("cO", cAt).with("rO", rAt).with("sO", p.get("sO").plus(column));
        var frame = new BlockFrame(key.start(), key.act(), width, key.rows(), width.lanes(), true, here);
        code.loop("k", p.get("blocks"), _ -> {
            List<Expr> sums = frame.start(code, lanes);
            for (int w = 0; w < key.lines(); w++) {
                var weights = holdsWindow() ? held.get(w) : weights(code, lanes, p, bAt, w);
                new SlidingLine(frame, key.taps()).emit(code, lanes, sums, weights, aAt.plus(p.get("aLine").times(w)));
            }
            frame.end(code, lanes, sums);
            code.set(aAt, aAt.plus(p.get("aRow").times(key.rows() * key.taps().step())));
            code.set(cAt, cAt.plus(p.get("cRow").times(key.rows())));
            code.set(rAt, rAt.plus(p.get("rRow").times(key.rows())));
        });
    }

    /// Whether the weights of the whole window stay in registers, else those of a line are loaded for each block.
    private boolean holdsWindow() {
        return width == Width.W512;
    }

    /// The weights of a line of the window, tap by tap.
    private List<List<Expr>> weights(Code code, Lanes lanes, Arguments p, Expr bAt, int line) {
        return IntStream.range(0, key.taps().count())
                .mapToObj(t -> List.of(code.let("b" + line + "_" + t, lanes.load(p.get("b"), bAt.plus(p.get("bLine").times(line)).plus(p.get("bStep").times(t))))))
                .toList();
    }
}
