package dev.kiln.compiler.normalise;

import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.op.Var;
import dev.kiln.compiler.rewrite.Rule;
import dev.kiln.compiler.rewrite.Site;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// A variance as two sums of one sweep. Shifting by an element of the data keeps the difference of squares from cancelling (Chan, Golub, LeVeque 1983).
final class Variance {
    static final List<Rule<?>> RULES = List.of(
            rule(Var.class, "var(x)  =>  sum(d²)/n - (sum(d)/n)², d = x - first x", ROUNDS,
                    Variance::shifted,
                    (g, d) -> Ops.var(g, d.real(1000, 1001, d.dim(), Dim.of(3), d.dim()), 0, 2)));

    private Variance() {}

    private static Value shifted(Site at, Var op) {
        var g = at.graph();
        var shape = op.x().type().shape();
        var extent = new ArrayList<>(shape);
        op.axes().forEach(a -> extent.set(a, Dim.ONE));
        var first = g.add(new Slice(op.x(), Collections.nCopies(shape.size(), Dim.ZERO), Collections.nCopies(shape.size(), 1), extent));
        var d = Ops.sub(g, op.x(), Ops.spread(g, Ops.reshape(g, first, op.type().shape()), shape, op.axes()));
        var mean = Ops.mean(g, d, op.axes());
        var square = Ops.mean(g, Ops.mul(g, d, d), op.axes());
        return Ops.map(g, Functions.MAX, Ops.sub(g, square, Ops.mul(g, mean, mean)), Ops.fill(g, 0, op.type().shape()));
    }
}
