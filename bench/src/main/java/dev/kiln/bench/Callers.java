package dev.kiln.bench;

import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Many callers of one network at a time, as in a server, beside one: what all cores do together as a share of as many times what one core does alone.
record Callers(String name, int callers) implements Item {
    /// Of one caller, some milliseconds.
    private static final int CALLS = 100;

    @Override
    public Outcome measure(Settings settings) {
        var subject = new Subject(settings, "mlp.nn", 1, 784);
        int cores = Runtime.getRuntime().availableProcessors();
        try (Network network = subject.compiled.network(subject.weights, Options.defaults().threads(1).warm(Warm.NOW)); ExecutorService pool = Executors.newFixedThreadPool(callers)) {
            List<Callable<Void>> all = IntStream.range(0, callers).mapToObj(_ -> caller(network, subject.input)).toList();
            var one = new Together("one caller", all.size(), () -> {
                for (Callable<Void> c : all) c.call();
                return null;
            });
            var many = new Together(callers + " callers", all.size(), () -> {
                for (Future<Void> f : pool.invokeAll(all)) f.get();
                return null;
            });
            var rounds = Rounds.of(settings);
            List<Samples> samples = rounds.of(List.of(one, many));
            var rows = Stream.of(row(one, 1, samples.getFirst()), row(many, cores, samples.getLast())).toList();
            double share = samples.getFirst().median() / samples.getLast().median() / cores;
            return new Outcome(rows, rounds.neighbours().map(n -> name + ": " + n).stream().toList(), List.of(String.format(Locale.ROOT, "CALLERS %s %d %.3f", name, cores, share)));
        }
    }

    /// With arrays of its own.
    private static Callable<Void> caller(Network network, Constant input) {
        Tensor[] inputs = {Tensor.of(input.values().clone(), input.shape())};
        Tensor[] outputs = {Tensor.of(new float[10], 1, 10)};
        return () -> {
            for (int i = 0; i < CALLS; i++) network.predictInto(inputs, outputs);
            return null;
        };
    }

    private Outcome.Row row(Together work, int cores, Samples samples) {
        return new Outcome.Row(name, work.name(), cores, samples.median() / (CALLS * work.callers()), samples.spread(), Double.NaN, Double.NaN, Double.NaN);
    }

    /// The calls of all callers, by one thread or by theirs.
    private record Together(String name, int callers, Callable<Void> work) implements Contender {
        @Override
        public Role role() {
            return Role.OURS;
        }

        @Override
        public int width() {
            return 0;
        }

        @Override
        public double flops() {
            return 0;
        }

        @Override
        public void run() {
            try {
                work.call();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new BenchException("interrupted", e);
            } catch (ExecutionException e) {
                throw new BenchException("a caller failed: " + e.getCause(), e);
            } catch (Exception e) {
                throw new BenchException("a caller failed: " + e, e);
            }
        }

        @Override
        public float[] output() {
            return new float[0];
        }

        @Override
        public void close() {}
    }
}
