package dev.kiln.bench;

import dev.kiln.compiler.api.RegisterPeak;
import dev.kiln.runtime.Width;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// The speed of fused multiply-add in registers alone: no kernel of this width is faster.
final class Peak implements Contender {
    private final int width;
    private final RegisterPeak loop;

    Peak(int width) {
        this.width = width;
        loop = new RegisterPeak(Arrays.stream(Width.values()).filter(w -> 32 * w.lanes() == width).findFirst().orElseThrow());
    }

    /// Whether this machine has vectors of this width; others run 70 times slower in software.
    static boolean has(int width) {
        return FloatVector.SPECIES_PREFERRED.vectorBitSize() >= width;
    }

    @Override
    public String name() {
        return "peak " + width + " bit";
    }

    @Override
    public Role role() {
        return Role.PEAK;
    }

    @Override
    public int width() {
        return width;
    }

    @Override
    public double flops() {
        return loop.operations();
    }

    @Override
    public float[] output() {
        return new float[0];
    }

    @Override
    public void close() {}

    @Override
    public void run() {
        loop.run();
    }
}
