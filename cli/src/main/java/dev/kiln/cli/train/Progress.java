package dev.kiln.cli.train;

/// What a person sees while a network trains.
public interface Progress {
    void begins(int epoch, int epochs, int rows);

    /// A batch is done.
    /// @param soFar the scores of this epoch's rows until now
    void advanced(int rows, Scores soFar);

    void finished(Epoch epoch);
}
