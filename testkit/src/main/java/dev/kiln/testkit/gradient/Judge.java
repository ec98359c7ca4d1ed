package dev.kiln.testkit.gradient;

import dev.kiln.testkit.gradient.Slope.Kinked;
import dev.kiln.testkit.gradient.Slope.Smooth;
import dev.kiln.testkit.gradient.Slope.Unknown;

/// Compares a gradient with differences. The tolerance is a budget: what truncation and rounding of the differences may be, times a margin of safety, and the rounding of the gradient itself.
/// No relative tolerance is guessed; where the budget is too wide to mean anything, the verdict is inconclusive.
final class Judge {
    private static final double SAFETY = 10;
    private static final double OWN_ROUNDING = 1e-12;
    private static final double NOTHING = 1e10;
    private static final double BESIDE = 0.1;
    private static final double MEANINGFUL = 1e-4;

    private Judge() {}

    /// @param reverse the gradient along the direction
    /// @param terms   `Σ |gᵢ dᵢ|`, what its rounding is measured by
    /// @param usual   how large a slope of this value usually is: one that is nothing beside it need not be known to many digits
    /// @param noise   how wrong the value that is differentiated may be by rounding: a slope that is no larger is none
    /// @param own     how wrong the gradient may be by its own rounding
    static Verdict judge(double reverse, double terms, Slope differences, double usual, double noise, double own) {
        if (!Double.isFinite(reverse)) return differences instanceof Unknown(String reason) ? new Verdict.Inconclusive(reason) : new Verdict.Fail();
        return switch (differences) {
            case Unknown(String reason) -> new Verdict.Inconclusive(reason);
            case Smooth(double value, double error) -> {
                double budget = SAFETY * error + OWN_ROUNDING * terms + SAFETY * (noise + own);
                double scale = Math.max(Math.max(Math.abs(reverse), Math.abs(value)), Math.max(BESIDE * usual, NOTHING * noise));
                if (!(budget <= MEANINGFUL * Math.max(scale, terms * 1e-3))) yield new Verdict.Inconclusive("rounding and curvature leave an error of %.1e of %.1e".formatted(budget, scale));
                yield Math.abs(reverse - value) <= budget ? new Verdict.Pass() : new Verdict.Fail();
            }
            case Kinked k -> {
                double budget = SAFETY * k.error() + OWN_ROUNDING * terms + SAFETY * (noise + own) + 1e-7 * (k.high() - k.low());
                if (reverse >= k.low() - budget && reverse <= k.high() + budget) yield new Verdict.Pass();
                yield k.kinks() == 1 ? new Verdict.Fail() : new Verdict.Inconclusive("%d kinks meet at the sample".formatted(k.kinks()));
            }
        };
    }
}
