package dev.kiln.cli;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Formatter;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "fmt", description = "Brings .nn files into the one form that all have.")
final class FmtCommand implements Callable<Integer> {
    @Parameters(arity = "1..*", paramLabel = "FILE", description = "The .nn files; they are changed in place.")
    List<Path> files;

    @Option(names = "--check", description = "Change nothing; exit with 1 when a file is not in form.")
    boolean check;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        int code = ExitCode.OK;
        for (Path file : files) {
            SourceFile source = Sources.read(file);
            Problems problems = new Problems();
            Optional<String> formed = Formatter.format(source, problems);
            if (formed.isEmpty()) {
                out.println(Paint.report(problems));
                code = ExitCode.PROBLEMS;
            } else if (!formed.get().equals(source.text())) {
                if (check) {
                    code = ExitCode.PROBLEMS;
                } else {
                    Files.writeString(file, formed.get());
                }
                out.println(file + (check ? ": not in form" : ": formatted"));
            }
        }
        out.flush();
        return code;
    }
}
