package dev.kiln.testkit.mutate;

/// What became of a mutant.
public enum Fate {
    /// A check noticed it.
    KILLED,
    /// It ran into an endless loop, which a test would notice.
    HUNG,
    /// Nobody noticed.
    SURVIVED,
    /// The JVM refuses such code.
    INVALID
}
