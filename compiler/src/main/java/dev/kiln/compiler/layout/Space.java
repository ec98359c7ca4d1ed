package dev.kiln.compiler.layout;

/// Which array a buffer lies in.
public enum Space {
    /// Of one call: placed by live intervals.
    ARENA,
    /// Parameters and states of the model.
    WEIGHTS,
    /// What depends on the weights alone: computed again when they change.
    DERIVED,
    /// The caller's arrays.
    FLOATS_IN, INTS_IN, FLOATS_OUT, INTS_OUT
}
