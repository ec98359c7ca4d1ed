package dev.kiln.cli;

import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.fuzz.Bisect;
import dev.kiln.testkit.fuzz.Case;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "bisect", description = "Names the stage, and the rewrite rule or the value, at which a compiled network begins to differ from its plain form.")
final class BisectCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file, one that kiln fuzz has saved for example.")
    Path file;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; what the file's first line says, or 2, when left out.")
    Map<String, Long> dims = Map.of();

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        SourceFile source = Sources.read(file);
        Checked checked = Sources.checked(source);
        if (checked.models().isEmpty()) throw UserError.input("%s has no network", file);
        boolean found = false;
        Case example = Case.of(source.text()).with(dims);
        for (Checked.Model model : checked.models()) {
            var culprit = Bisect.of(model.program(), example);
            found |= culprit.isPresent();
            out.println(culprit.map(c -> model.program().name() + "." + c).orElse(model.program().name() + ": every stage keeps every value"));
            out.flush();
        }
        return found ? ExitCode.PROBLEMS : ExitCode.OK;
    }
}
