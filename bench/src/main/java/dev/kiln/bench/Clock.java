package dev.kiln.bench;

import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;

/// What a sample is measured with.
enum Clock {
    /// Time as the caller sees it.
    WALL {
        @Override
        long now() {
            return System.nanoTime();
        }
    },
    /// Time that the calling thread had a core: right on a shared machine, for one thread only.
    CPU {
        @Override
        long now() {
            return THREADS.getCurrentThreadCpuTime();
        }
    };

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();

    /// Nanoseconds since some moment.
    abstract long now();
}
