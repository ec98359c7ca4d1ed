package dev.kiln.compiler.emit;

import dev.kiln.compiler.bytecode.Code;
import dev.kiln.compiler.bytecode.Expr;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.kernel.Port;
import dev.kiln.compiler.kernel.RowsBody.Extent;
import dev.kiln.compiler.kernel.Store;
import java.util.ArrayList;
import java.util.List;

/// A rows kernel with column reductions: for each vector of columns all rows, in order, with one accumulator a reduction in a register.
record ColumnLoops(Code code, Places places) {
    void emit() {
        Expr n = places.argument("n");
        int lanes = places.width().lanes();
        if (lanes == 1) {
            code.loop("j", n, j -> columns(new ScalarLanes(code), j));
        } else {
            Expr bound = code.let("bound", n.and(Expr.of(-lanes)));
            code.loop("j", Expr.of(0), bound, lanes, j -> columns(places.vectors(), j));
            code.loop("j", bound, n, 1, j -> columns(new ScalarLanes(code), j));
        }
        // what is the same for all columns goes out once
        boolean rowStores = places.body().stores().stream().anyMatch(s -> places.body().ports().get(s.port()).kind() == Port.Kind.ROW);
        if (rowStores) code.loop("r", places.argument("rows"), r -> {
            places.enterRow(r);
            places.computeAll(Extent.ROW, 0);
            places.storeRow();
        });
        places.storeScalars();
    }

    private record Reduction(int number, Node.ColumnReduce node, int port) {
        Combine combine(Lanes lanes) {
            return new Combine(lanes, node.reduction());
        }
    }

    private List<Reduction> reductions() {
        var reductions = new ArrayList<Reduction>();
        for (Store store : places.body().stores())
            if (places.body().nodes().get(store.node()) instanceof Node.ColumnReduce node) reductions.add(new Reduction(store.node(), node, store.port()));
        return reductions;
    }

    private void columns(Lanes lanes, Expr j) {
        List<Reduction> reductions = reductions();
        List<Expr> sums = reductions.stream().map(r -> code.let("column" + r.port, r.combine(lanes).start())).toList();
        code.when(places.argument("start").differsFrom(Expr.of(0)), () -> {
            for (int i = 0; i < sums.size(); i++) code.set(sums.get(i), lanes.load(array(reductions.get(i)), at(reductions.get(i), j)));
        });
        code.loop("r", places.argument("rows"), r -> {
            places.enterRow(r);
            places.computeAll(Extent.ROW, 0);
            var nodes = new NodeCode(code, lanes, places, j);
            for (int n : places.body().order(places.body().lastSweep())) {
                if (!(places.body().nodes().get(n) instanceof Node.ColumnReduce)) nodes.add(n);
                for (int i = 0; i < sums.size(); i++)
                    if (reductions.get(i).number == n) code.set(sums.get(i), reductions.get(i).combine(lanes).apply(sums.get(i), nodes.value(reductions.get(i).node.operand())));
            }
            nodes.storeAll();
        });
        for (int i = 0; i < sums.size(); i++) lanes.store(array(reductions.get(i)), at(reductions.get(i), j), sums.get(i));
    }

    private Expr array(Reduction reduction) {
        return places.argument("p" + reduction.port);
    }

    private Expr at(Reduction reduction, Expr j) {
        return places.argument("p" + reduction.port + "O").plus(j);
    }
}
