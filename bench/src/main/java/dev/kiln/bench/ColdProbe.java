package dev.kiln.bench;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// Runs in a JVM of its own: loads a jar, predicts one sample as often as it is told, prints nanoseconds since the JVM began up to the first output, of loading, of the first
/// call and of the second, and the most memory that was resident, in kB.
final class ColdProbe {
    private ColdProbe() {}

    /// Prints its five numbers.
    /// @param arguments the jar, the number of threads, the number of calls (two at least), the time of day in milliseconds at which this JVM was asked for, then the extents of the sample
    public static void main(String[] arguments) throws IOException {
        int[] shape = Arrays.stream(arguments).skip(4).mapToInt(Integer::parseInt).toArray();
        float[] values = new float[Arrays.stream(shape).reduce(1, Math::multiplyExact)];
        for (int i = 0; i < values.length; i++) values[i] = i % 7 / 7f;
        long start = System.nanoTime();
        try (Network network = Network.open(Path.of(arguments[0]), Options.defaults().threads(Integer.parseInt(arguments[1])))) {
            Tensor sample = Tensor.of(values, shape);
            long loaded = System.nanoTime();
            network.predict(sample);
            long first = System.nanoTime();
            long begun = 1_000_000 * (System.currentTimeMillis() - Long.parseLong(arguments[3]));
            network.predict(sample);
            long second = System.nanoTime();
            for (int call = 2; call < Integer.parseInt(arguments[2]); call++) network.predict(sample);
            System.out.println(begun + " " + (loaded - start) + " " + (first - loaded) + " " + (second - first) + " " + resident());
        }
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM:")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElse(0);
    }
}
