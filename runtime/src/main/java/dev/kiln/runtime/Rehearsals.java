package dev.kiln.runtime;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Deque;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Brings the vector kernels of an entry to full speed one by one, see [EntryCode#rehearse].
///
/// The JVM's best compiler takes up what its quick compiler has made of a method after 600 calls, if by then calls and turns of loops are 15000 together, or after 5000 calls. Had it
/// counted 40000 turns before, it would compile for the one call that runs, for which it takes three times as long, and later all over again. So a rehearsal is many
/// short calls. While the compiler works there are few, since each makes boxes.
final class Rehearsals {
    /// Calls after which the quick compiler takes over from the interpreter: no turn of a loop, the interpreter is slow. Before them a few that touch everything once.
    private static final int INTERPRETED = 250;
    private static final int FIRST = 4;
    /// Calls that the best compiler wants to see.
    private static final int PROFILED = 750;
    private static final int TRIPS = 12;
    /// Calls after a pause, should the quick compiler have been late; each pause is twice as long as the one before.
    private static final int MORE = 200;
    private static final long PAUSE = 10_000_000;
    /// Kernels that wait for the compiler at once, so that it always has one to go on with. Where many wait, it compiles the next ones without profiles (tier 2), and what its quick
    /// compiler then cannot compile with them stays so for good: 50 times too slow.
    private static final int TOGETHER = 2;
    /// What is not warm after this long must not keep the rest from it.
    private static final long LIMIT = 2_000_000_000L;
    private static final int FLAT_CALLS = 3;

    private final EntryCode code;
    private final Width width;
    private final BooleanSupplier stopped;
    private final int[] places;
    private final float[] zeros;
    private final Deque<Waiting> waiting = new ArrayDeque<>();
    private final BitSet warm = new BitSet();

    /// A kernel that has been called as often as should be enough.
    /// @param next when it is called again
    /// @param end  when it is given up
    private record Waiting(int rehearsal, long next, long pause, long end) {
        static Waiting begin(int rehearsal, long now) {
            return new Waiting(rehearsal, now + PAUSE, PAUSE, now + LIMIT);
        }

        Waiting again(long now) {
            return new Waiting(rehearsal, now + 2 * pause, 2 * pause, end);
        }
    }

    Rehearsals(EntryCode code, Width width, BooleanSupplier stopped) {
        this.code = code;
        this.width = width;
        this.stopped = stopped;
        places = code.rehearsals();
        zeros = new float[code.rehearsalFloats()];
    }

    /// Rehearses all kernels, those first in which the most time is spent.
    /// @param binding says how long steps take
    /// @param gained  is given the steps that call nothing but warm kernels, each time there are more
    void run(Binding binding, Consumer<int[]> gained) throws InterruptedException {
        for (int rehearsal : order(binding)) {
            while (waiting.size() >= TOGETHER) await(gained);
            if (isFlat(rehearsal)) {
                warm(rehearsal, gained);
            } else {
                call(rehearsal, FIRST, 1);
                call(rehearsal, INTERPRETED, 0);
                call(rehearsal, PROFILED, TRIPS);
                waiting.addLast(Waiting.begin(rehearsal, System.nanoTime()));
            }
            if (stopped.getAsBoolean()) return;
        }
        while (!waiting.isEmpty() && !stopped.getAsBoolean()) await(gained);
    }

    private int[] order(Binding binding) {
        long[] nanoseconds = new long[IntStream.range(0, places.length / 2).map(i -> places[2 * i + 1] + 1).max().orElse(0)];
        for (int i = 0; i < places.length; i += 2) nanoseconds[places[i + 1]] += binding.nanoseconds(places[i]);
        return IntStream.range(0, nanoseconds.length).boxed().sorted(Comparator.comparingLong((Integer r) -> nanoseconds[r]).reversed()).mapToInt(r -> r).toArray();
    }

    private void await(Consumer<int[]> gained) throws InterruptedException {
        Thread.sleep(1);
        Waiting first = waiting.removeFirst();
        long now = System.nanoTime();
        if (isFlat(first.rehearsal)) {
            warm(first.rehearsal, gained);
        } else if (now < first.next) {
            waiting.addLast(first);
        } else if (now < first.end) {
            call(first.rehearsal, MORE, TRIPS);
            waiting.addLast(first.again(System.nanoTime()));
        }
    }

    private void call(int rehearsal, int calls, int trips) {
        for (int i = 0; i < calls && !stopped.getAsBoolean(); i++) code.rehearse(width, rehearsal, zeros, trips == 0 ? 0 : trips + (i & 1));
    }

    private boolean isFlat(int rehearsal) {
        for (int i = 0; i < FLAT_CALLS; i++) {
            long before = Allocation.bytes();
            code.rehearse(width, rehearsal, zeros, 2 + (i & 1));
            if (Allocation.bytes() != before) return false;
        }
        return true;
    }

    private void warm(int rehearsal, Consumer<int[]> gained) {
        warm.set(rehearsal);
        gained.accept(IntStream.range(0, places.length / 2).filter(i -> places[2 * i + 1] == rehearsal).map(i -> places[2 * i]).filter(this::isWarm).toArray());
    }

    private boolean isWarm(int step) {
        return IntStream.range(0, places.length / 2).filter(i -> places[2 * i] == step).allMatch(i -> warm.get(places[2 * i + 1]));
    }
}
