package dev.kiln.runtime;

/// All that the steps of an entry read and write, in fields that generated drivers use directly. Each thread of a team has a frame of its own onto the same arrays,
/// with its own [#scratch].
///
/// Doors are numbered as in [EntryCode#inputs] and [EntryCode#outputs]. A tensor starts at its offset in the caller's array: element 0 of input `i` is
/// `in[i][inOffset[i]]`, or `intIn[i][inOffset[i]]` where the door is INT; the array of the other kind is null.
public final class Frame {
    /// The least number of floats of [#scratch].
    public static final int SCRATCH = 256;

    public final float[] arena;
    public final float[] weights;
    public final float[] derived;
    public final float[] scratch;
    public final float[][] in;
    public final int[][] intIn;
    public final int[] inOffset;
    public final float[][] out;
    public final int[][] intOut;
    public final int[] outOffset;
    /// The binding: dims, derived numbers, offsets of slots.
    public int[] b;
    /// How often the loop at each depth has run; one array for all frames of a call.
    public int[] loop;
    /// What keys the random numbers of this call, see [Threefry].
    public long seed;
    /// The number of the update, counted from 1; 0 outside training.
    public int step;
    /// How many strips of an image's lines a task makes at most: all, but a trial of kernels that are not compiled yet, and a thousand times slower, makes no more than the first ones.
    public int turns = Integer.MAX_VALUE;

    public Frame(float[] arena, float[] weights, float[] derived, int inputs, int outputs, int scratchSize) {
        this.arena = arena;
        scratch = new float[scratchSize];
        this.weights = weights;
        this.derived = derived;
        in = new float[inputs][];
        intIn = new int[inputs][];
        inOffset = new int[inputs];
        out = new float[outputs][];
        intOut = new int[outputs][];
        outOffset = new int[outputs];
    }

    /// A frame onto the same arrays for another thread of the team.
    Frame(Frame first, float[] arena, float[] scratch) {
        this.arena = arena;
        this.scratch = scratch;
        weights = first.weights;
        derived = first.derived;
        in = first.in;
        intIn = first.intIn;
        inOffset = first.inOffset;
        out = first.out;
        intOut = first.intOut;
        outOffset = first.outOffset;
        b = first.b;
        loop = first.loop;
        seed = first.seed;
        step = first.step;
    }
}
