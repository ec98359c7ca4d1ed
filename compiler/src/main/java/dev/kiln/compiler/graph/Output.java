package dev.kiln.compiler.graph;

/// A root of an entry. No pass may let it disappear into another value.
public record Output(String name, Value value, Role role) {
    public enum Role {
        /// What the caller gets back under `name`.
        USER,
        /// The scalar to be minimised.
        LOSS,
        /// A scalar that is shown while training or evaluating.
        METRIC,
        /// The new value of the parameter or state called `name`.
        UPDATE
    }

    public Output with(Value replacement) {
        return new Output(name, replacement, role);
    }
}
