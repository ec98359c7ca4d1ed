package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;

/// Brings the vector kernels of an entry to full speed. Until the JVM has compiled a kernel with its best compiler each vector operation makes a box, so a kernel is
/// warm when calls stop allocating. First each kernel by itself, then the steps as a call runs them. Tiny dims are enough: what is compiled does not depend on them.
final class Warmer {
    /// Sizes that every dim takes in turn; those that the door refuses are left out. If it refuses all, kernels are warmed and steps are not.
    private static final int[] SIZES = {1, 2, 3, 4, 5, 8, 12, 32, 64};
    /// Vector kernels that are not compiled run slower than scalar ones, so this is long: a busy machine needs it.
    private static final long LIMIT = 60_000_000_000L;
    /// What is not warm after this long must not keep the rest from it.
    private static final long PART_LIMIT = 2_000_000_000L;
    private static final int FLAT_ROUNDS = 3;
    /// Steps that are warmed together: few, as of kernels, see [Rehearsals].
    private static final int TOGETHER = 2;
    /// Floats of the largest arena that is tried: batches of large networks need more memory than all calls that follow.
    private static final int LARGEST = 1 << 24;
    /// Milliseconds that the first call is waited for: on few cores the warm-up and the compiler threads it keeps busy would double its time.
    private static final long FIRST_CALL = 2_000;

    private final Entry entry;
    private final Width width;
    private final Width[] widths;
    private final Context context;
    /// The first step that is warmed.
    private final int first;
    private final List<Trial> trials = new ArrayList<>();

    /// A call on zeros.
    private final class Trial {
        private final Binding binding;
        private final Tensor[] in;
        private final Tensor[] out;

        Trial(Binding binding) {
            this.binding = binding;
            in = Doors.zeros(entry.doors().inputs(), binding);
            out = entry.doors().results(binding);
        }

        void run() {
            entry.runner().tryAll(context, binding, widths, first, in, out);
        }

        void run(int... steps) {
            entry.runner().tryPart(context, binding, width, in, out, steps);
        }
    }

    private Warmer(Entry entry, Width width, Weights.Change change) {
        this.entry = entry;
        this.width = width;
        widths = entry.all(width);
        EntryCode code = entry.code();
        float[] weights = change == Weights.Change.IN_CALLS ? entry.weights().copy().values : entry.weights().values;
        boolean prepared = change == Weights.Change.NEVER && entry.isPrepared();
        first = prepared ? code.prepareSteps() : 0;
        context = new Context(code, 1, weights, prepared ? entry.derived() : entry.emptyDerived());
        for (int size : SIZES) {
            try {
                int[] dims = new int[code.dims().length];
                Arrays.fill(dims, size);
                Binding binding = new Binding(code, dims);
                if (trials.isEmpty() || binding.arena <= LARGEST) trials.add(new Trial(binding));
            } catch (ShapeException _) {
                // not a size this network works on
            }
        }
    }

    /// Warms the kernels of the width that the options ask for and then lets the entry use them. Which width is best is found out on the way: asking the vector module
    /// takes as long as loading all the rest.
    /// @return done when the entry runs at the width, exceptionally when it could not be warmed
    @SuppressWarnings("ThreadPriorityCheck") // a wish, nothing depends on it
    static CompletableFuture<Width> start(Entry entry, Options options, Weights.Change change) {
        Width given = options.width().orElseGet(Width::given);
        if (given == Width.W1) return CompletableFuture.completedFuture(given);
        var ready = new CompletableFuture<Width>();
        Runnable work = () -> {
            try {
                if (options.warm() == Warm.BACKGROUND) entry.awaitCall(FIRST_CALL);
                Width width = given != null ? given : Width.preferred();
                if (width != Width.W1 && options.warm() != Warm.NEVER) new Warmer(entry, width, change).warm();
                entry.width(width);
                ready.complete(width);
            } catch (Throwable t) {
                ready.completeExceptionally(t);
            }
        };
        if (options.warm() == Warm.BACKGROUND) {
            Thread.ofPlatform().daemon().priority(Thread.MIN_PRIORITY).inheritInheritableThreadLocals(false).name("kiln-warm-" + entry.code().name()).start(work);
        } else {
            work.run();
            ready.join();
        }
        return ready;
    }

    /// Each kernel by itself, then the steps as calls run them, those that take longest first; what is not warm in time has another try when all others have had theirs, step by
    /// step; at the end everything as a call runs it.
    private void warm() {
        long end = System.nanoTime() + LIMIT;
        long[] nanoseconds = new long[entry.code().steps()];
        if (!trials.isEmpty()) Arrays.setAll(nanoseconds, trials.getFirst().binding::nanoseconds);
        var rehearsals = new Rehearsals(entry.code(), width, () -> System.nanoTime() > end || entry.isClosed());
        rehearsals.run(first, nanoseconds, gained -> entry.width(width, gained));
        if (trials.isEmpty()) {
            cold(rehearsals.cold(first));
            return;
        }
        int[] steps = IntStream.range(first, nanoseconds.length).boxed().sorted(Comparator.comparingLong((Integer s) -> nanoseconds[s]).reversed()).mapToInt(s -> s).toArray();
        List<Integer> late = new ArrayList<>();
        for (int from = 0; from < steps.length; from += TOGETHER) {
            int[] part = Arrays.copyOfRange(steps, from, Math.min(steps.length, from + TOGETHER));
            if (isFlat(end, part)) entry.width(width, part);
            else for (int s : part) late.add(s);
        }
        List<Integer> cold = new ArrayList<>();
        for (int s : late) {
            if (!isFlat(end, s)) cold.add(s);
            entry.width(width, s);
        }
        cold(cold);
        isFlat(trials.getFirst()::run, end);
    }

    private void cold(List<Integer> steps) {
        if (!entry.isClosed() && Allocation.KNOWN) entry.cold(steps);
    }

    /// Whether these steps allocate nothing in the end. Of each the smallest dims first, they cost least while every vector operation makes boxes.
    private boolean isFlat(long end, int... part) {
        for (Trial trial : trials) if (!isFlat(() -> trial.run(part), end)) return false;
        return true;
    }

    private boolean isFlat(Runnable part, long last) {
        long end = Math.min(last, System.nanoTime() + PART_LIMIT);
        for (int flat = 0; flat < FLAT_ROUNDS; ) {
            long before = Allocation.bytes();
            if (System.nanoTime() > end || entry.isClosed()) return false;
            part.run();
            flat = Allocation.bytes() == before ? flat + 1 : 0;
        }
        return true;
    }
}
