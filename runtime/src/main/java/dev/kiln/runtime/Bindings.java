package dev.kiln.runtime;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLong;

/// The bindings of the sixteen tuples of dims that were used last. Finding one takes no lock and no memory.
final class Bindings {
    private static final int KEPT = 16;

    private final EntryCode code;
    private final int threads;
    private final AtomicLong clock = new AtomicLong();
    private volatile Binding[] kept = {};

    /// @param threads of the team
    Bindings(EntryCode code, int threads) {
        this.code = code;
        this.threads = threads;
    }

    Binding get(int... dims) {
        Binding found = find(dims);
        return found != null ? found : add(dims);
    }

    private Binding find(int... dims) {
        for (Binding binding : kept) {
            if (binding.isFor(dims)) {
                // a lost stamp only makes a binding look older than it is
                binding.used = clock.incrementAndGet();
                return binding;
            }
        }
        return null;
    }

    private synchronized Binding add(int... dims) {
        Binding found = find(dims);
        if (found != null) return found;
        var binding = Binding.of(code, threads, dims);
        binding.used = clock.incrementAndGet();
        Binding[] now = kept;
        if (now.length < KEPT) {
            now = Arrays.copyOf(now, now.length + 1);
            now[now.length - 1] = binding;
        } else {
            now = now.clone();
            int oldest = 0;
            for (int i = 1; i < now.length; i++) oldest = now[i].used < now[oldest].used ? i : oldest;
            now[oldest] = binding;
        }
        kept = now;
        return binding;
    }
}
