package dev.kiln.runtime;

import java.util.Arrays;

/// What one call at a time works with: an arena, and a frame for each thread of the team. It grows to the largest binding it meets.
final class Context {
    private static final float[] NO_ARENA = {};

    /// The sizes of the call's dims, -1 where no input has said them yet.
    final int[] dims;
    /// Which input said each dim.
    final int[] origins;
    /// How often the loop at each depth has run.
    final int[] loop;
    /// The numbers of the block of rows that a chain works on.
    private final int[] block;
    private final Frame[] frames;

    Context(EntryCode code, int team, float[] weights, float[] derived) {
        dims = new int[code.dims().length];
        origins = new int[dims.length];
        loop = new int[Loop.depth(code)];
        block = new int[code.chains().length == 0 ? 0 : code.bindingLength()];
        frames = new Frame[team];
        frames[0] = new Frame(NO_ARENA, weights, derived, code.inputs().length, code.outputs().length, code.scratch());
        for (int i = 1; i < team; i++) frames[i] = new Frame(first(), NO_ARENA, new float[code.scratch()]);
    }

    private void grow(int size) {
        Frame first = first();
        float[] arena = new float[size];
        for (int i = 0; i < frames.length; i++) frames[i] = new Frame(first, arena, frames[i].scratch);
    }

    Frame first() {
        return frames[0];
    }

    Frame[] frames() {
        return frames;
    }

    /// Makes the frames ready for a call.
    void open(Binding binding, long seed, int step, Tensor[] in, Tensor[] out) {
        if (first().arena.length < binding.arena) grow(binding.arena);
        Frame frame = first();
        for (int i = 0; i < in.length; i++) {
            frame.inOffset[i] = in[i].offset();
            if (in[i].isInt()) frame.intIn[i] = in[i].intArray();
            else frame.in[i] = in[i].floatArray();
        }
        for (int i = 0; i < out.length; i++) {
            frame.outOffset[i] = out[i].offset();
            if (out[i].isInt()) frame.intOut[i] = out[i].intArray();
            else frame.out[i] = out[i].floatArray();
        }
        for (Frame f : frames) {
            f.b = binding.b;
            f.loop = loop;
            f.seed = seed;
            f.step = step;
        }
    }

    /// Makes the frames ready for the rows of a chain's block that begins at `row`.
    void enter(Binding binding, int row) {
        binding.chains.place(row, binding.b, block);
        binding.chains.move(row, binding.b, first());
        for (Frame f : frames) f.b = block;
    }

    /// Makes them ready for all rows again.
    void leave(Binding binding, int row) {
        binding.chains.move(-row, binding.b, first());
        for (Frame f : frames) f.b = binding.b;
    }

    /// Lets go of the caller's arrays.
    void close() {
        Frame frame = first();
        Arrays.fill(frame.in, null);
        Arrays.fill(frame.intIn, null);
        Arrays.fill(frame.out, null);
        Arrays.fill(frame.intOut, null);
    }
}
