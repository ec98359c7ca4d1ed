package dev.kiln.cli.train;

import java.util.List;
import java.util.Optional;

/// The end of a training: the weights to keep, the epoch they are of, and the way there.
/// @param best empty when the run was stopped before an epoch was whole
public record Outcome<W>(W weights, Optional<Epoch> best, List<Epoch> history, boolean stopped) {
    public Outcome {
        history = List.copyOf(history);
    }
}
