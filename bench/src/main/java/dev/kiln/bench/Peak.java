package dev.kiln.bench;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// The speed of fused multiply-add in registers alone: no kernel of this width is faster. Twelve independent sums cover the latency of the units and stay in the registers
/// of AVX2. The sum is always the addend, or the registers are copied.
final class Peak implements Contender {
    private static final int TURNS = 20_000;
    private static final int SUMS = 12;
    private static final VectorSpecies<Float> S512 = FloatVector.SPECIES_512;
    private static final VectorSpecies<Float> S256 = FloatVector.SPECIES_256;

    private final int width;
    /// Factors with full mantissas: units that multiply zeros draw less power and may clock higher.
    private final float[] factors = Subject.random(2 * 16, 3);
    private final float[] result = new float[16];

    Peak(int width) {
        if (width != 512 && width != 256) throw new IllegalArgumentException("width must be 512 or 256, got " + width);
        this.width = width;
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
        return 2.0 * SUMS * (width / 32.0) * TURNS;
    }

    @Override
    public float[] output() {
        return new float[0];
    }

    @Override
    public void close() {}

    @Override
    public void run() {
        if (width == 512) run512(factors, result, TURNS);
        else run256(factors, result, TURNS);
    }

    private static void run512(float[] factors, float[] result, int turns) {
        var a = FloatVector.fromArray(S512, factors, 16);
        var b = FloatVector.fromArray(S512, factors, 0);
        FloatVector s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b, s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b;
        for (int i = 0; i < turns; i++) {
            s0 = b.fma(a, s0);
            s1 = b.fma(a, s1);
            s2 = b.fma(a, s2);
            s3 = b.fma(a, s3);
            s4 = b.fma(a, s4);
            s5 = b.fma(a, s5);
            s6 = b.fma(a, s6);
            s7 = b.fma(a, s7);
            s8 = b.fma(a, s8);
            s9 = b.fma(a, s9);
            s10 = b.fma(a, s10);
            s11 = b.fma(a, s11);
        }
        s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7).add(s8).add(s9).add(s10).add(s11).intoArray(result, 0);
    }

    private static void run256(float[] factors, float[] result, int turns) {
        var a = FloatVector.fromArray(S256, factors, 16);
        var b = FloatVector.fromArray(S256, factors, 0);
        FloatVector s0 = b, s1 = b, s2 = b, s3 = b, s4 = b, s5 = b, s6 = b, s7 = b, s8 = b, s9 = b, s10 = b, s11 = b;
        for (int i = 0; i < turns; i++) {
            s0 = b.fma(a, s0);
            s1 = b.fma(a, s1);
            s2 = b.fma(a, s2);
            s3 = b.fma(a, s3);
            s4 = b.fma(a, s4);
            s5 = b.fma(a, s5);
            s6 = b.fma(a, s6);
            s7 = b.fma(a, s7);
            s8 = b.fma(a, s8);
            s9 = b.fma(a, s9);
            s10 = b.fma(a, s10);
            s11 = b.fma(a, s11);
        }
        s0.add(s1).add(s2).add(s3).add(s4).add(s5).add(s6).add(s7).add(s8).add(s9).add(s10).add(s11).intoArray(result, 0);
    }
}
