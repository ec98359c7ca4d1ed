package dev.kiln.cli.train;

import dev.kiln.cli.data.Batch;

/// A model while it learns, as far as the loop needs it. `W` is a copy of its weights.
public interface Learner<W> {
    /// One update; the scores are those before it.
    Scores step(Batch batch);

    /// The scores of a batch, in the mode of inference, changing nothing.
    Scores score(Batch batch);

    W snapshot();
}
