package dev.kiln.compiler.normalise;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The stage `normalise`: afterwards no index of a contraction has a divisor and no variance is left. What this uncovers is simplified along the way.
public final class Normalise {
    public static final List<Rule<?>> RULES = Stream.of(Phases.RULES, Variance.RULES).<Rule<?>>flatMap(List::stream).toList();

    private static final List<Rule<?>> ALL = Stream.of(RULES, Simplify.RULES).<Rule<?>>flatMap(List::stream).toList();

    private Normalise() {}

    public static Program of(Program program) {
        return program.map(Normalise::of);
    }

    public static Entry of(Entry entry) {
        return of(entry, _ -> {});
    }

    /// The same, watched.
    /// @param trace is told the law and the place of each rule that fires
    public static Entry of(Entry entry, Consumer<String> trace) {
        return verify(Rewriter.rewrite(entry, ALL, trace));
    }

    /// What later stages rely on.
    static Entry verify(Entry entry) {
        for (var v : entry.live()) {
            boolean normal = switch (v.op()) {
                case Contract c -> Stream.concat(c.ofA().dims().stream(), c.ofB().dims().stream()).mapToInt(Affine::divisor).allMatch(divisor -> divisor == 1);
                case Var _ -> false;
                default -> true;
            };
            if (!normal) throw new IllegalStateException("not normal: " + v.op().print(v.op().operands().stream().map(Object::toString).toList()));
        }
        return entry;
    }
}
