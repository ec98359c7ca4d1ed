package dev.kiln.cli;

import dev.kiln.cli.summary.SummaryText;
import dev.kiln.compiler.graph.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "summary", description = "Shows the layers of a network: shapes, parameters, operations, memory, and how much of the input each sees.")
final class SummaryCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; operations and memory are formulas of it when left out.")
    Map<String, Long> dims = new LinkedHashMap<>();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        List<Program> programs = Sources.checked(Sources.read(file)).models().stream().map(model -> model.program()).toList();
        Sources.knows(file, programs.stream().flatMap(program -> program.dims().stream()).distinct().toList(), dims);
        programs.forEach(program -> out.println(SummaryText.of(program, dims)));
        out.flush();
        return ExitCode.OK;
    }
}
