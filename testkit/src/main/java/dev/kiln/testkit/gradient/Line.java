package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Evaluate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.reference.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The number `Σ u·y` as a function of t, when some values move by t times a direction and what stands behind a `stop_gradient` is held.
/// Only what depends on the moving values is computed again.
final class Line {
    private final Graph graph;
    private final World world;
    private final Value y;
    private final double[] u;
    private final Map<Value, Array> start;
    private final Map<Value, double[]> direction;
    private final Map<Value, Array> held = new HashMap<>();
    private final List<double[]> stopped = new ArrayList<>();
    private final double noise;
    private final Sample zero;

    /// @param start every value that y depends on, at t = 0
    /// @param noise how wrong the number may be by rounding
    Line(Graph graph, World world, Value y, Array u, Map<Value, Array> start, double noise, Map<Value, double[]> direction) {
        this.noise = noise;
        this.graph = graph;
        this.world = world;
        this.y = y;
        this.u = u.data();
        this.start = start;
        this.direction = direction;
        var moving = moving(graph, y, direction.keySet());
        for (var v : graph.reachable(List.of(y))) if (!moving.contains(v)) held.put(v, start.get(v));
        zero = at(0);
    }

    record Sample(double value, Pieces pieces) {}

    Sample zero() {
        return zero;
    }

    double noise() {
        return noise;
    }

    Sample at(double t) {
        var given = new HashMap<>(held);
        direction.forEach((v, d) -> given.put(v, along(start.get(v), d, t)));
        var pieces = new Pieces(new Stops());
        var result = Evaluate.all(graph, List.of(y), pieces, given).get(y).data();
        double sum = 0;
        for (int i = 0; i < u.length; i++) sum += u[i] * result[i];
        return new Sample(sum, pieces);
    }

    /// `given`, and what of all that `y` is made of moves with them.
    static Set<Value> moving(Graph graph, Value y, Set<Value> given) {
        var moving = new HashSet<>(given);
        for (var v : graph.reachable(List.of(y))) if (!(v.op() instanceof StopGradient) && v.op().operands().stream().anyMatch(moving::contains)) moving.add(v);
        return moving;
    }

    /// `start + t direction`.
    static Array along(Array start, double[] direction, double t) {
        var x = start.data().clone();
        for (int i = 0; i < x.length; i++) x[i] += t * direction[i];
        return new Array(start.shape(), x);
    }

    /// Holds what stands behind a `stop_gradient` inside a loop, step by step: the run at t = 0 notes it, the others are given it.
    private final class Stops implements Env.Around {
        private int next;

        @Override
        public Env world() {
            return world;
        }

        @Override
        public void computed(Value v, List<Array> operands, Array y) {
            if (!(v.op() instanceof StopGradient) || graph.owns(v)) return;
            if (next == stopped.size()) stopped.add(y.data().clone());
            double[] then = stopped.get(next++);
            System.arraycopy(then, 0, y.data(), 0, then.length);
        }
    }
}
