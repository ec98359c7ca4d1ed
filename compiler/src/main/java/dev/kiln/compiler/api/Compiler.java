package dev.kiln.compiler.api;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.driver.Compile;
import dev.kiln.compiler.driver.Pipeline;
import dev.kiln.compiler.driver.Stages;
import dev.kiln.compiler.driver.UsageException;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Arithmetic;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser;
import java.util.List;
import java.util.Optional;

/// The compiler as others use it. The libraries on the class path (`META-INF/nn/`) are visible to every file.
public final class Compiler {
    private final Library library;
    private final Arithmetic arithmetic;

    private Compiler(Library library, Arithmetic arithmetic) {
        this.library = library;
        this.arithmetic = arithmetic;
    }

    /// A compiler that finds its libraries through a class loader.
    public static Compiler of(ClassLoader loader) {
        return new Compiler(Library.of(loader), Arithmetic.FAST);
    }

    /// A compiler that computes every sum of products as it stands. Otherwise large convolutions of 3 × 3 and 5 × 5 are computed by transforms (Winograd), two to three times as fast, and
    /// up to 2e-4 of the largest element away from exact arithmetic instead of about 1e-6.
    public Compiler exact() {
        return new Compiler(library, Arithmetic.EXACT);
    }

    /// The stages, in order.
    public static List<Pipeline.Listed> stages() {
        return Stages.ALL.stages();
    }

    /// What a check found: use `checked` only when `problems` is empty.
    public record Checking(Checked checked, Problems problems) {}

    /// Parses and checks; all problems of the file at once.
    public Checking check(SourceFile source) {
        var problems = new Problems();
        return new Checking(Check.check(Parser.parse(source, problems), library, problems), problems);
    }

    /// Compiles the first network of a file, or the one that is named.
    /// @throws dev.kiln.compiler.driver.ProblemsException when the file has problems
    public Compiled compile(SourceFile source, Optional<String> network, Pipeline.Watcher watcher) {
        return new Compiled(Compile.run(source, library, network, arithmetic, watcher));
    }

    public Compiled compile(SourceFile source) {
        return compile(source, Optional.empty(), (_, _, _) -> {});
    }

    /// Compiles a network that [#check] gave, or one made of it.
    /// @param source the text it is of
    public Compiled compile(Program network, SourceFile source) {
        return new Compiled(Compile.run(network, source, library, arithmetic));
    }

    /// What runs together, in which steps, and where it lies: the compiler's decisions for a network, without its code.
    /// @throws dev.kiln.compiler.driver.ProblemsException when the file has problems
    public Planned plan(SourceFile source, Optional<String> network) {
        return Compile.plan(source, library, network, arithmetic);
    }

    /// What a stage made of the file.
    /// @throws UsageException when there is no such stage
    public String dump(SourceFile source, Optional<String> network, String stage) {
        if (!Stages.ALL.names().contains(stage)) throw new UsageException("there is no stage '%s'; the stages are %s".formatted(stage, String.join(", ", Stages.ALL.names())));
        return Compile.until(source, library, network, arithmetic, stage);
    }
}
