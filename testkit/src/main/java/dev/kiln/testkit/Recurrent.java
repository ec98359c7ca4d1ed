package dev.kiln.testkit;

import static dev.kiln.compiler.op.Ops.add;
import static dev.kiln.compiler.op.Ops.broadcast;
import static dev.kiln.compiler.op.Ops.fill;
import static dev.kiln.compiler.op.Ops.mul;
import static dev.kiln.compiler.op.Ops.sub;

import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Loops over time of every kind, for the tests of their gradients and laws and for the mutants of both.
public enum Recurrent {
    ELMAN {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var next = c.map(Functions.TANH, add(c.b, c.dense(c.step(FEATURES), HIDDEN), c.linear(h, HIDDEN)));
            return c.end(List.of(next), List.of(next));
        }
    },
    LSTM {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var s = c.state(HIDDEN);
            var gates = add(c.b, c.dense(c.step(FEATURES), 4 * HIDDEN), c.linear(h, 4 * HIDDEN));
            var i = c.map(Functions.SIGMOID, c.part(gates, 0));
            var f = c.map(Functions.SIGMOID, c.part(gates, 1));
            var u = c.map(Functions.TANH, c.part(gates, 2));
            var o = c.map(Functions.SIGMOID, c.part(gates, 3));
            var next = add(c.b, mul(c.b, f, s), mul(c.b, i, u));
            var y = mul(c.b, o, c.map(Functions.TANH, next));
            return c.end(List.of(y, next), List.of(y));
        }
    },
    GRU {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var x = c.step(FEATURES);
            var r = c.map(Functions.SIGMOID, add(c.b, c.dense(x, HIDDEN), c.linear(h, HIDDEN)));
            var z = c.map(Functions.SIGMOID, add(c.b, c.dense(x, HIDDEN), c.linear(h, HIDDEN)));
            var u = c.map(Functions.TANH, add(c.b, c.dense(x, HIDDEN), c.linear(mul(c.b, r, h), HIDDEN)));
            var next = add(c.b, mul(c.b, z, h), mul(c.b, sub(c.b, fill(c.b, 1, z.type().shape()), z), u));
            return c.end(List.of(next), List.of(next));
        }
    },
    /// A row stops at its length: its state stays, its outputs are zero.
    RAGGED {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var t = c.loop.step(c.g.add(new Iota(TensorType.i32(c.time), 0)));
            var length = c.loop.constant(c.d.ids(4, c.n));
            var alive = broadcast(c.b, Ops.map(c.b, Functions.LESS, broadcast(c.b, t, List.of(c.n), List.of()), length), h.type().shape(), List.of(0));
            var next = c.map(Functions.TANH, add(c.b, c.dense(c.step(FEATURES), HIDDEN), c.linear(h, HIDDEN)));
            return c.end(List.of(Ops.select(c.b, alive, next, h)), List.of(Ops.select(c.b, alive, next, fill(c.b, 0, h.type().shape()))));
        }
    },
    /// One state is read by the other alone, one by nobody, one never changes; the state before the step is an output.
    STATES {
        @Override
        Loop.Results build(Cell c) {
            var a = c.state(HIDDEN);
            var b = c.state(HIDDEN);
            var unread = c.state(HIDDEN);
            var still = c.state(HIDDEN);
            var x = c.step(HIDDEN);
            return c.end(List.of(mul(c.b, b, x), c.map(Functions.SIN, add(c.b, a, still)), mul(c.b, unread, x), still), List.of(a, x));
        }
    },
    /// The first state is set anew in each step, whatever it was.
    FORGETFUL {
        @Override
        Loop.Results build(Cell c) {
            var a = c.state(HIDDEN);
            var s = c.state(HIDDEN);
            var x = c.step(HIDDEN);
            return c.end(List.of(fill(c.b, 0.5, a.type().shape()), add(c.b, s, mul(c.b, a, x))), List.of());
        }
    },
    /// No state at all.
    MAP {
        @Override
        Loop.Results build(Cell c) {
            return c.end(List.of(), List.of(c.map(Functions.EXP, c.dense(c.step(FEATURES), HIDDEN))));
        }
    },
    /// What flows is stopped inside.
    STOPPED {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var next = mul(c.b, c.map(Functions.SIN, h), c.step(HIDDEN));
            return c.end(List.of(next), List.of(add(c.b, next, Ops.stop(c.b, mul(c.b, h, next)))));
        }
    },
    /// Each step is a loop over the rows of what it reads.
    NESTED {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var rows = c.loop.step(c.d.real(-1, 1, c.time, Dim.of(3), c.n, Dim.of(HIDDEN)));
            var inner = new Loop(c.b, Dim.of(3));
            var s = inner.state(h);
            var u = inner.constant(c.weights(HIDDEN, HIDDEN));
            var next = Ops.map(inner.body(), Functions.TANH, add(inner.body(), Cell.product(inner.body(), s, u), inner.step(rows)));
            var results = inner.scan(List.of(next), List.of(mul(inner.body(), next, s)));
            return c.end(List.of(results.states().getFirst()), List.of(Ops.sum(c.b, results.outputs().getFirst(), 0), h));
        }
    },
    /// Dot products with a memory that all steps read.
    ATTENTION {
        @Override
        Loop.Results build(Cell c) {
            var h = c.state(HIDDEN);
            var memory = c.loop.constant(c.d.real(-1, 1, c.n, Dim.of(2), Dim.of(HIDDEN)));
            var keys = c.map(Functions.TANH, memory);
            var axes = List.of(new Axis("n", c.n), new Axis("s", Dim.of(2)), new Axis("k", Dim.of(HIDDEN)));
            var ofMemory = access(0, 1, 2);
            var scores = c.b.add(new Contract(h, keys, axes, access(0, 2), ofMemory, List.of(0, 1)));
            var weights = c.map(Functions.SIGMOID, scores);
            var read = c.b.add(new Contract(weights, memory, axes, access(0, 1), ofMemory, List.of(0, 2)));
            var next = c.map(Functions.TANH, add(c.b, read, c.step(HIDDEN)));
            return c.end(List.of(next), List.of(next, weights));
        }
    };

    static final int FEATURES = 2;
    static final int HIDDEN = 3;

    abstract Loop.Results build(Cell c);

    /// The results of such a loop, final states first, on drawn operands.
    public List<Value> results(Graph g, Draw d, Dim time, Dim n, boolean reverse) {
        var results = build(new Cell(g, d, time, n, reverse));
        var all = new ArrayList<>(results.states());
        all.addAll(results.outputs());
        return all;
    }

    static Access access(int... axes) {
        return new Access(Arrays.stream(axes).mapToObj(Affine::axis).toList());
    }

    /// Short words to write a body with.
    static final class Cell {
        private final Graph g;
        private final Draw d;
        private final Dim time;
        private final Dim n;
        private final boolean reverse;
        private final Loop loop;
        private final Graph b;

        private Cell(Graph g, Draw d, Dim time, Dim n, boolean reverse) {
            this.g = g;
            this.d = d;
            this.time = time;
            this.n = n;
            this.reverse = reverse;
            loop = new Loop(g, time);
            b = loop.body();
        }

        private Value state(int features) {
            return loop.state(d.real(-1, 1, n, Dim.of(features)));
        }

        private Value step(int features) {
            return loop.step(d.real(-1, 1, time, n, Dim.of(features)));
        }

        private Value weights(int from, int to) {
            return loop.constant(d.real(-1, 1, Dim.of(from), Dim.of(to)));
        }

        private Value linear(Value x, int to) {
            return product(b, x, weights(x.type().dim(1).toInt(), to));
        }

        private Value dense(Value x, int to) {
            var bias = loop.constant(d.real(-1, 1, Dim.of(to)));
            return add(b, linear(x, to), broadcast(b, bias, List.of(n, Dim.of(to)), List.of(1)));
        }

        private Value part(Value gates, int number) {
            return Ops.slice(b, gates, 1, Dim.of((long) number * HIDDEN), 1, Dim.of(HIDDEN));
        }

        private Value map(Fn fn, Value x) {
            return Ops.map(b, fn, x);
        }

        private Loop.Results end(List<Value> next, List<Value> outputs) {
            return reverse ? loop.reverse(next, outputs) : loop.scan(next, outputs);
        }

        private static Value product(Graph g, Value a, Value b) {
            var axes = List.of(new Axis("n", a.type().dim(0)), new Axis("j", b.type().dim(1)), new Axis("k", a.type().dim(1)));
            return g.add(new Contract(a, b, axes, access(0, 2), access(2, 1), List.of(0, 1)));
        }
    }

    /// The sum of all results, each times a drawn cotangent; those of whole numbers left out.
    public static Value loss(Graph g, Drawn d, List<Value> results) {
        Value loss = Ops.scalar(g, 0);
        for (var y : results)
            if (y.type().dtype() == DType.f32) {
                var product = mul(g, y, d.cotangent(y));
                loss = add(g, loss, Ops.sum(g, product, IntStream.range(0, y.type().rank()).boxed().toList()));
            }
        return loss;
    }
}
