package dev.kiln.bench;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;

/// Whether this process has its cores to itself. A virtual core is one of two threads of a real one: while the other works, for whoever it belongs to, independent operations
/// on integers, which fill every slot of issue, take half as long again, and so does a kernel of four operations a cycle; one of two hardly notices (docs/decisions/0015).
final class OwnCores {
    /// Some 0.1 milliseconds.
    private static final int STEPS = 100_000;
    private static final int COMPILED = 500;
    /// A core that is not shared takes at most this much longer than the fastest look; a shared one 1.5 times as long.
    private static final double ALONE = 1.05;

    private static final AtomicLong FASTEST = new AtomicLong(Long.MAX_VALUE);

    private final ExecutorService others = Executors.newCachedThreadPool(Thread.ofPlatform().daemon().name("probe-", 0).factory());
    private final List<Callable<Long>> elsewhere;
    /// Goes into each look and comes out of it: what is computed is used.
    private volatile long seed = 1;

    /// @param cores that contenders use
    OwnCores(int cores) {
        elsewhere = Collections.nCopies(cores - 1, this::probe);
        for (int i = 0; i < COMPILED; i++) probe();
    }

    /// Looks once: true if none of the cores is slower than the fastest that this process ever saw.
    boolean alone() {
        try {
            List<Future<Long>> probes = new ArrayList<>();
            for (Callable<Long> p : elsewhere) probes.add(others.submit(p));
            long slowest = probe();
            for (Future<Long> p : probes) slowest = Math.max(slowest, p.get());
            return slowest <= ALONE * FASTEST.get();
        } catch (ExecutionException e) {
            throw new BenchException("a look at the cores failed: " + e.getCause(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
    }

    /// @return nanoseconds
    private long probe() {
        long start = System.nanoTime();
        seed = mixed(seed, STEPS);
        long nanos = System.nanoTime() - start;
        FASTEST.accumulateAndGet(nanos, Math::min);
        return nanos;
    }

    /// Eight chains that do not wait for one another, of operations that no compiler takes together.
    private static long mixed(long seed, int steps) {
        long a = seed;
        long b = 2;
        long c = 3;
        long d = 4;
        long e = 5;
        long f = 6;
        long g = 7;
        long h = 8;
        for (int i = 0; i < steps; i++) {
            a ^= a << 1;
            b ^= b << 1;
            c ^= c << 1;
            d ^= d << 1;
            e ^= e << 1;
            f ^= f << 1;
            g ^= g << 1;
            h ^= h << 1;
        }
        return a ^ b ^ c ^ d ^ e ^ f ^ g ^ h;
    }
}
