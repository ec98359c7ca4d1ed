package dev.kiln.examples;

import digitsmlp.DigitsMlp;

/// A batch in one call: strokes at 28 places, and how sure the network is that each is a one.
public final class RecogniseManyDigits {
    private RecogniseManyDigits() {}

    public static void main(String[] arguments) {
        float[] images = new float[28 * 784];
        for (int x = 0; x < 28; x++) {
            for (int y = 5; y < 23; y++) {
                images[784 * x + 28 * y + x] = 1;
            }
        }
        try (DigitsMlp network = DigitsMlp.load()) {
            DigitsMlp.Output output = network.predict(images);
            for (int x = 0; x < 28; x++) {
                System.out.printf("stroke at %2d: %.3f%n", x, output.probability().get(x, 1));
            }
        }
    }
}
