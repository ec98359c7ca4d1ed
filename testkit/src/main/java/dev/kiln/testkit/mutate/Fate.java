package dev.kiln.testkit.mutate;

/// What became of a mutant.
public enum Fate {
    /// A check noticed it.
    KILLED,
    /// All numbers stay right; a golden shows another graph.
    SEEN,
    /// It ran into an endless loop, which a test would notice.
    HUNG,
    /// Nobody noticed.
    SURVIVED,
    /// The JVM refuses such code.
    INVALID
}
