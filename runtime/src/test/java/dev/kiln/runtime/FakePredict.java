package dev.kiln.runtime;

/// `y = 2 x @ W + b`, with `2 W` as derived weights, and the index of the largest element of each row. Tasks of eight rows.
class FakePredict extends FakeEntry {
    static final int SIZE = 1;
    static final int OFFSET = 2;
    static final int TASKS = 3;
    static final int COST = 4;
    static volatile Width lastWidth;

    @Override
    public String name() {
        return "predict";
    }

    @Override
    public Door[] inputs() {
        return new Door[] {new Door("x", Door.Kind.FLOAT, -1, 3)};
    }

    @Override
    public Door[] outputs() {
        return new Door[] {new Door("y", Door.Kind.FLOAT, -1, 4), new Door("best", Door.Kind.INT, -1)};
    }

    @Override
    public int bindingLength() {
        return 5;
    }

    @Override
    public void derive(int[] b) {
        b[SIZE] = Math.multiplyExact(b[0], 4);
        b[TASKS] = (b[0] + 7) / 8;
        b[COST] = 50_000;
    }

    @Override
    public String check(int[] b) {
        return b[0] > 1_000_000 && b[0] < 2_000_000 ? "x has too many rows for comfort" : null;
    }

    @Override
    public int[] slots() {
        return new int[] {SIZE, 1, 2, OFFSET};
    }

    @Override
    public int derivedSize() {
        return 12 + 16;
    }

    @Override
    public int steps() {
        return 3;
    }

    @Override
    public int prepareSteps() {
        return 1;
    }

    @Override
    public int tasks(int step) {
        return step == 1 ? TASKS : -1;
    }

    @Override
    public int cost(int step) {
        return step == 1 ? COST : -1;
    }

    @Override
    public void run(Width width, int step, Frame f, int from, int to) {
        lastWidth = width;
        int n = f.b[0];
        int arena = f.b[OFFSET];
        if (step == 0) {
            for (int k = 0; k < 3; k++) {
                for (int j = 0; j < 4; j++) f.derived[12 + 4 * k + j] = 2 * f.weights[12 + 32 * k + j];
            }
        } else if (step == 1) {
            for (int i = 8 * from; i < Math.min(n, 8 * to); i++) {
                for (int j = 0; j < 4; j++) {
                    f.scratch[j] = 0;
                    for (int k = 0; k < 3; k++) f.scratch[j] = Math.fma(f.in[0][f.inOffset[0] + 3 * i + k], f.derived[12 + 4 * k + j], f.scratch[j]);
                    f.arena[arena + 4 * i + j] = f.scratch[j];
                }
            }
        } else {
            for (int i = 0; i < n; i++) {
                int best = 0;
                for (int j = 0; j < 4; j++) {
                    float y = f.arena[arena + 4 * i + j] + f.weights[108 + j];
                    f.out[0][f.outOffset[0] + 4 * i + j] = y;
                    if (y > f.out[0][f.outOffset[0] + 4 * i + best]) best = j;
                }
                f.intOut[1][f.outOffset[1] + i] = best;
            }
        }
    }
}
