package dev.kiln.compiler.schedule;

import dev.kiln.compiler.schedule.TileScheduler.Run;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// A long sum over rows of B as they lie, in blocks of some 256 terms: what a block reads of B stays in the cache while all strips of a task pass over it. Each block goes on
/// where the one before has left the sum, so the bits are those of one run.
/// @param run    the outer one of those that are summed over
/// @param length how much of it is a block
record SumBlocks(Run run, IndexExpr length) {
    private static final IndexExpr TERMS = IndexExpr.number(256);
    private static final IndexExpr ONE = IndexExpr.number(1);
    private static final String BLOCK = "part";

    /// @param k the inner run
    /// @param r the run around it
    static SumBlocks of(Run k, Run r) {
        return r.extent().is(1) ? new SumBlocks(k, TERMS) : new SumBlocks(r, TERMS.quotient(IndexExpr.size(k.extent()).maximum(ONE)).maximum(ONE));
    }

    private static IndexExpr block() {
        return IndexExpr.variable(BLOCK);
    }

    /// A sum of nothing is a block, too: it is zero.
    Action.Loop loop(Action body) {
        return new Action.Loop(BLOCK, IndexExpr.size(run.extent()).plus(length).plus(IndexExpr.number(-1)).quotient(length).maximum(ONE), List.of(body));
    }

    /// 0 in the first block, else 1.
    IndexExpr goesOn() {
        return block().minimum(ONE);
    }

    /// How much of `of` one block takes.
    IndexExpr extent(Run of) {
        var whole = IndexExpr.size(of.extent());
        return of.equals(run) ? length.minimum(whole.minus(block().times(length))) : whole;
    }

    /// How far an operand moves up to this block.
    IndexExpr offset(Dim stride) {
        return block().times(length).times(IndexExpr.size(stride));
    }
}
