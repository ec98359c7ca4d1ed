package dev.kiln.runtime;

/// Steps `first..end` of an entry that run `count` times in a binding, inside `depth` other loops.
record Loop(int first, int end, int count, int depth) {

    /// The loops of an entry, outer ones first.
    static Loop[] of(EntryCode code, int... b) {
        int[] numbers = code.loops();
        var loops = new Loop[numbers.length / 4];
        for (int i = 0; i < loops.length; i++) loops[i] = new Loop(numbers[4 * i], numbers[4 * i + 1], b[numbers[4 * i + 2]], numbers[4 * i + 3]);
        return loops;
    }

    /// How deep the loops of an entry stand in each other.
    static int depth(EntryCode code) {
        int depth = 0;
        int[] numbers = code.loops();
        for (int i = 3; i < numbers.length; i += 4) depth = Math.max(depth, numbers[i] + 1);
        return depth;
    }

    /// Does this loop stand in steps `from..to`, right inside `depth` loops?
    boolean standsIn(int from, int to, int depth) {
        return this.depth == depth && from <= first && end <= to;
    }
}
