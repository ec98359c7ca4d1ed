package dev.kiln.cli.train;

import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Tensors;
import dev.kiln.runtime.Door;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Weights;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/// A compiled network's trainer as the loop sees it.
public final class TrainerLearner implements Learner<Weights> {
    private final Trainer trainer;
    private final int accumulate;

    /// @param accumulate how many batches make one update
    public TrainerLearner(Trainer trainer, int accumulate) {
        this.trainer = trainer;
        this.accumulate = accumulate;
    }

    @Override
    public Scores step(Batch batch) {
        Tensor[] inputs = Tensors.of(batch);
        return scores(trainer.outputs(), trainer.waiting() < accumulate - 1 ? trainer.accumulate(inputs) : trainer.step(inputs));
    }

    @Override
    public Scores score(Batch batch) {
        return scores(trainer.outputs(), trainer.evaluate(Tensors.of(batch)));
    }

    @Override
    public Weights snapshot() {
        return trainer.copy();
    }

    @Override
    public void write(Weights weights, Path file) {
        weights.tensors(false, Map.of()).write(file);
    }

    @Override
    public void save(Path file) {
        trainer.save(file);
    }

    @Override
    public long load(Path file) {
        trainer.load(file);
        return trainer.seed();
    }

    /// Losses and metrics by name; the first is the loss.
    public static Scores scores(Door[] doors, Tensor... values) {
        Map<String, Double> scores = new LinkedHashMap<>();
        for (int i = 0; i < doors.length; i++) {
            scores.put(i == 0 ? Scores.LOSS : doors[i].name(), (double) values[i].floats()[0]);
        }
        return new Scores(scores);
    }
}
