package dev.kiln.compiler.kernel;

import dev.kiln.compiler.kernel.RowsBody.Extent;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.stream.IntStream;

/// The vectors that one sweep of a rows kernel holds at a time, when it goes through its nodes in [order][RowsBody#order] and stores at the end.
record Registers(RowsBody body, int sweep) {
    /// Rows of lanes that hide how long a maximum takes.
    private static final int CHAINS = 4;

    /// Vectors of a row that are reduced abreast, each into accumulators of its own, so that at most `may` vectors are alive; 0 where accumulators lie in scratch.
    ///
    /// Sums need 16 lanes in order, whereas a maximum is the same in any order: four chains of it hide what each step waits for.
    int abreast(int lanes, int may) {
        List<Integer> reductions = body.reductions(sweep);
        if (reductions.isEmpty()) return 1;
        int whole = RowsKey.SCRATCH / lanes;
        boolean light = body.needed(sweep).stream().allMatch(n -> node(n) instanceof Node.Read);
        boolean onlyMaxima = reductions.stream().allMatch(r -> ((Node.RowReduce) node(r)).reduction() == Node.Reduction.MAX);
        int room = (may - place()) / reductions.size();
        return IntStream.of(light && onlyMaxima ? CHAINS : 0, whole == 1 || light ? whole : 0).filter(a -> 0 < a && a <= room).findFirst().orElse(0);
    }

    /// What must be in registers: the values of one place and the accumulators of columns.
    int live() {
        return place() + (int) body.stores().stream().filter(s -> node(s.node()) instanceof Node.ColumnReduce).count();
    }

    /// The values of one place, and a vector for each of its reductions.
    int accumulating() {
        return place() + body.reductions(sweep).size();
    }

    /// The values of one place, and what indices add from lane to lane.
    private int place() {
        List<Integer> order = body.order(sweep);
        var last = new HashMap<Integer, Integer>();
        for (int i = 0; i < order.size(); i++) for (int operand : node(order.get(i)).operands()) last.put(operand, i);
        body.kept().filter(k -> k.sweep() == sweep).ifPresent(k -> last.put(k.node(), order.size()));
        if (sweep == body.lastSweep()) for (Store store : body.stores()) if (goesOut(store)) last.put(store.node(), order.size());
        var alive = new HashSet<Integer>();
        body.kept().filter(k -> k.sweep() < sweep).ifPresent(k -> alive.add(k.node()));
        int most = alive.size();
        for (int i = 0; i < order.size(); i++) {
            int at = i;
            Node node = node(order.get(i));
            for (int operand : node.operands()) if (!(node(operand) instanceof Node.Literal)) alive.add(operand);
            int before = alive.size();
            alive.removeIf(n -> last.getOrDefault(n, -1) <= at);
            if (last.getOrDefault(order.get(i), -1) > i) alive.add(order.get(i));
            most = Math.max(most, Math.max(before + temporaries(node), alive.size()));
        }
        boolean spreads = sweep == body.lastSweep() && body.stores().stream().anyMatch(s -> goesOut(s) && body.extent(s.node()) != Extent.FULL);
        int steps = (int) body.ports().stream().filter(p -> p.kind() == Port.Kind.INDEX).count();
        return Math.max(most, alive.size() + (spreads ? 1 : 0)) + steps;
    }

    private boolean goesOut(Store store) {
        return body.ports().get(store.port()).kind() == Port.Kind.STREAM && !(node(store.node()) instanceof Node.ColumnReduce);
    }

    /// What a node holds beside its operands while it is computed.
    private static int temporaries(Node node) {
        return switch (node) {
            case Node.Read _, Node.Literal _, Node.ColumnReduce _ -> 0;
            case Node.RowReduce(var reduction, _) -> reduction == Node.Reduction.MAX ? 1 : 0;
            case Node.Cast _ -> 1;
            case Node.Apply(var fn, _) -> temporaries(fn.operations());
            case Node.Draw _ -> 5;
        };
    }

    /// That of the widest function of so many operations.
    private static int temporaries(int operations) {
        return operations >= 100 ? 8 : operations >= 40 ? 6 : operations >= 18 ? 4 : operations >= 8 ? 3 : 1;
    }

    private Node node(int n) {
        return body.nodes().get(n);
    }
}
