package dev.kiln.bench;

/// How far two results lie apart.
///
/// @param largest absolute difference of two elements
/// @param scale the largest magnitude of the result that is trusted
record Comparison(double largest, double scale) {
    /// Sums of some thousand products in another order differ by less.
    private static final double TOLERANCE = 1e-4;

    /// @throws IllegalArgumentException when the sizes differ
    static Comparison of(float[] ours, float[] trusted) {
        if (ours.length != trusted.length) throw new IllegalArgumentException("results of " + ours.length + " and " + trusted.length + " elements");
        double largest = 0;
        double scale = 0;
        for (int i = 0; i < ours.length; i++) {
            double difference = Math.abs((double) ours[i] - trusted[i]);
            // a NaN on one side is as far away as anything
            largest = Math.max(largest, Double.isNaN(difference) ? Double.POSITIVE_INFINITY : difference);
            scale = Math.max(scale, Math.abs(trusted[i]));
        }
        return new Comparison(largest, scale);
    }

    boolean agrees() {
        return largest <= TOLERANCE * scale;
    }
}
