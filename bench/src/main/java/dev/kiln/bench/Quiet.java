package dev.kiln.bench;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Waits until no thread of this process works. Workers spin for a while after a call, some libraries' for many milliseconds, and the JVM compiles: on as many cores as
/// contenders have threads, either would take one from whoever is measured next.
final class Quiet {
    private static final OperatingSystemMXBean SYSTEM = (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private static final long GLANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);
    /// Of one core: what looking takes, and no more.
    private static final double IDLE = 0.1;
    /// Whoever never rests is not waited for.
    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(2);

    private Quiet() {}

    static void await() {
        for (long begin = System.nanoTime(); System.nanoTime() - begin < LONGEST_NANOS; ) {
            long start = System.nanoTime();
            long before = SYSTEM.getProcessCpuTime();
            LockSupport.parkNanos(GLANCE_NANOS);
            if (SYSTEM.getProcessCpuTime() - before < IDLE * (System.nanoTime() - start)) return;
        }
    }
}
