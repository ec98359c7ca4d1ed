package dev.kiln.cli.profile;

import dev.kiln.runtime.StepListener;
import dev.kiln.runtime.StepWork;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;

/// Finds steps whose kernels allocate in every call, which no kernel does that the JVM's best compiler has compiled: each vector operation makes a box.
final class StepBoxes implements StepListener {
    private final LongSupplier allocated;
    private final long[] least;
    private final long[] bytes;
    private long before;

    StepBoxes(int steps) {
        this(steps, ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())::getCurrentThreadAllocatedBytes);
    }

    /// @param allocated bytes that the caller's thread has taken so far
    StepBoxes(int steps, LongSupplier allocated) {
        this.allocated = allocated;
        least = new long[steps];
        Arrays.fill(least, Long.MAX_VALUE);
        bytes = new long[steps];
    }

    @Override
    public void begins(int step) {
        before = allocated.getAsLong();
    }

    @Override
    public void ended(int step) {
        bytes[step] += allocated.getAsLong() - before;
    }

    /// A call has ended.
    void called() {
        for (int s = 0; s < bytes.length; s++) least[s] = Math.min(least[s], bytes[s]);
        Arrays.fill(bytes, 0);
    }

    /// A sentence for each step that is cold.
    List<String> sentences(List<StepWork> steps) {
        return IntStream.range(0, least.length).filter(s -> least[s] > 0 && least[s] < Long.MAX_VALUE).mapToObj(s -> sentence(s, steps.get(s))).toList();
    }

    private String sentence(int step, StepWork work) {
        String place = work.place().isEmpty() ? "" : " of " + work.place();
        return String.format(Locale.ROOT, "step %d (%s)%s is cold: its kernel makes %,d bytes of boxes a call, as the JVM has not compiled it yet or has given it up", step, work.name(), place, least[step]);
    }
}
