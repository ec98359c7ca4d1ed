package dev.kiln.testkit;

import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/// Holds derived gradients against differences, on the interpreter in double.
public final class GradientCheck {
    private static final int COORDINATES = 6;
    private static final double STEP = 2e-3;

    private final Graph graph;
    private final World world;
    private final Random random;
    private final int coordinates;

    public enum Verdict { PASS, FAIL, INCONCLUSIVE }

    /// One derivative: by the element `index` of `wrt`, or along a random direction (index -1).
    public record Finding(String wrt, int index, double derived, Differences differences, Verdict verdict) {
        @Override
        public String toString() {
            return "%s: d/d%s%s derived %.9g, differences %.9g ± %.1e".formatted(verdict, wrt, index < 0 ? " along a direction" : "[" + index + "]", derived, differences.value(), differences.error());
        }
    }

    public GradientCheck(Graph graph, World world, long seed) {
        this(graph, world, seed, COORDINATES);
    }

    /// With a number of places of its own.
    /// @param coordinates how many elements of each value are moved, beside one direction that moves all
    public GradientCheck(Graph graph, World world, long seed, int coordinates) {
        this.coordinates = coordinates;
        this.graph = graph;
        this.world = world;
        this.random = new Random(seed);
    }

    /// The gradient of the scalar `loss` with respect to inputs and parameters.
    public List<Finding> ofLoss(Value loss, List<Value> wrt) {
        return compare(loss, Array.scalar(1), wrt, Differentiate.gradient(graph, loss, wrt));
    }

    /// What `dy`, an input, makes flow into inputs and parameters when it flows into `y`.
    public List<Finding> ofPullback(Value y, Value dy, List<Value> wrt) {
        return compare(y, world.input(((Input) dy.op()).name()), wrt, Differentiate.pullback(graph, y, dy, wrt));
    }

    private List<Finding> compare(Value y, Array weights, List<Value> wrt, List<Value> derived) {
        var gradients = Interpreter.evaluate(graph, derived, world);
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < wrt.size(); i++) {
            var gradient = gradients.get(derived.get(i));
            int count = gradient.data().length;
            double scale = Math.max(1, norm(gradient.data()));
            for (int k = 0; k < Math.min(count, coordinates); k++) {
                int index = count <= coordinates ? k : random.nextInt(count);
                var direction = new double[count];
                direction[index] = 1;
                findings.add(finding(y, weights, wrt.get(i), index, direction, gradient, scale));
            }
            var direction = random.doubles(count, -1, 1).toArray();
            double length = Math.max(1, norm(direction));
            for (int k = 0; k < count; k++) direction[k] /= length;
            findings.add(finding(y, weights, wrt.get(i), -1, direction, gradient, scale));
        }
        return findings;
    }

    private Finding finding(Value y, Array weights, Value wrt, int index, double[] direction, Array gradient, double scale) {
        double derived = 0;
        for (int i = 0; i < direction.length; i++) derived += direction[i] * gradient.data()[i];
        var differences = Differences.at0(t -> weighted(y, weights, moved(wrt, direction, t)), STEP);
        double distance = Math.abs(derived - differences.value());
        var verdict = differences.error() > 1e-3 * scale ? Verdict.INCONCLUSIVE : distance <= 1e-6 * scale + 10 * differences.error() ? Verdict.PASS : Verdict.FAIL;
        return new Finding(wrt.op().attributes(), index, derived, differences, Double.isNaN(derived) ? Verdict.FAIL : verdict);
    }

    private double weighted(Value y, Array weights, World world) {
        var value = Interpreter.evaluate(graph, List.of(y), world).get(y);
        double sum = 0;
        for (int i = 0; i < value.data().length; i++) sum += weights.data()[i] * value.data()[i];
        return sum;
    }

    private World moved(Value wrt, double[] direction, double t) {
        return switch (wrt.op()) {
            case Input(var name, _) -> new World(world.dims(), moved(world.inputs(), name, direction, t), world.parameters(), world.seed(), world.step());
            case Param(var name, _) -> new World(world.dims(), world.inputs(), moved(world.parameters(), name, direction, t), world.seed(), world.step());
            default -> throw new IllegalArgumentException("differences move inputs and parameters, not " + wrt.op().spec().name());
        };
    }

    private static Map<String, Array> moved(Map<String, Array> arrays, String name, double[] direction, double t) {
        var moved = new HashMap<>(arrays);
        var data = arrays.get(name).data().clone();
        for (int i = 0; i < data.length; i++) data[i] += t * direction[i];
        moved.put(name, new Array(arrays.get(name).shape(), data));
        return moved;
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double v : x) sum += v * v;
        return Math.sqrt(sum);
    }
}
