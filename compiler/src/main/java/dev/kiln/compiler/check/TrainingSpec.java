package dev.kiln.compiler.check;

import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// What a training block says beside its graph.
/// @param epochs   passes over the data
/// @param validate the share of the rows that is never trained on
/// @param patience how many epochs without a lower validation loss end the training
/// @param accumulate how many batches make one update
/// @param metrics  the names of the metrics, as outputs of `train` and `evaluate`
public record TrainingSpec(int epochs, double validate, OptionalInt patience, int accumulate, OptionalLong seed, Optional<DataSpec> data, List<String> metrics) {
    public TrainingSpec {
        metrics = List.copyOf(metrics);
    }
}
