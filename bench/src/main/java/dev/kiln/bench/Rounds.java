package dev.kiln.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// Measures contenders side by side: a round takes one sample of each, so that whatever else the machine does befalls all of them alike. Each begins when the others' threads rest,
/// and a sample during which someone else worked on our cores is taken again.
final class Rounds {
    private static final long WARM_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);
    private static final long SAMPLE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /// Before a sample: brings the data into the caches and wakes the workers.
    private static final long REFRESH_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    /// A call that takes longer fills the caches itself.
    private static final long LONG_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    /// Of an item, whose samples take some seconds.
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Clock clock;
    private final int rounds;
    private final BooleanSupplier alone;
    private final Duration patience;
    private long nanosInVain;
    private int again;
    private int shared;

    /// @param alone whether our cores are ours at this moment
    /// @param patience how long samples may be taken in vain; from then on all count
    Rounds(Clock clock, int rounds, BooleanSupplier alone, Duration patience) {
        this.clock = clock;
        this.rounds = rounds;
        this.alone = alone;
        this.patience = patience;
    }

    static Rounds of(Settings settings) {
        return new Rounds(settings.clock(), settings.rounds(), new OwnCores(settings.threads())::alone, PATIENCE);
    }

    /// How often others worked on our cores, in words; none if they never did.
    Optional<String> neighbours() {
        if (again + shared == 0) return Optional.empty();
        return Optional.of(again + " samples taken again because others worked on the same cores, " + shared + " kept all the same");
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
        while (true) {
            long begin = System.nanoTime();
            Quiet.await();
            boolean before = alone.getAsBoolean();
            double seconds = timed(contender, nanos);
            if (before && alone.getAsBoolean()) return seconds;
            if (nanosInVain >= patience.toNanos()) {
                shared++;
                return seconds;
            }
            again++;
            nanosInVain += System.nanoTime() - begin;
        }
    }

    private double timed(Contender contender, long nanos) {
        for (long begin = clock.now(); nanos < LONG_NANOS && clock.now() - begin < REFRESH_NANOS; ) contender.run();
        int calls = (int) Math.max(1, SAMPLE_NANOS / nanos);
        long start = clock.now();
        for (int i = 0; i < calls; i++) contender.run();
        return (clock.now() - start) / 1e9 / calls;
    }
}
