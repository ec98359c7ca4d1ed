package dev.kiln.cli;

import dev.kiln.testkit.fuzz.Case;
import dev.kiln.testkit.fuzz.Fuzz;
import dev.kiln.testkit.fuzz.Outcome;
import dev.kiln.testkit.fuzz.Sketch;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "fuzz", description = "Compiles random programs and holds them against the interpreter: every stage, every vector width, one thread and two. A failure is made small and saved.")
final class FuzzCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", arity = "0..*", description = "Files to try instead of random programs: saved failures, or any .nn.")
    List<Path> files = List.of();

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "60", description = "No new program is begun after so many; ${DEFAULT-VALUE} when left out.")
    long seconds;

    @Option(names = "--tries", paramLabel = "N", defaultValue = "1000000000", showDefaultValue = picocli.CommandLine.Help.Visibility.NEVER, description = "At most so many programs.")
    long tries;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of the first program, the next has the next seed; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Option(names = "--failures", paramLabel = "FOLDER", defaultValue = "kiln-failures", description = "Where failures are saved; ${DEFAULT-VALUE} when left out.")
    Path failures;

    @Spec
    CommandSpec spec;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @Override
    public Integer call() throws IOException {
        var fuzz = new Fuzz(Sources.compiler(), PATIENCE);
        PrintWriter out = spec.commandLine().getOut();
        return files.isEmpty() ? random(fuzz, out) : again(fuzz, out);
    }

    private int again(Fuzz fuzz, PrintWriter out) throws IOException {
        boolean failed = false;
        for (Path file : files) {
            Outcome outcome = fuzz.run(Case.of(Sources.read(file).text()));
            failed |= !(outcome instanceof Outcome.Agreed);
            out.println(switch (outcome) {
                case Outcome.Agreed _ -> "ok    " + file;
                case Outcome.Refused(String report) -> "refused " + file + "\n" + report;
                case Outcome.Wrong wrong -> "FAIL  " + file + "\n  " + wrong;
            });
            out.flush();
        }
        return failed ? ExitCode.PROBLEMS : ExitCode.OK;
    }

    private int random(Fuzz fuzz, PrintWriter out) throws IOException {
        long end = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
        var found = new ArrayList<Fuzz.Failure>();
        long refused = 0;
        long next = seed;
        for (; next < seed + tries && System.nanoTime() < end; next++) {
            Sketch program = Fuzz.program(next);
            Outcome outcome = fuzz.run(program.asCase());
            if (outcome instanceof Outcome.Refused) refused++;
            if (outcome instanceof Outcome.Wrong wrong) found.add(saved("fuzz-", fuzz.smallest(program, wrong), out));
            if (fuzz.check(Fuzz.spoiled(next)) instanceof Outcome.Wrong wrong) found.add(saved("spoiled-", fuzz.smallest(Fuzz.spoiled(next), wrong), out));
        }
        out.printf("seeds %d to %d: %d programs and as many texts with mistakes, %d failed, %d refused%n", seed, next - 1, next - seed, found.size(), refused);
        out.flush();
        return found.isEmpty() ? ExitCode.OK : ExitCode.PROBLEMS;
    }

    private Fuzz.Failure saved(String prefix, Fuzz.Failure failure, PrintWriter out) throws IOException {
        Files.createDirectories(failures);
        Path file = failures.resolve(prefix + failure.seed() + ".nn");
        Files.writeString(file, failure.smallest().file());
        out.println("FAIL  " + failure + "\n  saved to " + file);
        out.flush();
        return failure;
    }
}
