package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.Checked;
import dev.kiln.testkit.GradientCheck.Finding;
import dev.kiln.testkit.GradientCheck.Verdict;
import dev.kiln.testkit.NetworkGradients;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "gradcheck", description = "Holds the derived gradient of each network's loss against differences, on random inputs.")
final class GradcheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of inputs, weights and places; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; 2 when left out.")
    Map<String, Long> dims = Map.of();

    @Spec
    CommandSpec spec;

    private boolean failed;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        Checking checking = Sources.compiler().check(Sources.read(file));
        if (!checking.problems().isEmpty()) {
            out.println(Paint.report(checking.problems()));
            out.flush();
            return ExitCode.PROBLEMS;
        }
        List<Checked.Model> trained = checking.checked().models().stream().filter(model -> model.training().isPresent()).toList();
        if (trained.isEmpty()) {
            throw UserError.input("%s has no train block, so there is no loss to differentiate", file);
        }
        for (Checked.Model model : trained) {
            out.println(model.program().name());
            NetworkGradients.check(model.program(), dims, seed, findings -> print(findings, out));
        }
        return failed ? ExitCode.PROBLEMS : ExitCode.OK;
    }

    /// One line a weight, with the places under those that fail.
    private void print(List<Finding> findings, PrintWriter out) {
        List<Finding> wrong = findings.stream().filter(f -> f.verdict() == Verdict.FAIL).toList();
        long unclear = findings.stream().filter(f -> f.verdict() == Verdict.INCONCLUSIVE).count();
        String sign = wrong.isEmpty() ? "  @|green ok|@    " : "  @|red FAIL|@  ";
        out.println(Ansi.AUTO.string(sign) + findings.getFirst().wrt() + (unclear == 0 ? "" : "  (%d of %d places stand on a kink)".formatted(unclear, findings.size())));
        wrong.forEach(finding -> out.println("        " + finding));
        out.flush();
        failed |= !wrong.isEmpty();
    }
}
