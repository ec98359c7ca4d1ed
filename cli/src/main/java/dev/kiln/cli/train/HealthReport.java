package dev.kiln.cli.train;

import dev.kiln.cli.summary.Table;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// How the layers of a network do at one step of its training, in numbers and in words.
public record HealthReport(List<Weight> weights, List<Activation> activations) {
    /// A step of about 1e-3 of a weight's size is usual (Karpathy, CS231n notes, "Ratio of weights:updates").
    private static final double LONG_STEP = 0.1;
    private static final double SHORT_STEP = 1e-6;
    /// The least share of the largest gradient that a layer's should have.
    private static final double VANISHED = 1e-4;
    private static final double MANY_DEAD = 0.2;
    private static final double MANY_SATURATED = 0.5;

    public HealthReport {
        weights = List.copyOf(weights);
        activations = List.copyOf(activations);
    }

    /// A weight that moves.
    /// @param size     its numbers
    /// @param gradient the norm of the loss's gradient, before any clipping
    /// @param norm     of the weight itself
    /// @param update   the norm of what the next step adds to it
    public record Weight(String name, int size, double gradient, double norm, double update) {
        double ratio() {
            return update / norm;
        }

        private double typicalGradient() {
            return gradient / Math.sqrt(size);
        }
    }

    /// A place where values are bent one by one.
    public sealed interface Activation {
        /// Its place in the text.
        String where();

        /// It lets one side through.
        /// @param dead units through which nothing of the batch went
        record Rectifier(String where, int dead, int units) implements Activation {}

        /// It is flat far out.
        /// @param saturated the share of values where the slope is below 5 % of the steepest
        record Squashing(String where, double saturated) implements Activation {}
    }

    /// What suffers, a sentence each; empty when nothing does.
    public List<String> complaints() {
        List<String> said = new ArrayList<>();
        activations.forEach(a -> complaint(a).ifPresent(said::add));
        weights.forEach(w -> complaint(w).ifPresent(said::add));
        return said;
    }

    private Optional<String> complaint(Weight w) {
        if (!Double.isFinite(w.gradient())) {
            return say("%s: its gradient is %s; `clip norm` or a smaller rate keeps it in bounds", w.name(), w.gradient());
        }
        if (w.gradient() == 0) {
            return say("%s gets no gradient from this batch: nothing that it makes reaches the loss", w.name());
        }
        Weight largest = weights.stream().filter(other -> Double.isFinite(other.gradient())).max(Comparator.comparingDouble(Weight::typicalGradient)).orElseThrow();
        if (w.typicalGradient() < VANISHED * largest.typicalGradient()) {
            return say("%s: its gradient has all but vanished, an element is 1/%,.0f of one of %s; a normalisation, a residual path or another initialiser helps",
                    w.name(), largest.typicalGradient() / w.typicalGradient(), largest.name());
        }
        if (w.norm() > 0 && w.ratio() > LONG_STEP) {
            return say("%s moves by %.0f %% of its size in one step, where about 0.1 %% is usual; a smaller rate helps", w.name(), 100 * w.ratio());
        }
        if (w.norm() > 0 && w.ratio() < SHORT_STEP) {
            return say("%s hardly moves, by %.1e of its size in one step, where about 1e-3 is usual; a larger rate helps", w.name(), w.ratio());
        }
        return Optional.empty();
    }

    private static Optional<String> complaint(Activation activation) {
        return switch (activation) {
            case Activation.Rectifier(String where, int dead, int units) when dead > MANY_DEAD * units ->
                    say("%s: %d of %d units are dead, nothing of this batch goes through them; a smaller rate, another initialiser or leaky_relu helps", where, dead, units);
            case Activation.Squashing(String where, double saturated) when saturated > MANY_SATURATED ->
                    say("%s: %.0f %% of the values are saturated and learn slowly; smaller first weights or a normalisation before it helps", where, 100 * saturated);
            default -> Optional.empty();
        };
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one method
    private static Optional<String> say(String sentence, Object... values) {
        return Optional.of(String.format(Locale.ROOT, sentence, values));
    }

    /// The numbers, a line for each weight and each activation.
    public String table() {
        Table table = new Table();
        table.row("weight", "gradient", "size", "step/size");
        table.rule();
        weights.forEach(w -> table.row(w.name(), number(w.gradient()), number(w.norm()), w.norm() > 0 ? number(w.ratio()) : "-"));
        Table bent = new Table();
        bent.row("activation", "dead units", "saturated");
        bent.rule();
        for (Activation activation : activations) {
            switch (activation) {
                case Activation.Rectifier(String where, int dead, int units) -> bent.row(where, dead + " of " + units, "-");
                case Activation.Squashing(String where, double saturated) -> bent.row(where, "-", String.format(Locale.ROOT, "%.1f %%", 100 * saturated));
            }
        }
        return activations.isEmpty() ? table.toString() : table + "\n" + bent;
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.2e", value);
    }
}
