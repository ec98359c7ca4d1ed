package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// The page of `while`.
final class WhileSamples {
    static final Spec SPEC = Spec.of("while", """
            `(state, stop, y[t]) = body(state, xs[t], constants)` for t = 0, 1, … until a step says stop, a number of steps at the most: one loop, never unrolled, left as soon as it is done. \
            Its results, read by `project`, are the states after the last step, then `stop` and each output stacked as `[time, …]`, zero where no step was made. No gradient flows through it.""")
            .law("that never stops is scan", (g, d) -> {
                Dim time = d.dim();
                var init = d.real(d.dim());
                return new Sides(halves(g, time, init, Double.POSITIVE_INFINITY).outputs().get(1), scanned(g, time, init));
            })
            .law("stops with the step that says so", (g, d) -> {
                var init = d.real(-1, 1, d.dim());
                return new Sides(halves(g, Dim.of(7), init, 3).states().getFirst(), Ops.mul(g, init, Ops.fill(g, 0.125, init.type().shape())));
            })
            .law("gives zeros for steps that were not made", (g, d) -> {
                var init = d.real(-1, 1, d.dim());
                var given = halves(g, Dim.of(5), init, 2).outputs().get(1);
                return new Sides(Ops.slice(g, given, 0, Dim.of(2), 1, Dim.of(3)), Ops.fill(g, 0, Dim.of(3), init.type().dim(0)));
            })
            .rejects("while: the first output of the body says stop, a bool, not f32[3]", g -> {
                var loop = new Loop(g, Dim.of(3));
                var s = loop.state(Ops.fill(g, 0, Dim.of(3)));
                return loop.until(List.of(s), List.of(s)).states().getFirst().op();
            });

    private WhileSamples() {}

    /// `h' = h / 2` with the states as outputs, until so many steps are made.
    private static Loop.Results halves(Graph g, Dim time, Value init, double steps) {
        var loop = new Loop(g, time);
        var b = loop.body();
        var h = loop.state(init);
        var made = loop.state(Ops.scalar(g, 0));
        var next = Ops.mul(b, h, Ops.fill(b, 0.5, h.type().shape()));
        var count = Ops.add(b, made, Ops.scalar(b, 1));
        var stop = Ops.map(b, Functions.LESS_EQUAL, Ops.scalar(b, steps), count);
        return loop.until(List.of(next, count), List.of(stop, next));
    }

    private static Value scanned(Graph g, Dim time, Value init) {
        var loop = new Loop(g, time);
        var h = loop.state(init);
        var next = Ops.mul(loop.body(), h, Ops.fill(loop.body(), 0.5, h.type().shape()));
        return loop.scan(List.of(next), List.of(next)).outputs().getFirst();
    }
}
