package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.rewrite.Lift.Lifted;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/// A loop in the step of another, for all steps of that one abreast: one loop, whose states have the outer time as a new first axis. The inner time stays the first axis of what is read and given.
final class Abreast {
    private final Graph body = new Graph();
    private final Dim time;
    private final Lift outside;
    private final Map<Value, Lifted> lifted = new HashMap<>();
    private final List<Value> ports = new ArrayList<>();
    private final List<Value> operands = new ArrayList<>();

    private Abreast(Dim time, Lift outside) {
        this.time = time;
        this.outside = outside;
    }

    static boolean fits(Scan scan) {
        return scan.body().graph().values().stream().allMatch(v -> Lift.fits(v.op()));
    }

    /// The loop for all steps.
    /// @param operands those of `scan`, of all steps
    static Value of(Graph g, Dim time, Lift outside, Scan scan, List<Lifted> operands) {
        return new Abreast(time, outside).loop(g, scan, operands);
    }

    private Value loop(Graph g, Scan scan, List<Lifted> given) {
        var inner = scan.body();
        int states = inner.states().size();
        int steps = states + inner.steps().size();
        int all = steps + inner.constants().size();
        for (int i = 0; i < all; i++) {
            var operand = i < states ? new Lifted(outside.stacked(given.get(i)), false) : given.get(i);
            boolean turned = i >= states && i < steps && !operand.everyStep();
            pass(inner.ports().get(i), operand.everyStep(), turned ? turned(g, operand.value()) : operand.value());
        }
        var lift = new Lift(body, time);
        for (var v : inner.graph().values())
            if (!(v.op() instanceof Port)) lifted.put(v, lift.of(v.op(), v.op().operands().stream().map(lifted::get).toList()));
        var next = inner.next().stream().map(v -> lift.stacked(lifted.get(v))).toList();
        var outputs = inner.outputs().stream().map(v -> lift.stacked(lifted.get(v))).toList();
        var abreast = Body.of(body, ports.subList(0, states), ports.subList(states, steps), ports.subList(steps, all), next, outputs);
        return g.add(scan.with(abreast, operands.subList(0, states), operands.subList(states, steps), operands.subList(steps, all)));
    }

    private void pass(Value port, boolean everyStep, Value operand) {
        var shape = new ArrayList<>(port.type().shape());
        if (!everyStep) shape.addFirst(time);
        var now = body.add(new Port(ports.size(), port.type().withShape(shape)));
        ports.add(now);
        operands.add(operand);
        lifted.put(port, new Lifted(now, everyStep));
    }

    /// A result of such a loop, with the outer time as its first axis.
    static Value result(Graph g, Value token, Project of) {
        var y = g.add(of.withOperands(List.of(token)));
        boolean state = of.index() < ((Scan) token.op()).body().states().size();
        return state ? y : turned(g, y);
    }

    /// The first two axes take each other's place.
    private static Value turned(Graph g, Value v) {
        return Ops.permute(g, v, IntStream.range(0, v.type().rank()).map(axis -> axis < 2 ? 1 - axis : axis).boxed().toList());
    }
}
