package dev.kiln.compiler.schedule;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LoopsTest {
    private static final IndexExpr N = IndexExpr.size(Dim.variable("N"));

    private static Loops.Axis axis(String variable, IndexExpr count) {
        return new Loops.Axis(variable, count);
    }

    private static Loops.Axis axis(String variable, int count) {
        return axis(variable, IndexExpr.number(count));
    }

    private static String print(Loops.Axis... axes) {
        var step = new Loops(List.of(axes)).step("s", Optional.empty(), IndexExpr.number(1), List.of());
        return step.print().replaceAll("\n *", "; ").strip();
    }

    @Test
    void twoLoopsAreTasksAndOthersStandInside() {
        assertEquals("s  tasks {56*N}; i = (task / 56); j = (task % 56); for k < 4;", print(axis("i", N), axis("j", 56), axis("k", 4)));
    }

    @Test
    void aThirdOneIsWhereTwoMayBeFew() {
        assertEquals("s  tasks {28*N}; i = (task / 28); j = ((task / 4) % 7); k = (task % 4); for l < 3;", print(axis("i", N), axis("j", 7), axis("k", 4), axis("l", 3)));
    }

    @Test
    void loopsThatRunOnceAreNone() {
        assertEquals("s  tasks 7; i = task;", print(axis("o", 1), axis("i", 7)));
        assertEquals("s  tasks 1;", print());
    }

    @Test
    void aLoopWhoseCountAnotherOneDecidesIsNoTask() {
        var left = IndexExpr.number(32).minimum(N.minus(IndexExpr.variable("i")));
        assertEquals("s  tasks {N}; i = task; for j < (32 min ({N} + (i * -1)));", print(axis("i", N), axis("j", left)));
    }
}
