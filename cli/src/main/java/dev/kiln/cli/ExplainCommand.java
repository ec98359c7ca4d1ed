package dev.kiln.cli;

import dev.kiln.compiler.source.Explanations;
import dev.kiln.compiler.source.SourceFile;
import java.io.PrintWriter;
import java.util.Iterator;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(name = "explain", description = "Shows an example of a kind of problem and what Kiln says about it; without a name, lists the kinds.")
final class ExplainCommand implements Callable<Integer> {
    @Parameters(arity = "0..1", paramLabel = "ERROR", description = "The name in error[...], such as ShapeMismatch.", completionCandidates = Codes.class)
    String code;

    @Spec
    CommandSpec spec;

    static final class Codes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Explanations.codes().iterator();
        }
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        if (code == null) {
            Explanations.codes().forEach(out::println);
        } else {
            SourceFile example = Explanations.example(name()).orElseThrow();
            out.println(Paint.report(Sources.compiler().check(example).problems()));
            out.println();
            out.println(example.name() + ":");
            example.text().lines().forEach(line -> out.println("    " + line));
        }
        out.flush();
        return ExitCode.OK;
    }

    /// The kind that is meant: case and `error[…]` around it do not matter.
    private String name() {
        String bare = code.replaceFirst("^error\\[(.*)]$", "$1");
        return Explanations.codes().stream().filter(bare::equalsIgnoreCase).findFirst()
                .orElseThrow(() -> UserError.usage("there is no problem called %s; `kiln explain` lists them all", bare));
    }
}
