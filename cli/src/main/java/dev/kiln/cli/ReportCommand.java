package dev.kiln.cli;

import dev.kiln.cli.report.FusionText;
import dev.kiln.cli.report.Measured;
import dev.kiln.cli.report.MemoryText;
import dev.kiln.cli.report.ScheduleText;
import dev.kiln.cli.report.Sizes;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.memory.Plan;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.source.SourceFile;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "report", description = "Shows what the compiler decided for a network: what runs together and what does not, by which rule; where values live in memory; the steps and their tiles.")
final class ReportCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--fusion", description = "Line by line the kernels, their share of the work, and why values lie in memory between two. Shown when nothing else is asked for.")
    boolean fusion;

    @Option(names = "--memory", description = "The arena: which value lives from which step to which, and whose place it takes.")
    boolean memory;

    @Option(names = "--schedule", description = "The steps in order: kernels, tiles, tasks, operations, bytes.")
    boolean schedule;

    @Option(names = "--entry", paramLabel = "ENTRY", defaultValue = "predict", description = "predict, sample, train or evaluate; ${DEFAULT-VALUE} when left out.")
    String entry;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; 1 when left out.")
    Map<String, Long> dims = new LinkedHashMap<>();

    @Option(names = "--network", paramLabel = "NAME", description = "Which network, when the file has several.")
    Optional<String> network;

    @Option(names = "--exact", description = "Compute 3x3 and 5x5 convolutions as they stand, not by transforms.")
    boolean exact;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        SourceFile source = Sources.read(file);
        Planned planned = Sources.compiler(exact).plan(source, network);
        Program program = planned.program();
        Plan plan = planned.entries().stream().filter(p -> p.steps().entry().name().equals(entry)).findFirst()
                .orElseThrow(() -> UserError.usage("%s has no entry %s; it has %s", program.name(), entry, planned.entries().stream().map(p -> p.steps().entry().name()).collect(Collectors.joining(", "))));
        Sources.knows(file, plan.dims(), dims);
        Measured measured = Measured.of(plan, Sizes.of(program, plan.dims(), dims));
        PrintWriter out = spec.commandLine().getOut();
        out.println(program.name() + "." + entry + (plan.dims().isEmpty() ? "" : " for " + measured.sizes()) + ", " + plan.steps().steps().size() + " steps");
        if (fusion || !(memory || schedule)) out.println("\n" + FusionText.of(measured, written(source, program.name()), source).stripTrailing());
        if (memory) out.println("\n" + MemoryText.of(measured).stripTrailing());
        if (schedule) out.println("\n" + ScheduleText.of(measured).stripTrailing());
        out.flush();
        return ExitCode.OK;
    }

    private Entry written(SourceFile source, String name) {
        Checked.Model model = Sources.compiler().check(source).checked().model(name).orElseThrow();
        return model.program().entry(entry).orElseThrow();
    }
}
