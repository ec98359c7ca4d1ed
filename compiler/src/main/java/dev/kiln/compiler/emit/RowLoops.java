package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.bytecode.Method;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.RowsBody.Kept;
import dev.kiln.compiler.kernel.RowsKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A rows kernel row by row, each in one or more sweeps.
///
/// A row reduction has 16 lanes whatever the width: element j goes to lane j mod 16. They lie in scratch; where a vector has 16 lanes itself, it stays in a register
/// until the tail.
final class RowLoops {
    private final Code code;
    private final Places places;
    private final Map<Node.Reduction, Method> trees;
    private final Optional<Kept> kept;
    private final Map<Integer, Integer> scratchOf = new HashMap<>();

    RowLoops(Code code, Places places, Map<Node.Reduction, Method> trees) {
        this.code = code;
        this.places = places;
        this.trees = trees;
        kept = places.body().kept();
    }

    void emit() {
        int last = places.body().lastSweep();
        code.loop("r", places.argument("rows"), r -> {
            places.enterRow(r);
            places.computeAll(Extent.ROW, 0);
            for (int sweep = 0; sweep <= last; sweep++) {
                sweep(sweep);
                for (int n : places.body().reductions(sweep)) finish(n);
                places.computeAll(Extent.ROW, sweep + 1);
            }
            places.storeRow();
        });
        places.storeScalars();
    }

    private void sweep(int sweep) {
        List<Integer> reductions = places.body().reductions(sweep);
        for (int n : reductions) scratchOf.putIfAbsent(n, scratchOf.size() * RowsKey.SCRATCH);
        Expr n = places.argument("n");
        int lanes = places.width().lanes();
        if (lanes == 1) {
            reductions.forEach(this::clear);
            code.loop("j", n, j -> place(sweep, new ScalarLanes(code), j, reductions, Map.of()));
            return;
        }
        boolean inRegister = lanes == RowsKey.SCRATCH;
        Expr bound = code.let("bound", n.and(Expr.of(-lanes)));
        var registers = new HashMap<Integer, Expr>();
        for (int reduction : reductions) {
            if (inRegister) registers.put(reduction, code.let("lanes" + reduction, combine(places.vectors(), reduction).start()));
            else clear(reduction);
        }
        code.loop("j", Expr.of(0), bound, lanes, j -> place(sweep, places.vectors(), j, reductions, registers));
        registers.forEach((reduction, register) -> places.vectors().store(places.argument("scratch"), scratch(reduction), register));
        code.loop("j", bound, n, 1, j -> place(sweep, new ScalarLanes(code), j, reductions, Map.of()));
    }

    /// All that happens at one place of the row.
    private void place(int sweep, Lanes lanes, Expr j, List<Integer> reductions, Map<Integer, Expr> registers) {
        var nodes = new NodeCode(code, lanes, places, j);
        kept.filter(k -> sweep > k.sweep()).ifPresent(k -> nodes.find(k.node(), k.port()));
        nodes.computeAll(places.body().needed(sweep));
        kept.filter(k -> sweep == k.sweep()).ifPresent(k -> nodes.store(k.node(), k.port()));
        for (int reduction : reductions) {
            Expr next = nodes.value(operand(reduction));
            Combine combine = combine(lanes, reduction);
            if (registers.containsKey(reduction)) {
                code.set(registers.get(reduction), combine.apply(registers.get(reduction), next));
            } else {
                Expr at = code.let("lane", scratch(reduction).plus(j.and(Expr.of(RowsKey.SCRATCH - 1))));
                Expr soFar = lanes.load(places.argument("scratch"), at);
                lanes.store(places.argument("scratch"), at, combine.apply(soFar, next));
            }
        }
        if (sweep == places.body().lastSweep()) nodes.storeAll();
    }

    private void clear(int reduction) {
        Expr start = Expr.of(Combine.start(kind(reduction)));
        code.loop("i", Expr.of(RowsKey.SCRATCH), i -> code.store(places.argument("scratch"), scratch(reduction).plus(i), start));
    }

    private void finish(int reduction) {
        places.setValue(reduction, code.let("n" + reduction, Expr.callStatic(trees.get(kind(reduction)), places.argument("scratch"), scratch(reduction))));
    }

    private Expr scratch(int reduction) {
        return places.argument("scratchO").plus(scratchOf.get(reduction));
    }

    private Combine combine(Lanes lanes, int reduction) {
        return new Combine(lanes, kind(reduction));
    }

    private Node.Reduction kind(int reduction) {
        return ((Node.RowReduce) places.body().nodes().get(reduction)).reduction();
    }

    private int operand(int reduction) {
        return ((Node.RowReduce) places.body().nodes().get(reduction)).operand();
    }
}
