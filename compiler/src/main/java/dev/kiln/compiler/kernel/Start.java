package dev.kiln.compiler.kernel;

/// What is added to the products of a tile: what its accumulators hold before the first one, but for a residual beside a bias.
public enum Start {
    ZERO,
    /// `s[so + j]`
    BIAS,
    /// `r[ro + i*rRow + j]`, which is c itself where a sum goes on
    RESIDUAL,
    /// `s[so + j]`; and `r[ro + i*rRow + j]` is added to the sum: at the end, where it is on its way while the last products are made, and not waited for by the first
    BIAS_RESIDUAL;

    public boolean readsBias() {
        return this == BIAS || this == BIAS_RESIDUAL;
    }

    public boolean readsResidual() {
        return this == RESIDUAL || this == BIAS_RESIDUAL;
    }
}
