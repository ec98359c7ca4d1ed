package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Strip;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// The outermost loop of a contraction that is made in strips of time: its first task of a strip begins with the first row of it.
/// @param ofA  how far the first operand moves with a step
/// @param ofC  how far the result does
/// @param work of all strips, as factors
record StripLoop(Strip strip, Dim ofA, Dim ofC, List<Dim> work) {
    private static final IndexExpr FIRST = IndexExpr.variable("first");
    private static final IndexExpr AHEAD = IndexExpr.variable("ahead");

    Loops.Axis axis() {
        return new Loops.Axis("strip", time().plus(steps()).plus(IndexExpr.number(-1)).quotient(steps().maximum(IndexExpr.number(1))));
    }

    /// The first step of this strip, and how far it was moved.
    List<Action> lets() {
        var begin = strip.reverse() ? time().minus(axis().at().plus(IndexExpr.number(1)).times(steps())) : axis().at().times(steps());
        var first = strip.reverse() ? begin.maximum(IndexExpr.number(0)) : begin.minimum(time().minus(steps()));
        return List.of(new Action.Let("first", first), new Action.Let("ahead", FIRST.minus(begin)));
    }

    IndexExpr placeInA() {
        return FIRST.times(IndexExpr.size(ofA));
    }

    IndexExpr placeInC() {
        return AHEAD.times(IndexExpr.size(ofC));
    }

    private IndexExpr time() {
        return IndexExpr.size(strip.time());
    }

    private IndexExpr steps() {
        return IndexExpr.size(strip.steps());
    }
}
