package dev.kiln.compiler.driver;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.emit.Emitted;
import dev.kiln.compiler.graph.GraphCheck;
import dev.kiln.compiler.graph.GraphText;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.group.Grouped;
import dev.kiln.compiler.layout.LaidOut;
import dev.kiln.compiler.memory.Planned;
import dev.kiln.compiler.normalise.Normalise;
import dev.kiln.compiler.pack.Packed;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.schedule.Scheduled;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;

/// The compiler: eleven stages from text to what a jar holds.
public final class Stages {
    /// A network on its way through the stages that work on graphs.
    public record Unit(Checked.Model model, Program program) {
        Unit with(Program now) {
            return new Unit(model, now);
        }

        String dump() {
            return GraphText.print(program);
        }
    }

    /// What is decided of a checked network before any code is written.
    private static final Pipeline<Unit, Planned> DECISIONS = Pipeline
            .of(stage("differentiate", "gradients of the loss in the training graph", (Compilation _, Unit u) -> u.with(Differentiate.of(u.program())), Stages::verify, Unit::dump))
            .then(stage("simplify", "laws that make the graphs smaller", (_, u) -> u.with(Simplify.of(u.program())), Stages::verify, Unit::dump))
            .then(stage("normalise", "contractions and reductions in normal form", (_, u) -> u.with(Normalise.of(u.program())), Stages::verify, Unit::dump))
            .then(stage("group", "what runs together", (c, u) -> Grouped.of(u.program(), c.arithmetic()), Grouped::verify, Grouped::dump))
            .then(stage("layout", "where every value lies", (_, g) -> LaidOut.of(g), LaidOut::verify, LaidOut::dump))
            .then(stage("schedule", "kernels and the loops around them", (_, l) -> Scheduled.of(l), Scheduled::verify, Scheduled::dump))
            .then(stage("memory", "which buffers live when", (_, s) -> Planned.of(s), Planned::verify, Planned::dump));

    /// From a checked network on.
    static final Pipeline<Unit, Packed> OF_NETWORKS = DECISIONS
            .then(stage("emit", "classes for every vector width", (c, p) -> Emitted.of(p, fileName(c.source()), Facts.of(c.source(), c.arithmetic())), _ -> {}, Emitted::dump))
            .then(stage("pack", "what the jar holds beside its weights", (c, e) -> Packed.of(e, c.source(), c.neighbours()), _ -> {}, Packed::dump));

    private static final Pipeline<SourceFile, Unit> NETWORKS = Pipeline
            .of(stage("parse", "text to a tree", Stages::parse, _ -> {}, Ast.File::toString))
            .then(stage("check", "names, types and dims; one graph an entry", Stages::check, Stages::verify, Unit::dump));

    static final Pipeline<SourceFile, Planned> PLAN = NETWORKS.then(DECISIONS);

    public static final Pipeline<SourceFile, Packed> ALL = NETWORKS.then(OF_NETWORKS);

    private static <A, B> Stage<A, B> stage(String name, String summary, java.util.function.BiFunction<Compilation, A, B> step, Consumer<B> verify, Function<B, String> print) {
        return new Stage<>(name, summary, step, verify, print);
    }

    private static Ast.File parse(Compilation c, SourceFile source) {
        return Parser.parse(source, c.problems());
    }

    private static Unit check(Compilation c, Ast.File file) {
        var checked = Check.check(file, c.library(), c.problems());
        c.neighbours().addAll(checked.neighbours());
        var model = select(checked, c);
        return new Unit(model, model.program());
    }

    static Checked.Model select(Checked checked, Compilation c) {
        refuse(c.problems());
        if (checked.models().isEmpty()) throw new UsageException("%s has no network to compile; add `network Name { … }`".formatted(c.source().name()));
        var names = checked.models().stream().map(m -> m.program().name()).toList();
        if (c.network().isEmpty()) return checked.models().getFirst();
        return checked.model(c.network().get()).orElseThrow(() -> new UsageException("%s has no network called %s, it has %s".formatted(c.source().name(), c.network().get(), names)));
    }

    static void refuse(Problems problems) {
        if (!problems.isEmpty()) throw new ProblemsException(problems);
    }

    private static void verify(Unit unit) {
        GraphCheck.verify(unit.program());
    }

    private static String fileName(SourceFile source) {
        var name = source.name().replace('\\', '/');
        return name.substring(name.lastIndexOf('/') + 1);
    }


    private Stages() {}
}
