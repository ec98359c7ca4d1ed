package dev.kiln.compiler.normalise;

import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.rewrite.Rewriter;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Simplify;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The stage `normalise`: afterwards no index of a contraction has a divisor, all reach beyond an edge by a known number at most, and no composed operator is left. What this uncovers is simplified along the way.
public final class Normalise {
    private static final Rule<?> COMPOSED = rule(Op.Composed.class, "an operator without a kernel form  =>  what it is made of", ROUNDS,
            (at, op) -> op.compose(at.graph()),
            (g, d) -> Ops.var(g, d.real(1000, 1001, d.dim(), Dim.of(3), d.dim()), 0, 2));

    private static final Rule<?> BESIDE_VARIANCE = rule(Sum.class, "sum(x) beside var(x)  =>  (mean(x - x0) + x0) * size, by what var sums, too", ROUNDS,
            (at, op) -> at.inhabited(op.x(), op.axes())
                    ? at.users(op.x()).stream().map(Value::op).filter(Var.class::isInstance).map(Var.class::cast).filter(v -> v.axes().equals(op.axes())).findFirst().map(v -> v.sum(at.graph())).orElse(null)
                    : null,
            (g, d) -> {
                var x = d.real(d.dim(), Dim.of(3));
                return Ops.add(g, Ops.sum(g, x, 1), Ops.var(g, x, 1));
            })
            .butNot((g, d) -> {
                var x = d.real(Dim.of(3), Dim.of(3));
                return Ops.add(g, Ops.sum(g, x, 0), Ops.var(g, x, 1));
            });

    public static final List<Rule<?>> RULES = Stream.of(Phases.RULES, Fetches.RULES, List.<Rule<?>>of(BESIDE_VARIANCE, COMPOSED)).<Rule<?>>flatMap(List::stream).toList();

    /// Those and what they uncover.
    public static final List<Rule<?>> ALL = Stream.of(RULES, Simplify.RULES).<Rule<?>>flatMap(List::stream).toList();

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
        verify(entry.live());
        return entry;
    }

    private static void verify(List<Value> values) {
        for (var v : values) {
            boolean normal = switch (v.op()) {
                case Contract c -> Stream.concat(c.ofA().dims().stream(), c.ofB().dims().stream()).mapToInt(Affine::divisor).allMatch(divisor -> divisor == 1) && Fetches.isBounded(c);
                case Op.Composed _ -> false;
                default -> true;
            };
            if (!normal) throw new IllegalStateException("not normal: " + v.op().print(v.op().operands().stream().map(Object::toString).toList()));
            if (v.op() instanceof Op.Control loop) verify(loop.inside().values());
        }
    }
}
