package dev.kiln.runtime;

/// What an entry knows of one tuple of dims: everything that has to be computed once for it.
final class Binding {
    /// A step of less work than this many nanoseconds is done sooner by one thread, even if the others wait for it.
    private static final long WORTH_SHARING = 5_000;
    /// A call with less work to share is done before another thread is awake.
    private static final long WORTH_WAKING = 50_000;

    final int[] b;
    /// Floats of the arena.
    final int arena;
    /// The number of tasks of each step.
    final int[] tasks;
    private final long[] nanoseconds;
    /// Which steps a loop runs strip by strip.
    final boolean[] inStrips;
    /// How many threads may share each step, or each strip of it, 1 where it is too small.
    final int[] parts;
    final boolean shared;
    /// Whether what can be shared takes no longer than waking who could help.
    final boolean small;
    /// The loops around steps, outer ones first.
    final Loop[] loops;
    /// What runs for some of the rows at a time, null where nothing does.
    final Chains chains;
    /// When it was last asked for, for the cache.
    long used;

    /// With all rows at once.
    /// @throws ShapeException when a condition at the door fails, or the sizes are too large
    Binding(EntryCode code, int... dims) {
        this(code, 0, true, code.slots(), dims);
    }

    /// With chains in blocks of rows.
    /// @throws ShapeException when a condition at the door fails, or the sizes are too large
    static Binding of(EntryCode code, int threads, int... dims) {
        return new Binding(code, threads, true, Chains.outside(code, threads, dims), dims);
    }

    /// For a part of the rows, and some of the slots; what is asked at the door has been asked for all rows.
    static Binding block(EntryCode code, int[] slots, int... dims) {
        return new Binding(code, 0, false, slots, dims);
    }

    private Binding(EntryCode code, int threads, boolean asks, int[] slots, int... dims) {
        b = new int[code.bindingLength()];
        System.arraycopy(dims, 0, b, 0, dims.length);
        String refusal = asks ? code.check(b) : null;
        if (refusal != null) throw new ShapeException(code.name() + ": " + refusal + " (" + print(code) + ")");
        try {
            code.derive(b);
            int top = Placement.place(b, slots);
            chains = Chains.of(code, threads, top - Alignment.FIRST, dims);
            arena = Math.addExact(chains == null ? top : Math.addExact(top, chains.arena()), Weights.SLACK);
        } catch (ArithmeticException e) {
            throw new ShapeException(code.name() + ": sizes are too large (" + print(code) + "): " + e.getMessage());
        }
        loops = Loop.of(code, b);
        int steps = code.steps();
        tasks = new int[steps];
        nanoseconds = new long[steps];
        parts = new int[steps];
        for (int s = 0; s < steps; s++) {
            tasks[s] = code.tasks(b, s);
            nanoseconds[s] = code.cost(s) < 0 ? 0 : (long) tasks[s] * b[code.cost(s)];
            parts[s] = parts(tasks[s], nanoseconds[s]);
        }
        inStrips = new boolean[steps];
        for (Loop loop : loops)
            for (Strip strip : loop.strips()) {
                int s = strip.step();
                inStrips[s] = true;
                parts[s] = parts(strip.tasks(), nanoseconds[s] * strip.tasks() / Math.max(1, tasks[s]));
            }
        boolean chained = chains != null && chains.shared();
        long together = chained ? WORTH_WAKING : 0;
        for (int s = 0; s < steps; s++) if (parts[s] > 1) together += Loop.runs(s, loops) * nanoseconds[s];
        shared = together > 0;
        small = together < WORTH_WAKING;
    }

    private static int parts(int tasks, long nanoseconds) {
        return nanoseconds < WORTH_SHARING ? 1 : (int) Math.min(tasks, nanoseconds / (WORTH_SHARING / 2));
    }

    /// How long a step is estimated to take, once.
    long nanoseconds(int step) {
        return nanoseconds[step];
    }

    boolean isFor(int... dims) {
        for (int i = 0; i < dims.length; i++) {
            if (b[i] != dims[i]) return false;
        }
        return true;
    }

    /// `N = 32, T = 7`.
    private String print(EntryCode code) {
        String[] names = code.dims();
        var text = new StringBuilder();
        for (int i = 0; i < names.length; i++) text.append(i == 0 ? "" : ", ").append(names[i]).append(" = ").append(b[i]);
        return text.isEmpty() ? "no dims" : text.toString();
    }
}
