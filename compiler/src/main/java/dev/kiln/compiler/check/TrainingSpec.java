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
/// @param loads    which weights begin with those of a file
/// @param metrics  the names of the metrics, as outputs of `train` and `evaluate`
public record TrainingSpec(int epochs, double validate, OptionalInt patience, int accumulate, OptionalLong seed, Optional<DataSpec> data, List<String> metrics, List<Load> loads) {
    public TrainingSpec {
        metrics = List.copyOf(metrics);
        loads = List.copyOf(loads);
    }

    /// `load table from "glove.safetensors"`. @param part a weight, or all weights below it @param file as written: relative to the `.nn`
    public record Load(String part, String file) {
        public boolean covers(String weight) {
            return weight.equals(part) || weight.startsWith(part + ".");
        }
    }
}
