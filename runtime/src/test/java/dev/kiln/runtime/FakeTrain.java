package dev.kiln.runtime;

import java.util.Arrays;

/// One step of momentum for the squared distance of `2 x @ W + b` from `t`; b stays.
class FakeTrain extends FakeEntry {
    private final String name;
    private final boolean learns;

    FakeTrain() {
        this("train", true);
    }

    FakeTrain(String name, boolean learns) {
        this.name = name;
        this.learns = learns;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public Door[] inputs() {
        return new Door[] {new Door("x", Door.Kind.FLOAT, -1, 3), new Door("step", Door.Kind.FLOAT), new Door("t", Door.Kind.FLOAT, -1, 4)};
    }

    @Override
    public Door[] outputs() {
        return new Door[] {new Door("loss", Door.Kind.FLOAT)};
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
        int n = f.b[0];
        float rate = 0.1f / (1 + 0.001f * f.in[1][f.inOffset[1]]) / Math.max(1, n);
        float[] gradient = f.scratch;
        Arrays.fill(gradient, 0, 12, 0);
        float loss = 0;
        for (int i = 0; i < n; i++) {
            for (int j = 0; j < 4; j++) {
                float y = f.weights[108 + j] - f.in[2][f.inOffset[2] + 4 * i + j];
                for (int k = 0; k < 3; k++) y += 2 * f.in[0][f.inOffset[0] + 3 * i + k] * f.weights[12 + 32 * k + j];
                loss += y * y / n;
                for (int k = 0; k < 3; k++) gradient[4 * k + j] += 4 * y * f.in[0][f.inOffset[0] + 3 * i + k];
            }
        }
        f.out[0][f.outOffset[0]] = loss;
        for (int k = 0; learns && k < 3; k++) {
            for (int j = 0; j < 4; j++) {
                int m = 124 + 4 * k + j;
                f.weights[m] = 0.5f * f.weights[m] + gradient[4 * k + j];
                f.weights[12 + 32 * k + j] -= rate * f.weights[m];
            }
        }
    }
}
