package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Ahead;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.RowsKey;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// One way along a row: what its reductions need, and in the last sweep what is stored.
///
/// A row reduction has 16 lanes whatever the width: element j goes to lane j mod 16. They lie in scratch or, where a few vectors have 16 lanes, in registers until
/// the tail.
/// @param beside sweeps of other rows that are taken along, place by place
record Sweep(Code code, Places places, int sweep, List<Sweep> beside) {
    /// From so many lanes on, what is left of a row may be half a vector.
    private static final int HALVED = 8;

    Sweep(Code code, Places places, int sweep) {
        this(code, places, sweep, List.of());
    }

    /// Where a reduction's lanes lie.
    static Expr scratch(Places places, int reduction) {
        int before = (int) places.body().nodes().subList(0, reduction).stream().filter(n -> n instanceof Node.RowReduce).count();
        return places.argument("scratchO").plus(before * RowsKey.SCRATCH);
    }

    void emit() {
        List<Integer> reductions = reductions();
        Expr n = places.argument("n");
        int lanes = places.width().lanes();
        if (lanes == 1) {
            reductions.forEach(this::clear);
            code.loop("j", n, j -> place(new ScalarLanes(code), j, Map.of()));
            return;
        }
        int abreast = !beside.isEmpty() ? 1 : places.body().abreast(sweep, lanes, KernelEmitter.limits(places.width()).live());
        List<Map<Integer, Expr>> registers = registers(reductions, abreast);
        Expr wide = code.let("bound", n.and(Expr.of(-lanes * Math.max(1, abreast))));
        Ahead ahead = places.body().ahead();
        if (!ahead.isEmpty()) ahead(ahead, wide, lanes);
        else code.loop("j", Expr.of(0), wide, lanes * Math.max(1, abreast), j -> {
            place(places.vectors(), j, registers.getFirst());
            for (int v = 1; v < abreast; v++) place(places.vectors(), code.let("j" + v, j.plus(v * lanes)), registers.get(v));
        });
        Expr bound = wide;
        boolean few = RowsKey.SCRATCH / lanes <= 2;
        if (!few) leave(reductions, registers);
        if (abreast > 1) {
            bound = code.let("bound", n.and(Expr.of(-lanes)));
            // of two vectors of lanes the first is left over, and a maximum may lie anywhere
            code.loop("j", wide, bound, lanes, j -> place(places.vectors(), j, few ? registers.getFirst() : Map.of()));
        }
        if (few) leave(reductions, registers);
        if (lanes >= HALVED && halves()) {
            Expr half = code.let("bound", n.and(Expr.of(-lanes / 2)));
            code.loop("j", bound, half, lanes / 2, j -> place(new VectorLanes(code, lanes / 2), j, Map.of()));
            bound = half;
        }
        code.loop("j", bound, n, 1, j -> place(new ScalarLanes(code), j, Map.of()));
    }

    /// The first half of each vector before the second of the one before it: one round more than there are vectors. In the first round there is no second half, and in the last one the first
    /// half is computed once more, for nobody. A first half in front of the loop instead would be more than the JVM's quick compiler has registers for.
    private void ahead(Ahead ahead, Expr wide, int lanes) {
        code.when(wide.moreThan(Expr.of(0)), () -> {
            Expr last = code.let("last", wide.minus(lanes));
            List<Expr> carried = ahead.carried().stream().map(_ -> code.let("ahead", places.vectors().literal(0f))).toList();
            code.loop("j", Expr.of(-lanes), wide, lanes, j -> {
                List<Expr> next = carried(ahead, code.let("next", last.when(j.equalTo(last), j.plus(lanes))));
                code.when(j.moreThan(Expr.of(-1)), () -> {
                    var nodes = new NodeCode(code, places.vectors(), places, j);
                    for (int i = 0; i < carried.size(); i++) nodes.take(ahead.carried().get(i), places.vectors().known(carried.get(i)));
                    ahead.second().forEach(nodes::add);
                    nodes.storeAll();
                });
                for (int i = 0; i < carried.size(); i++) code.set(carried.get(i), next.get(i));
            });
        });
    }

