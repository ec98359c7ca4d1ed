package dev.kiln.cli;

import dev.kiln.testkit.mutate.Fate;
import dev.kiln.testkit.mutate.Kind;
import dev.kiln.testkit.mutate.Mutation;
import java.io.IOException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "mutate", description = "Alters the compiler's own gradient rules, rewrite rules and schedules, one instruction at a time, and says which alterations its tests do not notice.")
final class MutateCommand implements Callable<Integer> {
    @Parameters(paramLabel = "gradient|rewrite|schedule", arity = "0..*", description = "What is altered; all three when left out.")
    List<Kind> kinds = List.of();

    @Option(names = "--mutants", paramLabel = "N", defaultValue = "100", description = "How many of each kind; ${DEFAULT-VALUE} when left out.")
    int mutants;

    @Option(names = "--skip", paramLabel = "N", defaultValue = "0", description = "Leaves out the first N of them, which an earlier run has tried.")
    int skip;

    @Option(names = "--seconds", paramLabel = "S", defaultValue = "600", description = "For each kind, no more mutants are tried after so many; ${DEFAULT-VALUE} when left out.")
    long seconds;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Which mutants are drawn; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException, InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        for (Kind kind : kinds.isEmpty() ? List.of(Kind.values()) : kinds) {
            var score = Mutation.run(kind, seed, skip, mutants, Duration.ofSeconds(seconds), (mutant, fate) -> {
                if (fate == Fate.SURVIVED) out.println("  survived  " + mutant);
                out.flush();
            });
            out.println(score);
            out.flush();
        }
        return ExitCode.OK;
    }
}
