package dev.kiln.runtime;

import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;

/// Contexts that wait for a call: at most two for each core, more are left to the garbage collector. Taking and giving back is lock-free and needs no memory; the
/// context given back last is mostly the one taken first, so its arena is still in the cache.
final class Contexts {
    private final AtomicReferenceArray<Context> waiting = new AtomicReferenceArray<>(2 * Runtime.getRuntime().availableProcessors());
    private final Supplier<Context> maker;

    Contexts(Supplier<Context> maker) {
        this.maker = maker;
    }

    Context take() {
        for (int i = 0; i < waiting.length(); i++) {
            if (waiting.getPlain(i) == null) continue;
            Context context = waiting.getAndSet(i, null);
            if (context != null) return context;
        }
        return maker.get();
    }

    /// Leaves those that wait to the garbage collector.
    void clear() {
        for (int i = 0; i < waiting.length(); i++) waiting.set(i, null);
    }

    void give(Context context) {
        for (int i = 0; i < waiting.length(); i++) {
            if (waiting.getPlain(i) == null && waiting.compareAndSet(i, null, context)) return;
        }
    }
}
