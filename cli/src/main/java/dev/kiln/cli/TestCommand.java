package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.testkit.ProofRun;
import dev.kiln.testkit.gradient.PropertyRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "test", description = "Runs the tests and properties that stand in .nn files, and holds every gradient written by hand against the derived one.")
final class TestCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files.")
    List<Path> files;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of what properties draw; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Spec
    CommandSpec spec;

    private int passed;
    private int failed;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Compiler compiler = Sources.compiler();
        boolean sound = true;
        for (Path file : files) {
            Checking checking = compiler.check(Sources.read(file));
            if (checking.problems().isEmpty()) {
                checking.checked().tests().forEach(test -> tell(test.title(), ProofRun.failures(test), out));
                checking.checked().properties().forEach(property -> run(property, out));
            } else {
                out.println(Paint.report(checking.problems()));
                sound = false;
            }
        }
        out.printf("%d tests, %d failed%n", passed + failed, failed);
        out.flush();
        return sound && failed == 0 ? ExitCode.OK : ExitCode.PROBLEMS;
    }

    private void run(PropertyCase property, PrintWriter out) {
        PropertyRun.Outcome outcome = PropertyRun.of(property, seed);
        tell("%s  (%d tries)".formatted(outcome.title(), outcome.tries()), outcome.failure().stream().flatMap(f -> f.toString().lines()).toList(), out);
    }

    private void tell(String title, List<String> failures, PrintWriter out) {
        out.println(Ansi.AUTO.string(failures.isEmpty() ? "  @|green ok|@    " : "  @|red FAIL|@  ") + title);
        failures.forEach(line -> out.println("        " + line));
        if (failures.isEmpty()) {
            passed++;
        } else {
            failed++;
        }
    }
}
