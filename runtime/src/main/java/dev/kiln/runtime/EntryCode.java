package dev.kiln.runtime;

import java.util.Set;

/// The code of one entry of a network (`predict`, `sample`, `train`, `accumulate`, `evaluate`), generated as a subclass. It holds no data: what it works on lies in the [Frame].
///
/// The *binding* is an `int[]` of [#bindingLength]: first the dims in the order of [#dims], then whatever [#derive] computes from them (sizes, strides, strip
/// counts, task counts), and the offsets of the arena's slots, which the runtime fills in. It is computed once for each tuple of dims.
///
/// An entry is a list of steps. Steps `[0, prepareSteps)` compute the derived space from the weights and run only when the weights have changed; the others run in
/// order at every call; a run of them may be the body of a loop. The tasks of one step are independent of each other and cut by shapes alone, so the result has the same bits on any number of threads.
public abstract class EntryCode {
    /// The entries that may have an input `step`, the number of the update, which callers do not pass.
    public static final Set<String> COUNTED = Set.of("train", "accumulate", "evaluate");
    /// In [#rows]: the steps of one chain alone touch this slot.
    public static final int INNER = -2;
    /// In [#rows]: a slot without rows.
    public static final int SAME = -1;
    private static final int[] NONE = {};

    /// A subclass has a public constructor without parameters.
    protected EntryCode() {}

    /// `predict`, `sample`, `train` or `evaluate`.
    public abstract String name();

    /// The names of the symbolic dims; `b[i]` holds the i-th.
    public abstract String[] dims();

    public abstract Door[] inputs();

    public abstract Door[] outputs();

    public abstract int bindingLength();

    /// Fills `b[dims..]` from `b[0..dims)`, except for the offsets of slots. Sizes that overflow an int are left to `Math.multiplyExact` and friends: an
    /// `ArithmeticException` becomes a clear message at the door.
    public abstract void derive(int[] b);

    /// The author's words when a condition at the door (`require`) fails for these dims, else null. Called before [#derive].
    public abstract String check(int[] b);

    /// The buffers of the arena, four numbers each: the binding index of the size in floats, the first and the last step that touch it, and the binding index that
    /// receives its offset.
    public abstract int[] slots();

    /// Floats of the derived space; the offsets in it are constants of the code.
    public abstract int derivedSize();

    /// How many floats of the weights the steps behind those that prepare may read; what lies behind them need not be kept once all is prepared.
    public int weightsRead() {
        return Integer.MAX_VALUE;
    }

    /// Floats that each worker needs for itself: the length of [Frame#scratch].
    public int scratch() {
        return Frame.SCRATCH;
    }

    public abstract int steps();

    public abstract int prepareSteps();

    /// The binding index of the number of parallel tasks of a step, -1 for one task.
    public abstract int tasks(int step);

    /// How many tasks a step has in a binding.
    final int tasks(int[] b, int step) {
        return tasks(step) < 0 ? 1 : b[tasks(step)];
    }

    /// The binding index of the estimated nanoseconds of one task, -1 for a step too small to be shared out.
    public abstract int cost(int step);

    /// The loops, five numbers each: their first step, the step after their last, the binding index of how often they run, how many loops stand around them,
    /// and the binding index of where in the arena a number stands that ends the loop when it is not zero, -1 for none.
    /// An outer loop stands before those inside it, an earlier one before a later one.
    public int[] loops() {
        return NONE;
    }

    /// What is made in strips while a loop reads it, three numbers each: the step that makes it, which stands before the loop, the number of the loop in [#loops], and the
    /// binding index of how many iterations a strip serves. The tasks of a strip follow each other, the strips stand in the order of the iterations; each has equally many.
    public int[] strips() {
        return NONE;
    }

    /// The chains: the number of the dim whose rows they take, how many rows at a time, then two numbers each: the first step and the step after the last. What such
    /// steps make of a row depends on that row alone, so they run from first to last for some rows, then for the next. A door has rows if its first axis is that dim.
    public int[] chains() {
        return NONE;
    }

    /// For each of [#slots] the binding index of the floats from one row to the next, or [#INNER] or [#SAME]. Only where there are chains.
    public int[] rows() {
        return NONE;
    }

    /// For each step the numbers of its kernels' rehearsals.
    public int[][] rehearsals() {
        return new int[steps()][0];
    }

    /// How many zeros [#rehearse] needs.
    public int rehearsalFloats() {
        return 0;
    }

    /// Calls a kernel of a width once, without weights and without an arena. Many such calls make the JVM compile it.
    /// @param zeros as many as [#rehearsalFloats] says; what is written to them means nothing
    /// @param way   below zero the kernel's methods do nothing but turn an empty loop so often; kernels may take one branch where it is 0 and the other where it is 1
    public void rehearse(Width width, int rehearsal, float[] zeros, int way) {}

    /// Runs tasks `from..to` of a step with the kernels of a width. Every width computes the same bits.
    public abstract void run(Width width, int step, Frame f, int from, int to);
}
