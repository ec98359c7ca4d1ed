package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.List;

/// A step whose tasks are shared out among the iterations of a loop: `tasks` of them run before each iteration whose number `every` divides.
record Strip(int step, int every, int tasks) {
    /// How many numbers of [EntryCode#strips] say what one is.
    private static final int NUMBERS = 3;

    /// What is made in strips while a loop runs.
    /// @param loop  its number
    /// @param count how often it runs
    static List<Strip> of(EntryCode code, int loop, int count, int... b) {
        int[] numbers = code.strips();
        List<Strip> strips = new ArrayList<>();
        for (int at = 0; at < numbers.length; at += NUMBERS) {
            if (numbers[at + 1] != loop) continue;
            int step = numbers[at];
            int every = Math.max(1, b[numbers[at + 2]]);
            strips.add(new Strip(step, every, code.tasks(b, step) / Math.max(1, Math.ceilDiv(count, every))));
        }
        return List.copyOf(strips);
    }
}
