package dev.kiln.compiler.kernel;

import java.util.List;

/// An upper estimate of what the largest method of a rows kernel needs, to be compared with the limits of one kernel before it is emitted.
///
/// @param operations vector operations, over all sweeps
/// @param live       vectors held at a time
public record Cost(int operations, int live) {
    /// Vector operations that one kernel may have, and vectors it may hold in 16 registers. The emitter refuses more.
    public static final int OPERATIONS = 250;

    public static final int LIVE = 15;

    /// The vector operations of 13 rounds and the conversion.
    private static final int DRAW = 64;

    /// What the longest functions hold beyond operands and result.
    private static final int TEMPORARIES = 5;

    /// Whether this takes at most `share` of a kernel's budget.
    public boolean within(double share) {
        return operations <= share * OPERATIONS && live <= LIVE;
    }

    static Cost of(RowsBody body) {
        int operations = body.stores().size();
        int live = 0;
        for (int sweep = 0; sweep <= body.lastSweep(); sweep++) {
            List<Integer> needed = body.needed(sweep);
            for (int n : needed) operations += operations(body.nodes().get(n));
            live = Math.max(live, live(body, needed, sweep == body.lastSweep()));
        }
        for (Node node : body.nodes()) if (node instanceof Node.RowReduce || node instanceof Node.ColumnReduce) operations += 3;
        return new Cost(operations, live);
    }

    private static int operations(Node node) {
        return switch (node) {
            case Node.Read _, Node.RowReduce _, Node.ColumnReduce _ -> 1;
            case Node.Literal _ -> 0;
            case Node.Apply(var fn, _) -> fn.operations();
            case Node.Cast _ -> 2;
            case Node.Draw _ -> DRAW;
        };
    }

    /// The most values alive between two nodes, in the order they stand.
    private static int live(RowsBody body, List<Integer> needed, boolean storing) {
        int[] lastUse = new int[body.nodes().size()];
        for (int n : needed) for (int operand : body.nodes().get(n).operands()) lastUse[operand] = Math.max(lastUse[operand], n);
        if (storing) for (Store s : body.stores()) lastUse[s.node()] = body.nodes().size();
        int most = 0;
        for (int at = 0; at < lastUse.length; at++) {
            if (!needed.contains(at)) continue;
            int alive = 1;
            for (int n : needed) if (n < at && lastUse[n] >= at) alive++;
            boolean heavy = operations(body.nodes().get(at)) > 20;
            most = Math.max(most, alive + (heavy ? TEMPORARIES : 0));
        }
        return most;
    }
}
