package dev.kiln.compiler.op;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Spec.Sides;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// The page of `scan`.
final class ScanSamples {
    static final Spec SPEC = Spec.of("scan", """
            `(state, y[t]) = body(state, xs[t], constants)` for t = 0 … time - 1, or from last to first: one loop, never unrolled. \
            Its results, read by `project`, are the final states, then each output stacked as `[time, …]`; the output of step t stands at t in either direction. \
            Without a step the final states are the initial ones. The body is a closed graph of its own; its leaves are `port`s.""")
            .law("of sums is the sum", (g, d) -> {
                var x = d.real(d.dim(), d.dim());
                var loop = new Loop(g, x.type().dim(0));
                var s = loop.state(Ops.fill(g, 0, x.type().dim(1)));
                return new Sides(loop.scan(List.of(Ops.add(loop.body(), s, loop.step(x))), List.of()).states().getFirst(), Ops.sum(g, x, 0));
            })
            .law("from last to first is that of the turned steps, turned", (g, d) -> {
                var x = d.real(-1, 1, d.dim(), d.dim());
                var init = d.real(x.type().dim(1));
                return new Sides(decay(g, init, x, true).outputs().getFirst(), turned(g, decay(g, init, turned(g, x), false).outputs().getFirst()));
            })
            .rejects("scan: steps come from [3, …], not f32[4]", g -> scan(g, Dim.of(3), Ops.fill(g, 0, Dim.of(4))))
            .rejects("body: input comes from outside, pass it as a constant or step", g -> {
                var loop = new Loop(g, Dim.of(3));
                loop.scan(List.of(), List.of(loop.body().add(new Input("x", TensorType.f32(2)))));
                return scan(g, Dim.of(3), Ops.fill(g, 0, Dim.of(3)));
            });

    private ScanSamples() {}

    /// `h' = tanh(h / 2 + x)`, with the states as outputs.
    static Scan decay(Graph g, Draw d) {
        var x = d.real(-1, 1, d.dim(), d.dim());
        return (Scan) ((Project) decay(g, d.real(x.type().dim(1)), x, false).states().getFirst().op()).scan().op();
    }

    private static Loop.Results decay(Graph g, Value init, Value xs, boolean reverse) {
        var loop = new Loop(g, xs.type().dim(0));
        var b = loop.body();
        var h = loop.state(init);
        var next = Ops.map(b, Functions.TANH, Ops.add(b, Ops.mul(b, h, Ops.fill(b, 0.5, h.type().shape())), loop.step(xs)));
        return reverse ? loop.reverse(List.of(next), List.of(next)) : loop.scan(List.of(next), List.of(next));
    }

    private static Scan scan(Graph g, Dim time, Value xs) {
        var loop = new Loop(g, time);
        return (Scan) ((Project) loop.scan(List.of(), List.of(loop.step(xs))).outputs().getFirst().op()).scan().op();
    }

    private static Value turned(Graph g, Value x) {
        return Ops.slice(g, x, 0, x.type().dim(0).minus(1), -1, x.type().dim(0));
    }
}
