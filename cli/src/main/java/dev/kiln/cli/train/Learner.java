package dev.kiln.cli.train;

import dev.kiln.cli.data.Batch;
import java.nio.file.Path;

/// A model while it learns, as far as the loop needs it. `W` is a copy of its weights.
public interface Learner<W> {
    /// Learns from a batch; the scores are those before the update.
    Scores step(Batch batch);

    /// The scores of a batch, in the mode of inference, changing nothing.
    Scores score(Batch batch);

    W snapshot();

    /// Writes weights to a file.
    void write(W weights, Path file);

    /// Writes everything that going on needs.
    void save(Path file);

    /// Takes over what [#save] or [#write] wrote.
    /// @return the seed of that training
    long load(Path file);
}
