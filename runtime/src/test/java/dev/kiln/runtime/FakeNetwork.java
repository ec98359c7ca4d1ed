package dev.kiln.runtime;

/// What the compiler generates beside the entries: the typed class, with a main method as a user would write it.
public final class FakeNetwork extends Network {
    record Output(Tensor y, Tensor best) {}

    private FakeNetwork(Options options) {
        super(options);
    }

    private FakeNetwork(FakeTrainer trainer, boolean copy) {
        super(trainer, copy);
    }

    static FakeNetwork load() {
        return new FakeNetwork(Options.defaults());
    }

    Output predict(Tensor x) {
        Tensor[] out = super.predict(new Tensor[] {x});
        return new Output(out[0], out[1]);
    }

    static final class FakeTrainer extends Trainer {
        FakeTrainer(long seed) {
            super(FakeNetwork.class, seed, Options.defaults());
        }

        float step(Tensor x, Tensor t) {
            return super.step(new Tensor[] {x, t})[0].get();
        }

        @Override
        public FakeNetwork predictor() {
            return new FakeNetwork(this, false);
        }

        @Override
        public FakeNetwork snapshot() {
            return new FakeNetwork(this, true);
        }
    }

    public static void main(String[] arguments) {
        Tensor x = Tensor.of(new float[] {1, 2, 3}, 1, 3);
        try (FakeNetwork net = load(); FakeTrainer trainer = new FakeTrainer(1); FakeNetwork fresh = trainer.snapshot(); FakeNetwork follows = trainer.predictor()) {
            System.out.println("best " + net.predict(x).best().getInt(0));
            trainer.step(x, Tensor.of(new float[] {1, 2, 3, 4}, 1, 4));
            System.out.println("moved " + (fresh.predict(x).y().get(0, 0) != follows.predict(x).y().get(0, 0)));
            System.out.println("same seed " + (fresh.predict(x).y().get(0, 0) == net.predict(x).y().get(0, 0)));
        }
    }
}
