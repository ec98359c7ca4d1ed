package dev.kiln.bench;

import java.util.Arrays;
import java.util.List;

/// Seconds a call, one sample a round.
record Samples(List<Double> seconds) {
    Samples {
        if (seconds.isEmpty()) throw new IllegalArgumentException("no samples");
        seconds = List.copyOf(seconds);
    }

    double median() {
        return quantile(0.5);
    }

    /// The middle half of the samples lies within this share of the median.
    double spread() {
        return (quantile(0.75) - quantile(0.25)) / median();
    }

    /// Linear between neighbours.
    double quantile(double share) {
        double[] sorted = seconds.stream().mapToDouble(Double::doubleValue).toArray();
        Arrays.sort(sorted);
        double place = share * (sorted.length - 1);
        int below = (int) place;
        int above = Math.min(below + 1, sorted.length - 1);
        return sorted[below] + (place - below) * (sorted[above] - sorted[below]);
    }
}
