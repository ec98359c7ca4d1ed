package dev.kiln.examples;

import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Vocabulary;
import java.util.Arrays;
import java.util.SplittableRandom;
import moby.Moby;

/// Writes on, a letter at a time, each drawn from what the network expects after the last 128.
public final class WriteOn {
    private static final int SEEN = 128;

    private WriteOn() {}

    /// Prints a text and how it might go on.
    /// @param arguments the beginning (`Call me `), and how many letters (300)
    public static void main(String[] arguments) {
        String start = arguments.length > 0 ? arguments[0] : "Call me ";
        int letters = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 300;
        try (Moby network = Moby.load()) {
            System.out.println(write(network, start, letters, 1));
        }
    }

    static String write(Moby network, String start, int letters, long seed) {
        Vocabulary known = network.model().vocabulary("letters");
        int[] text = Arrays.copyOf(known.encode(start), start.length() + letters);
        var random = new SplittableRandom(seed);
        for (int end = start.length(); end < text.length; end++) {
            int[] seen = Arrays.copyOfRange(text, Math.max(0, end - SEEN), end);
            float[] probability = network.predict(Tensor.of(seen, 1, seen.length)).probability().floats();
            text[end] = drawn(probability, probability.length - known.size(), random.nextDouble());
        }
        return known.decode(text);
    }

    /// The first letter at which the sum of probabilities reaches `share`.
    private static int drawn(float[] probability, int from, double share) {
        double sum = 0;
        for (int i = from; i < probability.length; i++) {
            sum += probability[i];
            if (sum >= share) return i - from;
        }
        return probability.length - from - 1;
    }
}
