package dev.kiln.cli;

import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.AtomicFile;
import dev.kiln.testkit.gradient.Blame;
import dev.kiln.testkit.gradient.Drift;
import dev.kiln.testkit.gradient.FailureFile;
import dev.kiln.testkit.gradient.Failures;
import dev.kiln.testkit.gradient.Finding;
import dev.kiln.testkit.gradient.ModelCheck;
import dev.kiln.testkit.gradient.ModelCheck.Settings;
import dev.kiln.testkit.gradient.ModelCheck.Wrt;
import dev.kiln.testkit.gradient.ModelReport;
import dev.kiln.testkit.gradient.Oracles;
import dev.kiln.testkit.gradient.PropertyRun;
import dev.kiln.testkit.gradient.Verdict;
import dev.kiln.testkit.report.CheckReport;
import dev.kiln.testkit.report.CheckReport.Property;
import dev.kiln.testkit.report.CheckReport.Replayed;
import dev.kiln.testkit.report.HtmlReport;
import dev.kiln.testkit.report.JunitXml;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "gradcheck", description = "Holds the gradient of each network against differences and forward mode, on random samples. A wrong one is traced to the line that causes it.")
final class GradcheckCommand implements Callable<Integer> {
    @Parameters(paramLabel = "FILE", description = "The .nn file.")
    Path file;

    @Option(names = "--wrt", paramLabel = "param|input|all", defaultValue = "PARAM", description = "What moves; ${DEFAULT-VALUE} when left out.")
    Wrt wrt;

    @Option(names = "--tries", paramLabel = "N", description = "How many samples; 1 when left out, or as many as --seconds allows.")
    Optional<Integer> tries = Optional.empty();

    @Option(names = "--seconds", paramLabel = "S", description = "No new sample is begun after so many.")
    Optional<Long> seconds = Optional.empty();

    @Option(names = "--seed", paramLabel = "S", defaultValue = "1", description = "Of inputs, weights and directions; ${DEFAULT-VALUE} when left out.")
    long seed;

    @Option(names = "--bind", paramLabel = "N=SIZE", description = "The size of a symbolic dim; 2 in the first sample and drawn afterwards when left out.")
    Map<String, Long> dims = Map.of();

    @Option(names = "--failures", paramLabel = "FOLDER", defaultValue = "kiln-failures", description = "Where each failure is kept as a smallest .nn file with a JUnit test, and looked at first the next time; ${DEFAULT-VALUE} when left out.")
    Path folder;

    @Option(names = "--report", paramLabel = "OUT.html", description = "Writes one page: error of every parameter, drift of every layer, kinks, verdicts.")
    Optional<Path> html = Optional.empty();

    @Option(names = "--junit", paramLabel = "OUT.xml", description = "Writes what was checked as JUnit XML.")
    Optional<Path> xml = Optional.empty();

    @Option(names = "--second", description = "Checks second derivatives, too: the gradient of the slope along a random direction.")
    boolean second;

    @Option(names = "--compiled", description = "Looks at compiled code, too, however large the network; small ones are always looked at.")
    boolean compiled;

