package dev.kiln.compiler.api;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.stream.IntStream;

/// Recurrent networks as graphs, as the language writes them once the products of the inputs stand before the loop.
final class Cells {
    private Cells() {}

    static Value product(Graph g, Value x, Value w) {
        int rank = x.type().rank();
        var axes = IntStream.range(0, rank + 1).mapToObj(i -> new Axis("a" + i, i < rank ? x.type().dim(i) : w.type().dim(1))).toList();
        var ofX = new Access(IntStream.range(0, rank).mapToObj(Affine::axis).toList());
        var out = IntStream.range(0, rank + 1).filter(i -> i != rank - 1).boxed().toList();
        return g.add(new Contract(x, w, axes, ofX, new Access(List.of(Affine.axis(rank - 1), Affine.axis(rank))), out));
    }

    static Value sigmoid(Graph g, Value x) {
        return Ops.map(g, Functions.SIGMOID, x);
    }

    static Value tanh(Graph g, Value x) {
        return Ops.map(g, Functions.TANH, x);
    }

    /// Columns `i*width..(i+1)*width` of a matrix.
    static Value gate(Graph g, Value z, int i, Dim width) {
        return g.add(new Slice(z, List.of(Dim.ZERO, width.times(i)), List.of(1, 1), List.of(z.type().dim(0), width)));
    }

    /// `x W + b` for all steps.
    static Value inputs(Graph g, Value xs, Value w, Value b) {
        var y = product(g, xs, w);
        return Ops.add(g, y, Ops.broadcast(g, b, y.type().shape(), List.of(2)));
    }

    private static Loop.Results run(Loop loop, boolean reverse, List<Value> next, List<Value> outputs) {
        return reverse ? loop.reverse(next, outputs) : loop.scan(next, outputs);
    }

    /// `h' = tanh(x W + b + h U)`
    static Loop.Results elman(Graph g, Value projected, Value u, Value h0, boolean reverse) {
        var loop = new Loop(g, projected.type().dim(0));
        var h = loop.state(h0);
        var b = loop.body();
        var next = tanh(b, Ops.add(b, product(b, h, loop.constant(u)), loop.step(projected)));
        return run(loop, reverse, List.of(next), List.of(next));
    }

    /// `c' = f c + i g, h' = o tanh(c')`, gates i f o g.
    static Loop.Results lstm(Graph g, Value projected, Value u, Value h0, Value c0, boolean reverse) {
        var loop = new Loop(g, projected.type().dim(0));
        var h = loop.state(h0);
        var c = loop.state(c0);
        var width = h0.type().dim(1);
        var b = loop.body();
        var z = Ops.add(b, product(b, h, loop.constant(u)), loop.step(projected));
        var kept = Ops.mul(b, sigmoid(b, gate(b, z, 1, width)), c);
        var added = Ops.mul(b, sigmoid(b, gate(b, z, 0, width)), tanh(b, gate(b, z, 3, width)));
        var cell = Ops.add(b, kept, added);
        var next = Ops.mul(b, sigmoid(b, gate(b, z, 2, width)), tanh(b, cell));
        return run(loop, reverse, List.of(next, cell), List.of(next));
    }

    /// `h' = h + z (tanh(x W + r (h U)) - h)`, gates z r, then the candidate.
    static Loop.Results gru(Graph g, Value projected, Value u, Value h0, boolean reverse) {
        var loop = new Loop(g, projected.type().dim(0));
        var h = loop.state(h0);
        var width = h0.type().dim(1);
        var b = loop.body();
        var x = loop.step(projected);
        var p = product(b, h, loop.constant(u));
        var z = sigmoid(b, Ops.add(b, gate(b, p, 0, width), gate(b, x, 0, width)));
        var r = sigmoid(b, Ops.add(b, gate(b, p, 1, width), gate(b, x, 1, width)));
        var candidate = tanh(b, Ops.add(b, Ops.mul(b, r, gate(b, p, 2, width)), gate(b, x, 2, width)));
        var next = Ops.add(b, h, Ops.mul(b, z, Ops.sub(b, candidate, h)));
        return run(loop, reverse, List.of(next), List.of(next));
    }
}
