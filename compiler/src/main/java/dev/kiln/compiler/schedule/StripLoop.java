package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Strip;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// The outermost loop of a contraction that is made in strips of time: its first task of a strip begins with the first row of it.
/// @param ofA  how far the first operand moves with a step
/// @param ofC  how far the result does
/// @param work of all strips that are made before iterations, as factors
/// @param next whether it is the strip behind the one that the loop's iteration reads
record StripLoop(Strip strip, Dim ofA, Dim ofC, List<Dim> work, boolean next) {
    Loops.Axis axis() {
        var every = IndexExpr.size(strip.every());
        return new Loops.Axis("strip", time().plus(every).plus(IndexExpr.number(-1)).quotient(every.maximum(IndexExpr.number(1))));
    }

    /// The first step of this strip, and how far it was moved.
    List<Action> lets() {
        var begin = strip.reverse() ? time().minus(number().plus(IndexExpr.number(1)).times(steps())) : number().times(steps());
        var first = strip.reverse() ? begin.maximum(IndexExpr.number(0)) : begin.minimum(time().minus(steps()));
        return List.of(new Action.Let(name("first"), first), new Action.Let(name("ahead"), variable("first").minus(begin)));
    }

    IndexExpr placeInA() {
        return variable("first").times(IndexExpr.size(ofA));
    }

    IndexExpr placeInC() {
        var place = variable("ahead").times(IndexExpr.size(ofC));
        return strip.beside().isEmpty() ? place : place.plus(turn().times(IndexExpr.size(strip.steps().times(ofC))));
    }

    /// 1 where this strip lies behind the room of the other one. Strips that turn begin with number 0, in a loop that runs backwards behind the other one.
    private IndexExpr turn() {
        var behind = IndexExpr.size(strip.alone());
        var number = next ? number().remainder(IndexExpr.number(2)) : IndexExpr.number(0);
        return strip.reverse() ? behind.minus(number) : number;
    }

    /// 1 where a strip follows the one that the iteration reads and is made beside a product, else 0.
    IndexExpr isThere() {
        return IndexExpr.size(strip.alone()).minimum(IndexExpr.number(0).maximum(time().minus(number().times(steps()))));
    }

    /// Which of the loop's iterations this is from the first that reads the same strip on.
    IndexExpr iteration() {
        return Step.ITERATION.remainder(steps());
    }

    /// The strip behind the one that the iteration at hand reads.
    StripLoop following() {
        return new StripLoop(strip, ofA, ofC, work, true);
    }

    /// Of so many terms of each row those that an iteration makes on average beside itself.
    Dim share(Dim terms) {
        var later = strip.time().minus(strip.steps()).times(terms);
        return later.floorDiv(strip.time().plus(1).minus(strip.time().atMost(Dim.ONE))).times(strip.alone());
    }

    private IndexExpr number() {
        return next ? Step.ITERATION.quotient(steps()).plus(IndexExpr.number(1)) : axis().at();
    }

    private IndexExpr variable(String name) {
        return IndexExpr.variable(name(name));
    }

    private String name(String name) {
        return next ? "next" + Character.toUpperCase(name.charAt(0)) + name.substring(1) : name;
    }

    private IndexExpr time() {
        return IndexExpr.size(strip.time());
    }

    private IndexExpr steps() {
        return IndexExpr.size(strip.steps());
    }
}
