package dev.kiln.compiler.group;

/// What a compiler may do to a sum.
public enum Arithmetic {
    /// Convolutions may be computed by transforms: fewer products, and up to 2e-4 of the largest element away from what exact arithmetic gives.
    FAST,
    /// Every sum of products is computed as it stands.
    EXACT
}
