package dev.kiln.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kiln.cli.UserError;
import dev.kiln.cli.data.Batch;
import dev.kiln.cli.data.Dataset;
import dev.kiln.cli.data.FixedRows;
import dev.kiln.cli.data.Split;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingRunTest {
    private static final int ROWS = 37;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    /// A learner whose validation losses are given; its weights are the number of steps made.
    private static final class Scripted implements Learner<Integer> {
        private final Iterator<Double> validation;
        private final Set<Integer> trained = new HashSet<>();
        private int steps;
        private double stepLoss = 1;

        Scripted(Double... validation) {
            this.validation = List.of(validation).iterator();
        }

        @Override
        public Scores step(Batch batch) {
            steps++;
            for (int i = batch.from(); i < batch.to(); i++) {
                trained.add(batch.order()[i]);
            }
            return new Scores(Map.of("loss", stepLoss));
        }

        @Override
        public Scores score(Batch batch) {
            return new Scores(Map.of("loss", validation.next()));
        }

        @Override
        public Integer snapshot() {
            return steps;
        }

        @Override
        public void write(Integer weights, Path file) {
            put(file, weights);
        }

        @Override
        public void save(Path file) {
            put(file, steps);
        }

        private static void put(Path file, int steps) {
            try {
                Files.writeString(file, Integer.toString(steps));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public long load(Path file) {
            try {
                steps = Integer.parseInt(Files.readString(file));
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            return 1;
        }
    }

    private Outcome<Integer> run(Scripted learner, double share, int epochs, int stopAfter) {
        return run(learner, share, new TrainingRun.Settings(epochs, 8, OptionalInt.empty(), 1), Optional.empty(), stopAfter);
    }

    private Outcome<Integer> run(Scripted learner, double share, TrainingRun.Settings settings, Optional<Checkpoint<Integer>> checkpoint, int stopAfter) {
        Dataset data = new Dataset(Path.of("rows.csv"), ROWS, List.of(new FixedRows("x", false, List.of(), 1, new float[ROWS])));
        Split split = Split.of(ROWS, share, 1);
        Progress progress = new PlainProgress(new PrintStream(printed, true, StandardCharsets.UTF_8));
        return new TrainingRun<>(learner, data, split, settings, progress, checkpoint, () -> learner.steps >= stopAfter).run();
    }

    @Test
    void weightsOfTheLowestValidationLossAreKept() {
        Outcome<Integer> outcome = run(new Scripted(0.5, 0.2, 0.3), 0.2, 3, 1000);
        assertEquals(2, outcome.best().orElseThrow().number());
        assertEquals(8, outcome.weights());
        assertEquals(List.of(true, true, false), outcome.history().stream().map(Epoch::best).toList());
    }

    @Test
    void heldBackRowsAreNeverTrainedOn() {
        Scripted learner = new Scripted(0.5, 0.4);
        run(learner, 0.2, 2, 1000);
        Split split = Split.of(ROWS, 0.2, 1);
        for (int row : split.validation()) {
            assertFalse(learner.trained.contains(row));
        }
        assertEquals(split.training().length, learner.trained.size());
    }

    @Test
    void lastEpochIsKeptWhenNothingIsHeldBack() {
        Outcome<Integer> outcome = run(new Scripted(), 0, 3, 1000);
        assertEquals(15, outcome.weights());
        assertEquals(3, outcome.best().orElseThrow().number());
    }

    @Test
    void stopKeepsTheBestSoFar() {
        Outcome<Integer> outcome = run(new Scripted(0.5, 0.2, 0.3), 0.2, 9, 6);
        assertTrue(outcome.stopped());
        assertEquals(4, outcome.weights());
        assertEquals(1, outcome.history().size());
    }

    @Test
    void stopBeforeTheFirstEpochKeepsWhatIsThere() {
        Outcome<Integer> outcome = run(new Scripted(0.5), 0.2, 9, 2);
        assertTrue(outcome.best().isEmpty());
        assertEquals(2, outcome.weights());
    }

    @Test
    void patienceEndsTheTraining() {
        Outcome<Integer> outcome = run(new Scripted(0.5, 0.2, 0.3, 0.25, 0.1), 0.2, new TrainingRun.Settings(9, 8, OptionalInt.of(2), 1), Optional.empty(), 1000);
        assertEquals(4, outcome.history().size());
        assertEquals(8, outcome.weights());
        assertFalse(outcome.stopped());
    }

    @Test
    void aCheckpointGoesOnWithBestAndPatience(@TempDir Path folder) {
        var settings = new TrainingRun.Settings(9, 8, OptionalInt.of(2), 1);
        Scripted first = new Scripted(0.5, 0.2, 0.3);
        Outcome<Integer> broken = run(first, 0.2, settings, Optional.of(new Checkpoint<>(folder, first, 1)), 14);
        assertTrue(broken.stopped());
        Scripted second = new Scripted(0.25, 0.1);
        Outcome<Integer> outcome = run(second, 0.2, settings, Optional.of(new Checkpoint<>(folder, second, 1)), 1000);
        assertEquals(4, outcome.history().size());
        assertEquals(broken.history().stream().map(Epoch::validation).toList(), outcome.history().subList(0, 3).stream().map(Epoch::validation).toList());
        assertEquals(8, outcome.weights());
    }

    @Test
    void aCheckpointOfAnotherSeedIsRefused(@TempDir Path folder) {
        var settings = new TrainingRun.Settings(1, 8, OptionalInt.empty(), 1);
        Scripted learner = new Scripted(0.5);
        run(learner, 0.2, settings, Optional.of(new Checkpoint<>(folder, learner, 1)), 1000);
        UserError error = assertThrows(UserError.class, () -> run(learner, 0.2, settings, Optional.of(new Checkpoint<>(folder, learner, 2)), 1000));
        assertTrue(error.getMessage().contains("--seed 1"), error.getMessage());
    }

    @Test
    void divergenceIsSaidWithItsEpoch() {
        Scripted learner = new Scripted(0.5);
        learner.stepLoss = Double.NaN;
        UserError error = assertThrows(UserError.class, () -> run(learner, 0.2, 2, 1000));
        assertTrue(error.getMessage().startsWith("the loss became NaN in epoch 1"), error.getMessage());
    }

    @Test
    void oneLineAnEpochIsPrinted() {
        run(new Scripted(0.5, 0.25), 0.2, 2, 1000);
        List<String> lines = printed.toString(StandardCharsets.UTF_8).lines().toList();
        assertEquals(2, lines.size());
        assertTrue(lines.get(1).matches("epoch 2/2  loss 1\\.0000   validation loss 0\\.2500   \\d+\\.\\d s  best"), lines.get(1));
    }

    @Test
    void scoresAreMeansOverRowsNotOverBatches() {
        Tally tally = new Tally();
        tally.add(new Scores(Map.of("loss", 1.0)), 8);
        tally.add(new Scores(Map.of("loss", 4.0)), 1);
        assertEquals(12.0 / 9, tally.scores().loss(), 1e-12);
    }
}
