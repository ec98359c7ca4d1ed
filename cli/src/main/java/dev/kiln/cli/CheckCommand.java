package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.source.Problems;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "check", description = "Says everything that is wrong with .nn files.")
final class CheckCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files.")
    List<Path> files;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Compiler compiler = Sources.compiler();
        int found = 0;
        for (Path file : files) {
            Problems problems = compiler.check(Sources.read(file)).problems();
            out.println(problems.isEmpty() ? file + ": no problems" : Paint.report(problems) + "\n");
            found += problems.all().size();
        }
        if (found > 0) {
            out.println(found == 1 ? "1 problem" : found + " problems");
        }
        out.flush();
        return found == 0 ? ExitCode.OK : ExitCode.PROBLEMS;
    }
}
