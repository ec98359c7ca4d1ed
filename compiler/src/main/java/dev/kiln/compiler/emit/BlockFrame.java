package dev.kiln.compiler.emit;

import static java.lang.constant.ConstantDescs.CD_void;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.Act;
import dev.kiln.compiler.kernel.Start;
import dev.kiln.runtime.Width;
import java.lang.constant.ClassDesc;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/// What all blocks of a contraction have around their loop over k: `rows` × `columns` accumulators that begin with the start, the outer loops, and the end.
/// @param loops whether loops stand around the one over k
record BlockFrame(Start start, Act act, Width width, int rows, int columns, boolean loops, Arguments p) {
    private static final Method FENCE = Method.ofStatic(ClassDesc.of("java.lang.invoke.VarHandle"), "loadLoadFence", CD_void);

    int vectors() {
        return columns / width.lanes();
    }

    Lanes lanes(Code code) {
        return width == Width.W1 ? new ScalarLanes(code) : new VectorLanes(code, width.lanes());
    }

    /// The accumulators, row by row.
    List<Expr> start(Code code, Lanes lanes) {
        var sums = new ArrayList<Expr>();
        for (int i = 0; i < rows; i++)
            for (int v = 0; v < vectors(); v++) sums.add(code.let("c" + i + "_" + v, startOf(code, lanes, sums, i, v)));
        return sums;
    }

    /// The bias is loaded once where no loop stands around the one over k: a tile with a residual that loads it for each row has too many calls of the Vector API, see [ActCode].
    /// @param before the accumulators before this one
    private Expr startOf(Code code, Lanes lanes, List<Expr> before, int i, int v) {
        return switch (start) {
            case ZERO -> lanes.literal(0f);
            case BIAS, BIAS_RESIDUAL -> loops || i == 0 ? biasOfItsOwn(code, lanes, v * width.lanes()) : before.get(v);
            case RESIDUAL -> residual(lanes, i, v);
        };
    }

    private Expr residual(Lanes lanes, int i, int v) {
        return lanes.load(p.get("r"), p.get("rO").plus(p.get("rRow").times(i)).plus(v * width.lanes()));
    }

    /// Loaded anew for each row where loops stand around the one over k: where accumulators begin as one value there, and a safepoint lies around the loop over k (G1 asks for it), C2 spills them in each round, which
    /// takes a third to two thirds of the speed.
    private Expr biasOfItsOwn(Code code, Lanes lanes, int column) {
        fence(code);
        return lanes.load(p.get("s"), p.get("sO").plus(column));
    }

    /// Costs nothing on x86, where wide vectors live, but keeps C2 from moving all loads of a round to its top, where they would push accumulators out of registers, and from
    /// taking two equal loads for one.
    void fence(Code code) {
        if (width == Width.W512 || width == Width.W256) code.run(Expr.callStatic(FENCE));
    }

    /// One loop runs over q and r together: C2 keeps more registers free than with two.
    /// @param sums what the loops carry, whose class C2 loses from loop to loop
    /// @param body given where a and b start
    void outerLoops(Code code, Lanes lanes, List<Expr> sums, BiConsumer<Expr, Expr> body) {
        Expr aAt = code.let("aAt", p.get("aO"));
        Expr bAt = code.let("bAt", p.get("bO"));
        Expr left = code.let("left", p.get("R"));
        code.loop("qr", code.let("QR", p.get("Q").times(p.get("R"))), _ -> {
            sums.forEach(lanes::known);
            body.accept(aAt, bAt);
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

    void end(Code code, Lanes lanes, List<Expr> sums) {
        var end = ActCode.of(code, lanes, act);
        for (int i = 0; i < rows; i++)
            for (int v = 0; v < vectors(); v++) {
                Expr sum = sums.get(i * vectors() + v);
                if (start == Start.BIAS_RESIDUAL) code.set(sum, lanes.add(sum, residual(lanes, i, v)));
                lanes.store(p.get("c"), p.get("cO").plus(p.get("cRow").times(i)).plus(v * width.lanes()), end.apply().apply(sum));
            }
    }
}
