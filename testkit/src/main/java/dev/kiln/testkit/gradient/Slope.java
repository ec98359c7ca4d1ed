package dev.kiln.testkit.gradient;

/// A derivative found by differences.
public sealed interface Slope {
    /// On one smooth piece: a value and how wrong it may be.
    record Smooth(double value, double error) implements Slope {
        /// Even the smallest step still changed the slope by more than a hundredth of it.
        boolean coarse() {
            return error > 0.01 * Math.abs(value);
        }

        @Override
        public String toString() {
            return "%.9g ± %.1e".formatted(value, error);
        }
    }

    /// At a kink: the derivatives from below and above.
    /// @param kinks how many elements change their piece there
    record Kinked(double below, double above, double error, int kinks) implements Slope {
        double low() {
            return Math.min(below, above);
        }

        double high() {
            return Math.max(below, above);
        }

        @Override
        public String toString() {
            return "%.9g from below, %.9g from above ± %.1e".formatted(below, above, error);
        }
    }

    /// Differences that say nothing.
    record Unknown(String reason) implements Slope {
        @Override
        public String toString() {
            return reason;
        }
    }
}
