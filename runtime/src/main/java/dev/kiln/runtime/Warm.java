package dev.kiln.runtime;

/// When vector kernels take over from scalar ones. Every width gives the same bits, so nobody sees the change but a clock.
public enum Warm {
    /// Scalar kernels serve at once; a background thread warms the vector kernels and then switches.
    BACKGROUND,
    /// Loading returns when the vector kernels are warm.
    NOW,
    /// Vector kernels from the first call on, slow as they are until the JVM has compiled them.
    NEVER
}
