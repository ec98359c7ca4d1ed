package dev.kiln.runtime;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// `y = 3 x + 1` with kernels of two widths, which box every vector until the JVM has compiled them.
class FakeVectors extends FakeEntry {
    @Override
    public String name() {
        return "predict";
    }

    @Override
    public Door[] inputs() {
        return new Door[] {new Door("x", Door.Kind.FLOAT, -1, 64)};
    }

    @Override
    public Door[] outputs() {
        return new Door[] {new Door("y", Door.Kind.FLOAT, -1, 64)};
    }

    @Override
    public int bindingLength() {
        return 1;
    }

    @Override
    public void derive(int[] b) {}

    @Override
    public int steps() {
        return 1;
    }

    @Override
    public void run(Width width, int step, Frame f, int from, int to) {
        for (int i = 0; i < f.b[0]; i++) {
            if (width == Width.W128) Vectors.row(f.in[0], f.inOffset[0] + 64 * i, f.out[0], f.outOffset[0] + 64 * i);
            else scalarRow(f.in[0], f.inOffset[0] + 64 * i, f.out[0], f.outOffset[0] + 64 * i);
        }
    }

    private static void scalarRow(float[] x, int xo, float[] y, int yo) {
        for (int j = 0; j < 64; j++) y[yo + j] = Math.fma(3, x[xo + j], 1);
    }

    private static final class Vectors {
        private static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_128;

        static void row(float[] x, int xo, float[] y, int yo) {
            FloatVector three = FloatVector.broadcast(SPECIES, 3);
            FloatVector one = FloatVector.broadcast(SPECIES, 1);
            for (int j = 0; j < 64; j += 4) FloatVector.fromArray(SPECIES, x, xo + j).fma(three, one).intoArray(y, yo + j);
        }
    }
}
