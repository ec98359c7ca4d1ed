package dev.kiln.runtime;

/// Running averages of weights: what a training that asks for them scores and keeps. The average of `W` is a state of the optimizer beside it.
public final class Averages {
    private static final String ENDING = ".average";

    private Averages() {}

    /// The name of a weight's average.
    public static String of(String weight) {
        return weight + ENDING;
    }
}