    /// The first half at one place.
    private List<Expr> carried(Ahead ahead, Expr j) {
        var nodes = new NodeCode(code, places.vectors(), places, j);
        ahead.first().forEach(nodes::add);
        return ahead.carried().stream().map(nodes::value).toList();
    }

    private List<Integer> reductions() {
        return Stream.concat(places.body().reductions(sweep).stream(), beside.stream().flatMap(b -> b.reductions().stream())).toList();
    }

    private boolean halves() {
        return places.body().halves(sweep) && beside.stream().allMatch(Sweep::halves);
    }

    /// The accumulators in registers of each vector abreast.
    private List<Map<Integer, Expr>> registers(List<Integer> reductions, int abreast) {
        if (abreast == 0) {
            reductions.forEach(this::clear);
            return List.of(Map.of());
        }
        var registers = new ArrayList<Map<Integer, Expr>>();
        for (int v = 0; v < abreast; v++) {
            var ofVector = new HashMap<Integer, Expr>();
            for (int reduction : reductions) ofVector.put(reduction, code.let("lanes" + reduction, combine(places.vectors(), reduction).start()));
            registers.add(ofVector);
        }
        return registers;
    }

    /// Registers go to their lanes of scratch; those of the same lanes are combined.
    private void leave(List<Integer> reductions, List<Map<Integer, Expr>> registers) {
        int whole = RowsKey.SCRATCH / places.width().lanes();
        for (int reduction : reductions) {
            if (registers.getFirst().isEmpty()) continue;
            for (int v = whole; v < registers.size(); v++) {
                Expr register = registers.get(v % whole).get(reduction);
                code.set(register, combine(places.vectors(), reduction).join(register, registers.get(v).get(reduction)));
            }
            for (int v = 0; v < whole; v++) combine(places.vectors(), reduction).store(places.argument("scratch"), scratch(reduction).plus(v * places.width().lanes()), registers.get(v).get(reduction));
        }
    }

    /// All that happens at one place of the row.
    private void place(Lanes lanes, Expr j, Map<Integer, Expr> registers) {
        beside.forEach(b -> b.place(lanes, j, registers));
        var nodes = new NodeCode(code, lanes, places, j);
        places.body().kept().filter(k -> sweep > k.sweep()).ifPresent(k -> nodes.find(k.node(), k.port()));
        for (int n : places.body().order(sweep)) {
            if (places.body().nodes().get(n) instanceof Node.RowReduce(_, int operand)) reduce(lanes, j, n, nodes.value(operand), registers);
            else nodes.add(n);
        }
        places.body().kept().filter(k -> sweep == k.sweep()).ifPresent(k -> nodes.store(k.node(), k.port()));
        if (sweep == places.body().lastSweep()) nodes.storeAll();
    }

    private void reduce(Lanes lanes, Expr j, int reduction, Expr next, Map<Integer, Expr> registers) {
        RowCombine combine = combine(lanes, reduction);
        if (registers.containsKey(reduction)) {
            code.set(registers.get(reduction), combine.apply(registers.get(reduction), next));
        } else {
            Expr at = code.let("lane", scratch(reduction).plus(j.and(Expr.of(RowsKey.SCRATCH - 1))));
            Expr soFar = combine.load(places.argument("scratch"), at);
            combine.store(places.argument("scratch"), at, combine.apply(soFar, next));
        }
    }

    private void clear(int reduction) {
        Expr start = Expr.of(RowCombine.start(kind(reduction)));
        code.loop("i", Expr.of(RowsKey.SCRATCH), i -> code.store(places.argument("scratch"), scratch(reduction).plus(i), start));
    }

    private Expr scratch(int reduction) {
        return scratch(places, reduction);
    }

    private RowCombine combine(Lanes lanes, int reduction) {
        return new RowCombine(code, lanes, kind(reduction));
    }

    private Node.Reduction kind(int reduction) {
        return ((Node.RowReduce) places.body().nodes().get(reduction)).reduction();
    }
}
