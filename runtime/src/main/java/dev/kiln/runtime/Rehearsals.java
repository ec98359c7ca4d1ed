package dev.kiln.runtime;

import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Brings the vector kernels of an entry to full speed one by one, see [EntryCode#rehearse].
///
/// The JVM's quick compiler takes up a method after 100 calls if calls and turns of loops are 2000 by then; it counts on in what it makes, and the best compiler takes it up after 600
/// calls and 15000 turns. Had it counted 40000 turns before, it would compile for the one call that runs, for which it takes three times as long, and later all over again. So a
/// rehearsal is many short calls, which keeps high tiles from it, though not all sweeps, windows and tiles of few rows. Every other one is idle, since a call that works makes boxes until the best compiler is done. With fewer that work the compiler takes what stands
/// behind the idle loop for rare, and spills accumulators and addresses there rather than where a call begins: a tile is slower by up to a seventh for good.
final class Rehearsals {
    private static final int IDLE_TURNS = -24;
    /// Calls after which the quick compiler takes over from the interpreter.
    private static final int INTERPRETED = 140;
    /// Calls of a round, of each kind.
    private static final int CALLS = 15;
    /// Rounds that the best compiler wants to see, and some more, since the quick compiler may be late.
    private static final int ROUNDS = 26;
    /// Nanoseconds between those rounds, and between the ones that follow while the compilers work.
    private static final long BREATH = 1_000_000;
    private static final long PAUSE = 8_000_000;
    /// Kernels that are under way at once, so that both compilers always have one to go on with. Where many wait, the quick one compiles the next ones without profiles (tier 2), and
    /// what it then cannot compile with them stays so for good: 50 times too slow.
    private static final int TOGETHER = 3;
    /// What is not warm after this long must not keep the rest from it.
    private static final long LIMIT = 2_000_000_000L;
    private static final int FLAT_CALLS = 3;

    private final EntryCode code;
    private final Width width;
    private final BooleanSupplier stopped;
    /// Those of each step.
    private final int[][] kernels;
    private final float[] zeros;
    private final Deque<UnderWay> underWay = new ArrayDeque<>();
    private final BitSet warm = new BitSet();

    /// A kernel that is not warm yet.
    /// @param rounds how many it has had
    /// @param next   when it has another
    /// @param end    when it is given up
    private record UnderWay(int rehearsal, int rounds, long next, long end) {
        static UnderWay begin(int rehearsal, long now) {
            return new UnderWay(rehearsal, 0, now, now + LIMIT);
        }

        UnderWay again(long now) {
            return new UnderWay(rehearsal, rounds + 1, now + (rounds < ROUNDS ? BREATH : PAUSE), end);
        }
    }

    Rehearsals(EntryCode code, Width width, BooleanSupplier stopped) {
        this.code = code;
        this.width = width;
        this.stopped = stopped;
        kernels = code.rehearsals();
        zeros = new float[code.rehearsalFloats()];
    }

    /// Rehearses the kernels of all steps from a first one on, those first in which the most time is spent.
    /// @param nanoseconds how long each step takes
    /// @param gained      is given the steps, earlier ones too, that call nothing but warm kernels, each time there are more
    void run(int first, long[] nanoseconds, Consumer<int[]> gained) {
        for (int rehearsal : order(first, nanoseconds)) {
            while (underWay.size() >= TOGETHER && !stopped.getAsBoolean()) round(gained);
            if (stopped.getAsBoolean()) return;
            if (isFlat(rehearsal)) {
                warm(rehearsal, gained);
            } else {
                idle(rehearsal, INTERPRETED);
                underWay.addLast(UnderWay.begin(rehearsal, System.nanoTime()));
            }
        }
        while (!underWay.isEmpty() && !stopped.getAsBoolean()) round(gained);
    }

    private int[] order(int first, long[] nanoseconds) {
        Map<Integer, Long> spent = new LinkedHashMap<>();
        for (int step = first; step < kernels.length; step++) for (int kernel : kernels[step]) spent.merge(kernel, nanoseconds[step], Long::sum);
        return spent.entrySet().stream().sorted(Map.Entry.<Integer, Long>comparingByValue().reversed()).mapToInt(Map.Entry::getKey).toArray();
    }

    /// The next kernel's turn.
    private void round(Consumer<int[]> gained) {
        UnderWay kernel = underWay.removeFirst();
        long now = System.nanoTime();
        if (now < kernel.next) {
            underWay.addLast(kernel);
            LockSupport.parkNanos(BREATH);
        } else if (isFlat(kernel.rehearsal)) {
            warm(kernel.rehearsal, gained);
        } else if (now < kernel.end) {
            for (int i = 0; i < CALLS; i++) code.rehearse(width, kernel.rehearsal, zeros, i & 1);
            idle(kernel.rehearsal, CALLS);
            underWay.addLast(kernel.again(System.nanoTime()));
        }
    }

    private void idle(int rehearsal, int calls) {
        for (int i = 0; i < calls; i++) code.rehearse(width, rehearsal, zeros, IDLE_TURNS);
    }

    private boolean isFlat(int rehearsal) {
        for (int i = 0; i < FLAT_CALLS; i++) {
            long before = Allocation.bytes();
            code.rehearse(width, rehearsal, zeros, i & 1);
            if (Allocation.bytes() != before) return false;
        }
        return true;
    }

    private void warm(int rehearsal, Consumer<int[]> gained) {
        warm.set(rehearsal);
        gained.accept(IntStream.range(0, kernels.length).filter(step -> IntStream.of(kernels[step]).anyMatch(k -> k == rehearsal) && isWarm(step)).toArray());
    }

    private boolean isWarm(int step) {
        return IntStream.of(kernels[step]).allMatch(warm::get);
    }

    /// The steps from a first one on that call a kernel which is not warm.
    List<Integer> cold(int first) {
        return IntStream.range(first, kernels.length).filter(step -> !isWarm(step)).boxed().toList();
    }
}
