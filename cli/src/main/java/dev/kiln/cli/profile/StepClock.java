package dev.kiln.cli.profile;

import dev.kiln.runtime.StepListener;
import dev.kiln.runtime.StepWork;
import java.util.Arrays;
import java.util.List;

/// Measures the steps of an entry, round by round; what a recording of Java Flight Recorder asks for becomes its events.
final class StepClock implements StepListener {
    private final List<StepWork> steps;
    private final long[][] nanoseconds;
    private int round;
    private long start;
    private StepEvent event = new StepEvent();

    StepClock(List<StepWork> steps, int rounds) {
        this.steps = steps;
        nanoseconds = new long[steps.size()][rounds];
    }

    /// What follows belongs to this round.
    void round(int number) {
        round = number;
    }

    @Override
    public void begins(int step) {
        event = new StepEvent();
        event.begin();
        start = System.nanoTime();
    }

    @Override
    public void ended(int step) {
        nanoseconds[step][round] += System.nanoTime() - start;
        if (!event.shouldCommit()) return;
        event.step = step;
        event.name = steps.get(step).name();
        event.place = steps.get(step).place();
        event.commit();
    }

    /// Nanoseconds of a step in a call, the median of the rounds.
    double median(int step) {
        long[] sorted = nanoseconds[step].clone();
        Arrays.sort(sorted);
        return (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2.0;
    }
}
