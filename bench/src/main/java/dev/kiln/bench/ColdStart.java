package dev.kiln.bench;

import dev.kiln.compiler.api.Compiled;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToLongFunction;
import java.util.stream.Stream;

/// What a program waits for that has just begun, and the memory it takes: each time in a JVM of its own.
///
/// @param source the network, relative to the root
/// @param shape of one sample, without the batch
record ColdStart(String name, String source, List<Integer> shape) implements Item {
    private static final int STARTS = 9;
    /// Of those JVMs whose memory and warm-up are looked at.
    private static final int LONG_STARTS = 3;
    private static final int CALLS = 100;

    /// Nanoseconds in one JVM, and kB.
    private record Start(long output, long load, long first, long second, long memory, long warm) {
        static Start parse(String line) {
            long[] numbers = Arrays.stream(line.strip().split(" ")).mapToLong(Long::parseLong).toArray();
            return new Start(numbers[0], numbers[1], numbers[2], numbers[3], numbers[4], numbers.length > 5 ? numbers[5] : 0);
        }
    }

    @Override
    public Outcome measure(Settings settings) {
        Compiled compiled = Subject.compile(settings.root().resolve(source));
        try {
            Path jar = Files.createTempFile("kiln-bench", ".jar");
            try {
                compiled.writeJar(jar, compiled.weights(1), false);
                List<Start> starts = new ArrayList<>();
                for (int i = 0; i < STARTS; i++) starts.add(start(jar, settings.threads(), 2, false));
                List<Start> longer = new ArrayList<>();
                for (int i = 0; i < LONG_STARTS; i++) longer.add(start(jar, settings.threads(), CALLS, true));
                return outcome(starts, longer, settings.threads(), Files.size(jar));
            } finally {
                Files.delete(jar);
            }
        } catch (IOException e) {
            throw new BenchException(name + ": " + e, e);
        }
    }

    /// The JVM sees what a user's program would have: the runtime and the jar.
    private Start start(Path jar, int threads, int calls, boolean stay) throws IOException {
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        List<String> path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator)).filter(p -> p.contains("kiln-runtime") || p.contains("kiln-bench") || !p.endsWith(".jar")).toList();
        Stream<String> command = Stream.of(java, "--add-modules", "jdk.incubator.vector", "-cp", String.join(File.pathSeparator, path), ColdProbe.class.getName(), jar.toString());
        Stream<String> told = Stream.of(Integer.toString(threads), Integer.toString(calls), Long.toString(System.currentTimeMillis()), Boolean.toString(stay), "1");
        Stream<String> sample = shape.stream().map(e -> Integer.toString(e));
        Process process = new ProcessBuilder(Stream.of(command, told, sample).flatMap(s -> s).toList()).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        try {
            if (process.waitFor() != 0) throw new BenchException("the JVM that was started cold ended with " + process.exitValue());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchException("interrupted", e);
        }
        return Start.parse(line);
    }

    private Outcome outcome(List<Start> starts, List<Start> longer, int threads, long bytes) {
        Samples output = samples(starts, Start::output);
        Samples first = samples(starts, Start::first);
        var row = new Outcome.Row(name, "kiln, JVM to output", threads, output.median(), output.spread(), Double.NaN, Double.NaN, Double.NaN);
        Samples warm = samples(longer, Start::warm);
        var warmRow = new Outcome.Row(name, "kiln, JVM to 90 %", threads, warm.median(), warm.spread(), Double.NaN, Double.NaN, Double.NaN);
        double memory = new Samples(longer.stream().map(s -> s.memory / 1024.0).toList()).median();
        String note = String.format(Locale.ROOT, "%s: JVM start to first output %.1f ms; of it loading %.1f ms, first call %.1f ms (slowest %.1f); second call %.1f ms; medians of %d JVMs; jar without runtime %d kB", name,
                1e3 * output.median(), 1e3 * samples(starts, Start::load).median(), 1e3 * first.median(), 1e3 * first.quantile(1), 1e3 * samples(starts, Start::second).median(), STARTS, bytes / 1024);
        return new Outcome(List.of(row, warmRow), List.of(note), List.of(
                String.format(Locale.ROOT, "TIME %s %d %.2f", name, threads, 1e3 * output.median()),
                String.format(Locale.ROOT, "WARM %s %d %.2f", name, threads, 1e3 * warm.median()),
                String.format(Locale.ROOT, "MEMORY %s %d %.1f", name, threads, memory)));
    }

    private static Samples samples(List<Start> starts, ToLongFunction<Start> part) {
        return new Samples(starts.stream().map(s -> part.applyAsLong(s) / 1e9).toList());
    }
}
