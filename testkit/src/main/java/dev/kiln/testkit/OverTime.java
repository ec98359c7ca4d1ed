package dev.kiln.testkit;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A sample of an operator in every step of a loop: what a loop does with operators, its gradient and its laws, is tried on all of them.
public final class OverTime {
    /// Which operands differ from step to step.
    public enum Operands {
        ALL,
        FIRST,
        REST;

        private boolean differs(int operand) {
            return switch (this) {
                case ALL -> true;
                case FIRST -> operand == 0;
                case REST -> operand > 0;
            };
        }
    }

    private OverTime() {}

    /// Whether it can be a step: a source has nothing to be handed.
    public static boolean fits(Spec.Sample sample) {
        var graph = new Graph();
        return !(sample.build().apply(graph, new Drawn(graph, List.of(1), 0)) instanceof Op.Source);
    }

    /// What the operator gives in all steps, and, of numbers, a state that adds them up: `s' = s * sin(s) + y` if it is read, else `s' = s + y`.
    /// @param bends whether the state is needed by the next step
    /// @return final states, then outputs, the last of them the clock that says how many steps there are
    public static List<Value> results(Graph graph, Drawn drawn, Spec.Sample sample, Operands differing, boolean bends) {
        Value clock = drawn.real(-1, 1, drawn.dim());
        var steps = new Steps(graph, drawn, clock.type().dim(0), differing);
        var body = steps.loop.body();
        Value y = body.add(sample.build().apply(body, steps));
        var next = new ArrayList<Value>();
        if (y.type().dtype() == DType.f32 && y.type().shape().stream().noneMatch(d -> d.is(0))) {
            Value s = steps.loop.state(drawn.real(-1, 1, y.type().shape().toArray(Dim[]::new)));
            next.add(Ops.add(body, bends ? Ops.mul(body, s, Ops.map(body, Functions.SIN, s)) : s, y));
        }
        var results = steps.loop.scan(next, List.of(y, steps.loop.step(clock)));
        return Stream.concat(results.states().stream(), results.outputs().stream()).toList();
    }

    /// Draws outside of the loop and hands inside.
    private static final class Steps implements Draw {
        private final Drawn drawn;
        private final Dim time;
        private final Operands differing;
        private final Loop loop;
        private int operands;

        Steps(Graph graph, Drawn drawn, Dim time, Operands differing) {
            this.drawn = drawn;
            this.time = time;
            this.differing = differing;
            loop = new Loop(graph, time);
        }

        private interface From {
            Value drawn(Dim... shape);
        }

        private Value inside(From from, Dim... shape) {
            if (!differing.differs(operands++)) return loop.constant(from.drawn(shape));
            return loop.step(from.drawn(IntStream.rangeClosed(0, shape.length).mapToObj(d -> d == 0 ? time : shape[d - 1]).toArray(Dim[]::new)));
        }

        @Override
        public Dim dim() {
            return drawn.dim();
        }

        @Override
        public int pick(int low, int high) {
            return drawn.pick(low, high);
        }

        @Override
        public long size(Dim dim) {
            return drawn.size(dim);
        }

        @Override
        public Value real(double low, double high, Dim... shape) {
            return inside(s -> drawn.real(low, high, s), shape);
        }

        @Override
        public Value ids(int bound, Dim... shape) {
            return inside(s -> drawn.ids(bound, s), shape);
        }

        @Override
        public Value truth(Dim... shape) {
            return inside(drawn::truth, shape);
        }
    }
}
