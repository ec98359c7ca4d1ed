package dev.kiln.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Measures contenders side by side: a round takes one sample of each, so that whatever else the machine does befalls all of them alike. Each begins when the others' threads rest.
final class Rounds {
    private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /// Before a sample: brings the data into the caches and wakes the workers.
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// A call that takes longer fills the caches itself.
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Clock clock;
    private final int rounds;

    Rounds(Clock clock, int rounds) {
        this.clock = clock;
        this.rounds = rounds;
    }

    /// The samples of each contender, in their order.
    List<Samples> of(List<? extends Contender> contenders) {
        long[] nanos = contenders.stream().mapToLong(this::warm).toArray();
        List<List<Double>> seconds = contenders.stream().<List<Double>>map(_ -> new ArrayList<>()).toList();
        for (int round = 0; round < rounds; round++) {
            for (int i = 0; i < nanos.length; i++) seconds.get(i).add(sample(contenders.get(i), nanos[i]));
        }
        return seconds.stream().map(Samples::new).toList();
    }

    /// Runs a contender until the JVM has compiled it.
    /// @return nanoseconds that a call now takes
    private long warm(Contender contender) {
        long begin = clock.now();
        long fastest = Long.MAX_VALUE;
        do {
            long start = clock.now();
            contender.run();
            fastest = Math.min(fastest, clock.now() - start);
        } while (clock.now() - begin < WARM_NANOS);
        return Math.max(1, fastest);
    }

    /// @param nanos that a call takes
    private double sample(Contender contender, long nanos) {
        Quiet.await();
        for (long begin = clock.now(); nanos < LONG_NANOS && clock.now() - begin < REFRESH_NANOS; ) contender.run();
        int calls = (int) Math.max(1, SAMPLE_NANOS / nanos);
        long start = clock.now();
        for (int i = 0; i < calls; i++) contender.run();
        return (clock.now() - start) / 1e9 / calls;
    }
}
