package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.TestCase;
import dev.kiln.testkit.ProofRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "test", description = "Runs the tests that stand in .nn files.")
final class TestCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files.")
    List<Path> files;

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
                checking.checked().tests().forEach(test -> run(test, out));
            } else {
                out.println(Paint.report(checking.problems()));
                sound = false;
            }
        }
        out.printf("%d tests, %d failed%n", passed + failed, failed);
        out.flush();
        return sound && failed == 0 ? ExitCode.OK : ExitCode.PROBLEMS;
    }

    private void run(TestCase test, PrintWriter out) {
        List<String> failures = ProofRun.failures(test);
        out.println(Ansi.AUTO.string(failures.isEmpty() ? "  @|green ok|@    " : "  @|red FAIL|@  ") + test.title());
        failures.forEach(line -> out.println("        " + line));
        if (failures.isEmpty()) {
            passed++;
        } else {
            failed++;
        }
    }
}
