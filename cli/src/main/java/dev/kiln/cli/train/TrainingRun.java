package dev.kiln.cli.train;

import dev.kiln.cli.UserError;
import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Dataset;
import dev.kiln.cli.data.Shuffle;
import dev.kiln.cli.data.Split;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.BooleanSupplier;

/// The training loop: epochs of shuffled batches, validation after each, the best weights kept.
/// Best is the lowest validation loss; with no rows held back it is the last epoch. It ends early when the patience is over or a stop is asked for,
/// and goes on from a checkpoint that holds an unfinished training.
public final class TrainingRun<W> {
    private final Learner<W> learner;
    private final Dataset data;
    private final Split split;
    private final Settings settings;
    private final Progress progress;
    private final Optional<Checkpoint<W>> checkpoint;
    private final BooleanSupplier stop;

    /// How long and on what.
    /// @param patience how many epochs without a lower validation loss end the training
    public record Settings(int epochs, int batch, OptionalInt patience, long seed) {
        public Settings {
            if (epochs < 1 || batch < 1) {
                throw UserError.usage("epochs and batch are at least 1; they are %d and %d", epochs, batch);
            }
        }
    }

    /// @param stop asked between batches; once true, the run ends with the best weights so far
    public TrainingRun(Learner<W> learner, Dataset data, Split split, Settings settings, Progress progress, Optional<Checkpoint<W>> checkpoint, BooleanSupplier stop) {
        this.learner = learner;
        this.data = data;
        this.split = split;
        this.settings = settings;
        this.progress = progress;
        this.checkpoint = checkpoint;
        this.stop = stop;
    }

    public Outcome<W> run() {
        Optional<Checkpoint.Reached<W>> reached = checkpoint.flatMap(Checkpoint::resume);
        List<Epoch> history = new ArrayList<>(reached.map(Checkpoint.Reached::history).orElse(List.of()));
        Optional<Epoch> best = history.reversed().stream().filter(Epoch::best).findFirst();
        W kept = reached.map(Checkpoint.Reached::best).orElse(null);
        for (int number = history.size() + 1; number <= settings.epochs() && patient(number, best); number++) {
            long start = System.nanoTime();
            Optional<Scores> training = pass(number);
            if (training.isEmpty()) {
                return new Outcome<>(best.isPresent() ? kept : learner.snapshot(), best, history, true);
            }
            Optional<Scores> validation = validate();
            boolean better = best.isEmpty() || validation.isEmpty() || validation.get().loss() < best.get().validation().orElseThrow().loss();
            Epoch epoch = new Epoch(number, training.get(), validation, (System.nanoTime() - start) / 1e9, better);
            if (better) {
                best = Optional.of(epoch);
                kept = learner.snapshot();
            }
            history.add(epoch);
            W weights = kept;
            checkpoint.ifPresent(c -> c.write(history, weights));
            progress.finished(epoch);
        }
        return new Outcome<>(kept, best, history, false);
    }

    private boolean patient(int number, Optional<Epoch> best) {
        return best.isEmpty() || settings.patience().isEmpty() || number - best.get().number() <= settings.patience().getAsInt();
    }

    /// One epoch; empty when it was stopped on the way.
    private Optional<Scores> pass(int number) {
        Tally tally = new Tally();
        int[] order = Shuffle.epoch(split.training(), settings.seed(), number);
        progress.begins(number, settings.epochs(), order.length);
        for (Batch batch : Batch.cutForTraining(data, order, settings.batch(), settings.seed() + number)) {
            if (stop.getAsBoolean()) {
                return Optional.empty();
            }
            Scores scores = learner.step(batch);
            if (!Double.isFinite(scores.loss())) {
                throw UserError.input("the loss became %s in epoch %d: training has diverged; a smaller learning rate or `clip norm` may help",
                        scores.loss(), number);
            }
            tally.add(scores, batch.rows());
            progress.advanced(batch.rows(), tally.scores());
        }
        return Optional.of(tally.scores());
    }

    private Optional<Scores> validate() {
        if (split.validation().length == 0) {
            return Optional.empty();
        }
        Tally tally = new Tally();
        Batch.cutForScoring(data, split.validation()).forEach(batch -> tally.add(learner.score(batch), batch.rows()));
        return Optional.of(tally.scores());
    }
}
