package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Program;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The stage `simplify`: all themes together until nothing fires. What no output depends on is gone afterwards.
public final class Simplify {
    public static final List<Rule<?>> RULES = Stream.of(SparseRows.RULES, Constants.RULES, Algebra.RULES, Movement.RULES, Repetition.RULES, Reductions.RULES, Contractions.RULES, Scans.RULES).<Rule<?>>flatMap(List::stream).toList();

    private Simplify() {}

    public static Program of(Program program) {
        return program.map(Simplify::of);
    }

    public static Entry of(Entry entry) {
        return of(entry, _ -> {});
    }

    /// The same, watched.
    /// @param trace is told the law and the place of each rule that fires
    public static Entry of(Entry entry, Consumer<String> trace) {
        return Rewriter.rewrite(entry, RULES, trace);
    }
}
