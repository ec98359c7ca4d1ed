package dev.kiln.examples;

import digits.Digits;

/// Draws an upright stroke and asks the network which digit it is.
public final class RecogniseDigit {
    private RecogniseDigit() {}

    public static void main(String[] arguments) {
        float[] pixels = new float[28 * 28];
        for (int y = 5; y < 23; y++) {
            pixels[28 * y + 13] = pixels[28 * y + 14] = 1;
        }
        try (Digits network = Digits.load()) {
            float[] probability = network.predict(pixels).probability().floats();
            for (int digit = 0; digit < probability.length; digit++) {
                System.out.printf("%d  %.3f%n", digit, probability[digit]);
            }
        }
    }
}