    @Spec
    CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        SourceFile source = Sources.read(file);
        Checking checking = Sources.sound(source);
        if (checking.checked().models().isEmpty() && checking.checked().properties().isEmpty()) {
            throw UserError.input("%s has no network and no gradient written by hand", file);
        }
        Duration time = seconds.isPresent() ? Duration.ofSeconds(seconds.get()) : Duration.ofDays(1);
        var settings = new Settings(wrt, tries.orElse(seconds.isPresent() ? Integer.MAX_VALUE : 1), time, seed, dims);
        Failures failures = new Failures(folder, Sources.compiler(), source);
        List<Replayed> replayed = new ArrayList<>();
        for (FailureFile kept : failures.kept()) {
            replayed.add(replay(kept, checking, out));
        }
        List<Property> properties = new ArrayList<>();
        for (PropertyCase property : checking.checked().properties()) {
            properties.add(run(property, failures, out));
        }
        List<CheckReport.Network> networks = new ArrayList<>();
        for (Checked.Model model : checking.checked().models()) {
            networks.add(check(model.program(), settings, failures, out));
            if (second) {
                networks.add(checkSecond(model.program(), settings.ofSecondOrder(), failures, out));
            }
        }
        CheckReport report = new CheckReport(file.toString(), seed, replayed, properties, networks);
        html.ifPresent(to -> write(to, HtmlReport.of(report)));
        xml.ifPresent(to -> write(to, JunitXml.of(report)));
        return report.failed() ? ExitCode.PROBLEMS : ExitCode.OK;
    }

    private static void write(Path file, String text) {
        AtomicFile.write(file, to -> to.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private Property run(PropertyCase property, Failures failures, PrintWriter out) throws IOException {
        long start = System.nanoTime();
        PropertyRun.Outcome outcome = PropertyRun.of(property, seed);
        Property result = new Property(outcome, (System.nanoTime() - start) / 1e9);
        out.println(Ansi.AUTO.string(outcome.failed() ? "@|red FAIL|@  " : "@|green ok|@    ") + "%s  (%d tries)".formatted(outcome.title(), outcome.tries()));
        outcome.failure().ifPresent(out::println);
        out.flush();
        if (outcome.failed()) {
            keep(failures.keep(property, outcome.failure().orElseThrow()), out);
        }
        return result;
    }

    private CheckReport.Network check(Program program, Settings settings, Failures failures, PrintWriter out) throws IOException {
        long start = System.nanoTime();
        out.println(program.name());
        ModelReport report = ModelCheck.check(program, settings, finding -> print(finding, out));
        report(report, out);
        Optional<Oracles> oracles = compiled || !ModelCheck.isLarge(program, settings) ? Optional.of(Oracles.of(program, settings)) : Optional.empty();
        oracles.ifPresentOrElse(o -> print(o, out), () -> out.println("  compiled code of a network this large is looked at with --compiled"));
        CheckReport.Network result = new CheckReport.Network(report, oracles, (System.nanoTime() - start) / 1e9);
        out.flush();
        if (report.failed()) {
            keep(failures.keep(program.name(), settings, report.failure().orElseThrow()), out);
        }
        return result;
    }

    private static CheckReport.Network checkSecond(Program program, Settings settings, Failures failures, PrintWriter out) throws IOException {
        long start = System.nanoTime();
        out.println(program.name() + ", second derivatives");
        ModelReport report;
        try {
            report = ModelCheck.check(program, settings, finding -> print(finding, out));
        } catch (IllegalArgumentException e) {
            throw UserError.input("%s", e.getMessage());
        }
        if (report.findings().isEmpty()) {
            out.println("  each of them is zero: the gradient depends on nothing that moves");
        } else {
            report(report, out);
        }
        if (report.failed()) {
            keep(failures.keep(program.name(), settings, report.failure().orElseThrow()), out);
        }
        return new CheckReport.Network(report, Optional.empty(), (System.nanoTime() - start) / 1e9);
    }

    private static void print(Oracles oracles, PrintWriter out) {
        oracles.missing().ifPresent(why -> out.println(Ansi.AUTO.string("  @|yellow ?|@     compiled code  (") + why + ")"));
        if (oracles.missing().isEmpty()) {
            out.println(Ansi.AUTO.string(oracles.failed() ? "  @|red FAIL|@  " : "  @|green ok|@    ") + "compiled code: float against double, of what rounding explains");
        }
        oracles.layers().forEach(drift -> out.println("        " + drift));
        Comparator<Drift> nearest = Comparator.comparingDouble(d -> d.drift() / d.budget());
        oracles.gradients().stream().max(nearest).ifPresent(drift -> out.println("        " + drift + ", the worst of the gradients"));
        oracles.disagreements().forEach(line -> out.println("GRADCHECK FAILED  " + line));
    }

    private static void print(Finding finding, PrintWriter out) {
        String sign = switch (finding.verdict()) {
            case Verdict.Pass _ -> "  @|green ok|@    ";
            case Verdict.Fail _ -> "  @|red FAIL|@  ";
            case Verdict.Inconclusive _ -> "  @|yellow ?|@     ";
        };
        out.println(Ansi.AUTO.string(sign) + finding.name() + (finding.verdict() instanceof Verdict.Inconclusive(String reason) ? "  (" + reason + ")" : ""));
        if (finding.failed()) {
            out.println("        " + finding);
        }
        out.flush();
    }

    private static Replayed replay(FailureFile kept, Checking checking, PrintWriter out) {
        Replayed result = new Replayed(kept.sample().subject(), kept.replay(checking));
        out.println(Ansi.AUTO.string(result.wrong().isPresent() ? "@|red FAIL|@  " : "@|green ok|@    ") + result.subject() + ", kept from an earlier check");
        result.wrong().ifPresent(out::println);
        out.flush();
        return result;
    }

    private static void keep(Path file, PrintWriter out) {
        out.println("  smallest case kept in " + file);
        out.flush();
    }

    private static void report(ModelReport report, PrintWriter out) {
        out.println("  " + report.counts());
        report.failure().ifPresent(failure -> {
            Optional<Blame> blame = failure.blame();
            out.println(blame.map(Blame::toString).orElse("GRADCHECK FAILED: every node on its own is right, so it is how gradients are added up"));
            out.printf("  seed %d%n", failure.seed());
        });
        out.flush();
    }
}
