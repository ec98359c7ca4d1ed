package dev.kiln.bench;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import java.nio.file.Path;

/// Runs in a JVM of its own: loads a jar, predicts one image, prints nanoseconds of loading, of the first call and of the second.
final class ColdProbe {
    private ColdProbe() {}

    public static void main(String[] arguments) {
        float[] pixels = new float[28 * 28];
        for (int i = 0; i < pixels.length; i++) pixels[i] = i % 7 / 7f;
        long start = System.nanoTime();
        try (Network network = Network.open(Path.of(arguments[0]), Options.defaults().threads(Integer.parseInt(arguments[1])))) {
            Tensor image = Tensor.of(pixels, 1, 1, 28, 28);
            long loaded = System.nanoTime();
            network.predict(image);
            long first = System.nanoTime();
            network.predict(image);
            long second = System.nanoTime();
            System.out.println(loaded - start + " " + (first - loaded) + " " + (second - first));
        }
    }
}
