package dev.kiln.cli.train;

import dev.kiln.cli.UserError;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;

/// A folder from which a training goes on as if it had never been interrupted: everything that the next step needs, the best weights so far, and the epochs until then.
/// It is written after each epoch, the best weights first: an interruption between the files repeats an epoch, which gives the same bits again.
public final class Checkpoint<W> {
    private final Path folder;
    private final Learner<W> learner;
    private final long seed;

    /// @param seed of the run; a checkpoint of another seed is refused, since its order of rows is another
    public Checkpoint(Path folder, Learner<W> learner, long seed) {
        this.folder = folder;
        this.learner = learner;
        this.seed = seed;
    }

    /// How far a training has come.
    public record Reached<W>(List<Epoch> history, W best) {
        public Reached {
            history = List.copyOf(history);
        }
    }

    private Path last() {
        return folder.resolve("last.safetensors");
    }

    private Path best() {
        return folder.resolve("best.safetensors");
    }

    private Path epochs() {
        return folder.resolve("epochs.csv");
    }

    /// Puts the learner where the folder's training stood; empty when there is none yet.
    public Optional<Reached<W>> resume() {
        if (!Files.exists(epochs())) {
            return Optional.empty();
        }
        List<Epoch> history = MetricsCsv.read(epochs());
        learner.load(best());
        W kept = learner.snapshot();
        long then = learner.load(last());
        if (then != seed) {
            throw UserError.input("%s is a training with seed %d and this one has %d: give --seed %d, or another folder", folder, then, seed, then);
        }
        return Optional.of(new Reached<>(history, kept));
    }

    public void write(List<Epoch> history, W best) {
        try {
            Files.createDirectories(folder);
            learner.write(best, best());
            learner.save(last());
            Path unfinished = folder.resolve("epochs.csv.part");
            Files.writeString(unfinished, MetricsCsv.of(history));
            Files.move(unfinished, epochs(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw new UncheckedIOException(folder + " cannot be written", e);
        }
    }
}
