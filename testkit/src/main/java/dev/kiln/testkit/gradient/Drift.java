package dev.kiln.testkit.gradient;

/// How far compiled float code is from double, for one layer or one gradient: `‖float - double‖ / ‖double‖`.
/// @param where  the layer with its line, or the weight
/// @param drift  of the compiled code
/// @param budget what rounding explains, measured on the same network
public record Drift(String where, double drift, double budget, Verdict verdict) {
    /// ` 3.1e-07 of 2.0e-05  h:4 y.dense_1`.
    @Override
    public String toString() {
        return "%8.1e of %8.1e  %s%s".formatted(drift, budget, where, verdict instanceof Verdict.Pass ? "" : "  " + verdict);
    }
}
