package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.driver.Pipeline;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "dump", description = "Prints what a stage of the compiler made of a network.")
final class DumpCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--after", required = true, paramLabel = "STAGE", description = "One of ${COMPLETION-CANDIDATES}.", completionCandidates = Stages.class)
    String stage;

    @Option(names = "--network", paramLabel = "NAME", description = "Which network, when the file has several.")
    Optional<String> network;

    @Option(names = "--exact", description = "Compute 3x3 and 5x5 convolutions as they stand, not by transforms, which are faster and round more: up to 2e-4 of the largest element.")
    boolean exact;

    @Spec
    CommandSpec spec;

    static final class Stages implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Compiler.stages().stream().map(Pipeline.Listed::name).iterator();
        }
    }

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Sources.compiler(exact).dump(Sources.read(file), network, stage).stripTrailing());
        out.flush();
        return ExitCode.OK;
    }
}
