package dev.kiln.compiler.kernel;

import dev.kiln.compiler.kernel.RowsBody.Extent;
import java.util.List;

/// An upper estimate of what the largest method of a rows kernel needs. What [fits][#fits] is not refused by the emitter.
///
/// @param operations vector operations, over all sweeps
/// @param live       vectors held at a time
/// @param bytes      of code
public record Cost(int operations, int live, int bytes) {
    /// What one kernel may have, with 16 registers: the limits of the emitter, somewhat lower where the estimate is one of averages.
    private static final int OPERATIONS = 240;
    private static final int LIVE = 15;
    private static final int BYTES = 6000;

    /// The vector operations of 13 rounds and the conversion.
    private static final int DRAW = 64;

    /// Bytes of an operation on vectors together with its like for the last elements of a row, and of one on scalars; of a port, a store, a reduction, a sweep.
    private static final int VECTOR = 20;
    private static final int SCALAR = 11;
    private static final int PORT = 28;
    private static final int STORE = 100;
    private static final int REDUCTION = 80;
    private static final int COLUMN_REDUCTION = 140;
    private static final int SWEEP = 110;

    public boolean fits() {
        return operations <= OPERATIONS && bytes <= BYTES && fitsRegisters();
    }

    public boolean fitsRegisters() {
        return live <= LIVE;
    }

    /// With some nodes once more, and so many vectors more held meanwhile.
    Cost twice(List<Node> again, int held) {
        int more = again.stream().mapToInt(Cost::operations).sum();
        return new Cost(operations + more, live + held, bytes + more * VECTOR);
    }

    static Cost of(RowsBody body) {
        int along = 0;
        int live = 0;
        int bytes = SWEEP + body.ports().size() * PORT + body.stores().size() * STORE;
        for (int sweep = 0; sweep <= body.lastSweep(); sweep++) {
            for (int n : body.needed(sweep)) along += operations(body.nodes().get(n));
            live = Math.max(live, new Registers(body, sweep).live());
            bytes += SWEEP;
        }
        int reductions = 0;
        List<Extent> extents = body.extents();
        // what is the same along a row is computed in three loops where columns are reduced: that over vectors, that over single columns, and that which sends it out
        int timesInRow = body.hasColumnReduction() ? 3 : 1;
        for (int n = 0; n < body.nodes().size(); n++) {
            Node node = body.nodes().get(n);
            boolean reduces = node instanceof Node.RowReduce || node instanceof Node.ColumnReduce;
            if (reduces) reductions++;
            else if (extents.get(n) != Extent.FULL) bytes += operations(node) * SCALAR * (extents.get(n) == Extent.ROW ? timesInRow : 1);
        }
        bytes += along * VECTOR + reductions * (body.hasColumnReduction() ? COLUMN_REDUCTION : REDUCTION);
        return new Cost(along + body.stores().size() + 3 * reductions, live, bytes);
    }

    static int operations(Node node) {
        return switch (node) {
            case Node.Read _, Node.ColumnReduce _ -> 1;
            case Node.RowReduce(var reduction, _) -> reduction == Node.Reduction.MAX ? 5 : 1;
            case Node.Literal _ -> 0;
            case Node.Apply(var fn, _) -> fn.operations();
            case Node.Cast _ -> 2;
            case Node.Draw _ -> DRAW;
        };
    }
}
