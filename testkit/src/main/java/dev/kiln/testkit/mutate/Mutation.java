package dev.kiln.testkit.mutate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/// How much of what is altered in the compiler its tests notice.
public final class Mutation {
    private Mutation() {}

    /// What a run gave.
    /// @param next      the first that was not tried
    /// @param seen      how many of those killed gave right numbers by another graph
    /// @param survivors each with its class, line and alteration
    public record Score(Kind kind, int all, int next, int tried, int killed, int seen, List<String> survivors) {
        public double share() {
            return tried == 0 ? 1 : (double) killed / tried;
        }

        @Override
        public String toString() {
            return "%s: %d of %d mutants killed (%.1f %%), %d of them by the look of a graph alone; drawn from %d, the next is %d".formatted(kind.name().toLowerCase(Locale.ROOT), killed, tried, 100 * share(), seen, all, next);
        }
    }

    /// Tries mutants of one kind, drawn by a seed.
    /// @param first how many are left out at the beginning, so that a long run can be made in parts
    /// @param time  after which no more are tried
    /// @param told  each mutant and its fate
    public static Score run(Kind kind, long seed, int first, int most, Duration time, BiConsumer<String, Fate> told) throws IOException, InterruptedException {
        var mutants = MutationRun.drawn(kind, seed, most);
        var fates = new LinkedHashMap<Integer, Fate>();
        Path agent = agent();
        long end = System.nanoTime() + time.toNanos();
        try {
            for (int next = first; next < mutants.size() && System.nanoTime() < end; next = first + fates.size()) {
                int before = fates.size();
                child(agent, kind, seed, most, next, end, (i, fate) -> {
                    fates.put(i, fate);
                    told.accept(mutants.get(i).toString(), fate);
                });
                if (fates.size() == before && System.nanoTime() < end) throw new IOException("the JVM of the mutation run ends before it has tried anything");
            }
        } finally {
            Files.deleteIfExists(agent);
        }
        return score(kind, mutants, first, fates);
    }

    private static Score score(Kind kind, List<Mutant> mutants, int first, Map<Integer, Fate> fates) {
        var survivors = new ArrayList<String>();
        int tried = 0;
        for (var fate : fates.entrySet()) {
            if (fate.getValue() == Fate.INVALID) continue;
            tried++;
            if (fate.getValue() == Fate.SURVIVED) survivors.add(mutants.get(fate.getKey()).toString());
        }
        int seen = (int) fates.values().stream().filter(fate -> fate == Fate.SEEN).count();
        return new Score(kind, kind.mutants().size(), first + fates.size(), tried, tried - survivors.size(), seen, survivors.stream().sorted().toList());
    }

    private static void child(Path agent, Kind kind, long seed, int most, int next, long end, BiConsumer<Integer, Fate> told) throws IOException, InterruptedException {
        var command = List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC", "-Xshare:auto", "--add-modules", "jdk.incubator.vector", "-javaagent:" + agent, "-cp", System.getProperty("java.class.path"),
                MutationRun.class.getName(), kind.name(), Long.toString(seed), Integer.toString(most), Integer.toString(next));
        Process process = new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
        try (var lines = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null && System.nanoTime() < end; line = lines.readLine()) {
                int space = line.indexOf(' ');
                told.accept(Integer.valueOf(line.substring(0, space)), Fate.valueOf(line.substring(space + 1)));
            }
        } finally {
            process.destroy();
            process.waitFor();
        }
    }

    /// A jar that holds nothing but the name of the agent, whose class is on the class path.
    private static Path agent() throws IOException {
        var manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Premain-Class", Agent.class.getName());
        manifest.getMainAttributes().putValue("Can-Redefine-Classes", "true");
        Path jar = Files.createTempFile("kiln-agent", ".jar");
        new JarOutputStream(Files.newOutputStream(jar), manifest).close();
        return jar;
    }
}
