package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.ClassBuilder;
import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.GeneratedClass;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.SlideKey;
import dev.kiln.compiler.kernel.TileKey;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;

/// Emits windows that slide along rows: for each vector of columns a loop over blocks, without a loop inside, so that no accumulator lives from turn to turn. Where the JVM's quick compiler
/// does not take a block whole, its parts are methods of their own, each of which goes through all blocks.
record SlideEmitter(SlideKey key, Width width) {
    GeneratedClass emit(ClassDesc name) {
        var builder = builder(name);
        var groups = groups();
        if (groups.getFirst().rows() == key.rows()) {
            method(builder, AccessFlag.PUBLIC, "run", (code, p) -> slide(code, p, key.rows()));
            return builder.build();
        }
        method(builder, AccessFlag.PUBLIC, "run", (code, p) -> {
            for (RowGroup group : groups)
                for (int k = 0; k < group.count(); k++) {
                    var part = new Method(Method.Kind.STATIC, name, "block" + group.rows(), key.descriptor());
                    code.run(Expr.callStatic(part, from(p, group.first() + k * group.rows()).all()));
                }
        });
        for (RowGroup group : groups) block(builder, group.rows());
        return builder.build();
    }

    Block block() {
        return new Block(groups().getFirst().rows(), width.lanes());
    }

    private List<RowGroup> groups() {
        return RowGroup.cover(key.rows(), key.rows(), rows -> {
            var builder = builder(ClassDesc.of("Block"));
            block(builder, rows);
            return builder;
        });
    }

    private ClassBuilder builder(ClassDesc name) {
        return new ClassBuilder(name, key.toString(), KernelEmitter.limits(width));
    }

    private void block(ClassBuilder builder, int rows) {
        method(builder, AccessFlag.PRIVATE, "block" + rows, (code, p) -> slide(code, p, rows));
    }

    private void method(ClassBuilder builder, AccessFlag access, String name, BiConsumer<Code, Arguments> body) {
        builder.method(Set.of(access, AccessFlag.STATIC), name, key.descriptor(), key.parameters().stream().map(p -> p.name()).toList(),
                (code, locals) -> body.accept(code, new Arguments(key.parameters(), locals)));
    }

    /// The arguments for the rows of each block from `row` on.
    private Arguments from(Arguments p, int row) {
        return p.with("aO", p.get("aO").plus(p.get("aRow").times(row * key.taps().step())))
                .with("cO", p.get("cO").plus(p.get("cRow").times(row)))
                .with("rO", p.get("rO").plus(p.get("rRow").times(row)));
    }

    /// So many rows of all blocks.
    private void slide(Code code, Arguments p, int rows) {
        KernelEmitter.idle(code, key, p);
        code.loop("j", Expr.of(0), p.get("columns"), width.lanes(), column -> columns(code, p, column, rows));
    }

    /// All blocks of one vector of columns.
    private void columns(Code code, Arguments p, Expr column, int rows) {
        Lanes lanes = new BlockFrame(key.start(), key.act(), width, rows, width.lanes(), true, p).lanes(code);
        Expr bAt = code.let("bAt", p.get("bO").plus(column.over(Expr.of(TileKey.PANEL)).times(p.get("bPanel"))).plus(column.remainder(Expr.of(TileKey.PANEL))));
        var held = new ArrayList<List<List<Expr>>>();
        if (holdsWindow()) for (int w = 0; w < key.lines(); w++) held.add(weights(code, lanes, p, bAt, w));
        Expr aAt = code.let("aAt", p.get("aO").plus(column));
        Expr cAt = code.let("cAt", p.get("cO").plus(column));
        Expr rAt = code.let("rAt", p.get("rO").plus(column));
        var here = p.with("cO", cAt).with("rO", rAt).with("sO", p.get("sO").plus(column));
        var frame = new BlockFrame(key.start(), key.act(), width, rows, width.lanes(), true, here);
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
