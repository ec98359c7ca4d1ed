package dev.kiln.runtime;

import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.function.LongSupplier;

/// What the current thread has allocated. A small image of the JDK may lack the module that knows; the clock stands in for it, which never stands still.
final class Allocation {
    private static final Optional<LongSupplier> BYTES = find();
    static final boolean KNOWN = BYTES.isPresent();

    private Allocation() {}

    static long bytes() {
        return BYTES.isPresent() ? BYTES.get().getAsLong() : System.nanoTime();
    }

    private static Optional<LongSupplier> find() {
        try {
            return Optional.of(((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())::getCurrentThreadAllocatedBytes);
        } catch (LinkageError | ClassCastException _) {
            return Optional.empty();
        }
    }
}
