package dev.kiln.runtime;

import java.lang.management.ManagementFactory;
import java.util.function.LongSupplier;

/// What the current thread has allocated. A small image of the JDK may lack the module that knows; the clock stands in for it, which never stands still.
final class Allocation {
    private static final LongSupplier BYTES = find();

    private Allocation() {}

    static long bytes() {
        return BYTES.getAsLong();
    }

    private static LongSupplier find() {
        try {
            return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())::getCurrentThreadAllocatedBytes;
        } catch (LinkageError | ClassCastException _) {
            return System::nanoTime;
        }
    }
}
