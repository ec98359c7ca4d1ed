package dev.kiln.bench;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Runs in a JVM of its own: loads a jar, predicts one sample as often as it is told, prints nanoseconds since the JVM began up to the first output, of loading, of the first
/// call and of the second, and the most memory that was resident, in kB. Told to stay, it goes on until the warm-up is over and prints the nanoseconds since the JVM began up to the
/// first of three calls in a row that have 90 % of the speed it then has.
final class ColdProbe {
    private ColdProbe() {}

    private static final double NEARLY = 0.9;
    /// Calls in a row of which each must be as fast.
    private static final int IN_A_ROW = 3;
    /// Calls behind the warm-up, whose median is the speed.
    private static final int WARM_CALLS = 30;

    /// Prints its five numbers, or six.
    /// @param arguments the jar, the number of threads, the number of calls (two at least), the time of day in milliseconds at which this JVM was asked for, whether to stay, then the
    ///     extents of the sample
    public static void main(String[] arguments) throws IOException {
        int[] shape = Arrays.stream(arguments).skip(5).mapToInt(Integer::parseInt).toArray();
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
            List<Long> ends = new ArrayList<>(List.of(first, second));
            while (ends.size() < Integer.parseInt(arguments[2])) call(network, sample, ends);
            long resident = resident();
            String times = begun + " " + (loaded - start) + " " + (first - loaded) + " " + (second - first) + " " + resident;
            if (Boolean.parseBoolean(arguments[4])) times += " " + (begun + warm(network, sample, ends) - first);
            System.out.println(times);
        }
    }

    private static void call(Network network, Tensor sample, List<Long> ends) {
        network.predict(sample);
        ends.add(System.nanoTime());
    }

    /// Calls until the warm-up is over.
    /// @param ends of the calls up to now
    /// @return the end of the first call that is nearly as fast as those behind the warm-up, and followed by such
    private static long warm(Network network, Tensor sample, List<Long> ends) {
        while (!network.ready().isDone()) call(network, sample, ends);
        for (int call = 0; call < WARM_CALLS; call++) call(network, sample, ends);
        long[] took = IntStream.range(1, ends.size()).mapToLong(i -> ends.get(i) - ends.get(i - 1)).toArray();
        long speed = Arrays.stream(took, took.length - WARM_CALLS, took.length).sorted().skip(WARM_CALLS / 2).findFirst().orElseThrow();
        int row = 0;
        for (int i = 0; i < took.length; i++) {
            row = took[i] * NEARLY <= speed ? row + 1 : 0;
            if (row == IN_A_ROW) return ends.get(i + 2 - IN_A_ROW);
        }
        return ends.getLast();
    }

    private static long resident() throws IOException {
        return Files.readAllLines(Path.of("/proc/self/status")).stream().filter(l -> l.startsWith("VmHWM:")).mapToLong(l -> Long.parseLong(l.replaceAll("\\D", ""))).findFirst().orElse(0);
    }
}
