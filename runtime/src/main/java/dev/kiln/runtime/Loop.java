package dev.kiln.runtime;

import java.util.List;

/// Steps `first..end` of an entry that run `count` times in a binding, inside `depth` other loops.
/// @param stop   where in the arena a number stands that is not zero after the last iteration, -1 for a loop that always runs `count` times
/// @param strips what is made while it runs
record Loop(int first, int end, int count, int depth, int stop, List<Strip> strips) {
    /// How many numbers of [EntryCode#loops] say what a loop is.
    private static final int NUMBERS = 5;

    /// The loops of an entry, outer ones first.
    static Loop[] of(EntryCode code, int... b) {
        int[] numbers = code.loops();
        var loops = new Loop[numbers.length / NUMBERS];
        for (int i = 0; i < loops.length; i++) {
            int at = NUMBERS * i;
            int stop = numbers[at + 4];
            loops[i] = new Loop(numbers[at], numbers[at + 1], b[numbers[at + 2]], numbers[at + 3], stop < 0 ? stop : b[stop], Strip.of(code, i, b[numbers[at + 2]], b));
        }
        return loops;
    }

    /// How often a step runs, at most.
    static long runs(int step, Loop... loops) {
        long runs = 1;
        for (Loop loop : loops) if (loop.first <= step && step < loop.end) runs *= loop.count;
        return runs;
    }

    /// How deep the loops of an entry stand in each other.
    static int depth(EntryCode code) {
        int depth = 0;
        int[] numbers = code.loops();
        for (int i = 3; i < numbers.length; i += NUMBERS) depth = Math.max(depth, numbers[i] + 1);
        return depth;
    }

    /// Does this loop stand in steps `from..to`, right inside `depth` loops?
    boolean standsIn(int from, int to, int depth) {
        return this.depth == depth && from <= first && end <= to;
    }

    /// Whether the iteration that is done was the last.
    boolean isOver(float... arena) {
        return stop >= 0 && arena[stop] != 0;
    }
}
