package dev.kiln.testkit.gradient;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// What checking a network gave.
/// @param dual    how far forward mode is from reverse mode, relative
/// @param failure the sample at which a gradient is wrong
public record ModelReport(String name, List<Finding> findings, double dual, Optional<ModelCheck.Failure> failure) {
    public ModelReport {
        findings = List.copyOf(findings);
    }

    public boolean failed() {
        return failure.isPresent();
    }

    /// Both, as of one network.
    ModelReport and(ModelReport next) {
        return new ModelReport(name, Stream.concat(findings.stream(), next.findings.stream()).toList(), Math.max(dual, next.dual), failure.or(next::failure));
    }

    /// Samples on one smooth piece.
    public long smooth() {
        return findings.stream().filter(f -> f.differences() instanceof Slope.Smooth && !skipped(f)).count();
    }

    /// Samples at a kink, held between the derivatives from both sides.
    public long betweenSides() {
        return findings.stream().filter(f -> f.differences() instanceof Slope.Kinked && !skipped(f)).count();
    }

    /// Samples that could not tell.
    public long skipped() {
        return findings.stream().filter(ModelReport::skipped).count();
    }

    private static boolean skipped(Finding f) {
        return f.verdict() instanceof Verdict.Inconclusive;
    }

    /// `12 smooth, 1 between the sides of a kink, 0 skipped; forward against reverse 3.1e-16`.
    public String counts() {
        return "%d smooth, %d between the sides of a kink, %d skipped; forward against reverse %.1e".formatted(smooth(), betweenSides(), skipped(), dual);
    }
}
