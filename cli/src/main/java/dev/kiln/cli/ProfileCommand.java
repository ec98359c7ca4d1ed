package dev.kiln.cli;

import dev.kiln.cli.profile.Profile;
import dev.kiln.cli.profile.Profiler;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.ShapeException;
import dev.kiln.runtime.Trainer;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Width;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import jdk.jfr.Recording;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "profile", description = "Shows where the time of a call goes: a row for each line of the text, with its speed as percent of the fastest this machine can multiply and add.")
final class ProfileCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE.jar", description = "The network.")
    Path jar;

    @Option(names = "--train", description = "A training step instead of a prediction.")
    boolean train;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; 1 when left out.")
    Map<String, Integer> sizes = new LinkedHashMap<>();

    @Option(names = "--threads", paramLabel = "T", description = "Threads that share the work; 1 when left out.")
    int threads = 1;

    @Option(names = "--rounds", paramLabel = "R", description = "Calls that are measured; 15 when left out.")
    int rounds = 15;

    @Option(names = "--width", paramLabel = "BITS", description = "Width of the vectors: 512, 256, 128 or 1 (none); the best of this machine when left out.")
    Optional<String> bits = Optional.empty();

    @Option(names = "--steps", description = "A row for each step.")
    boolean steps;

    @Option(names = "--jfr", paramLabel = "FILE", description = "Also writes a recording of Java Flight Recorder with an event for each step.")
    Optional<Path> recording = Optional.empty();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        if (rounds < 1) throw UserError.usage("--rounds must be at least 1, got %d", rounds);
        if (threads < 1 || threads > 1024) throw UserError.usage("--threads must be 1 to 1024, got %d", threads);
        Width width = bits.map(ProfileCommand::width).orElseGet(Width::preferred);
        PrintWriter out = spec.commandLine().getOut();
        if (!Files.isRegularFile(jar)) throw UserError.usage("there is no file %s", jar);
        try (Recording events = new Recording()) {
            if (recording.isPresent()) {
                events.enable("dev.kiln.Step").withoutThreshold();
                events.start();
            }
            out.print(profile(new Profiler(rounds, threads, steps), Options.defaults().threads(threads).width(width).warm(Warm.NOW)));
            if (recording.isPresent()) events.dump(recording.get());
        } catch (ShapeException e) {
            throw UserError.usage("%s; see --bind", e.getMessage()).causedBy(e);
        } catch (IllegalArgumentException e) {
            throw UserError.input("%s", e.getMessage()).causedBy(e);
        }
        out.flush();
        return ExitCode.OK;
    }

    private Profile profile(Profiler profiler, Options options) {
        if (!train) {
            try (Network network = Network.open(jar, options)) {
                return profiler.predict(network, dims(network.dims("predict")));
            }
        }
        try (Trainer trainer = Trainer.open(jar, 1, options)) {
            return profiler.train(trainer, options.width().orElseThrow(), dims(trainer.dims()));
        }
    }

    private int[] dims(String... names) {
        for (String dim : sizes.keySet()) {
            if (!List.of(names).contains(dim)) throw UserError.usage("%s has no symbolic dim %s; there is %s", jar, dim, Arrays.toString(names));
        }
        return Arrays.stream(names).mapToInt(name -> sizes.getOrDefault(name, 1)).toArray();
    }

    private static Width width(String bits) {
        return Arrays.stream(Width.values()).filter(w -> bits.equals(w == Width.W1 ? "1" : Integer.toString(32 * w.lanes()))).findFirst()
                .orElseThrow(() -> UserError.usage("--width must be 512, 256, 128 or 1, got '%s'", bits));
    }
}
