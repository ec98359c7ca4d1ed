package dev.kiln.testkit.gradient;

import dev.kiln.compiler.autodiff.Declared;
import dev.kiln.compiler.autodiff.Differentiate;
import dev.kiln.compiler.autodiff.Forward;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Evaluate;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.reference.Interpreter;
import dev.kiln.compiler.reference.World;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Holds the gradient of one value at one sample against differences and forward mode, on the interpreter in double.
///
/// Each input or parameter moves along random directions, so the cost is a few runs for each, however large it is; single elements are looked at for blame only.
/// A direction that meets a kink is drawn anew; then the gradient must lie between the derivatives from both sides.
public final class GradientCheck {
    private static final int REDRAWS = 2;

    private final Graph graph;
    private final World world;
    private final Random random;
    private final int directions;
    private Known last;

    /// One direction for each value.
    public GradientCheck(Graph graph, World world, long seed) {
        this(graph, world, seed, 1);
    }

    /// With a number of directions for each value.
    public GradientCheck(Graph graph, World world, long seed, int directions) {
        this.graph = graph;
        this.world = world;
        this.random = new Random(seed);
        this.directions = directions;
    }

    /// The gradient of the scalar `loss` with respect to inputs and parameters.
    public List<Finding> ofLoss(Value loss, List<Value> wrt) {
        return ofPullback(loss, Ops.scalar(graph, 1), wrt);
    }

    /// What `dy`, an input or a constant, makes flow into inputs and parameters when it flows into `y`.
    public List<Finding> ofPullback(Value y, Value dy, List<Value> wrt) {
        var findings = new ArrayList<Finding>();
        along(y, dy, wrt, findings::add);
        return findings;
    }

    /// The same, told as soon as each is known.
    public void along(Value y, Value dy, List<Value> wrt, Consumer<Finding> found) {
        var sample = sample(y, dy, wrt);
        for (int k = 0; k < directions; k++)
            for (var x : wrt) found.accept(sample.along(x));
    }

    /// One element of one value after the other.
    /// @param most at most so many, evenly spread
    public List<Finding> byElement(Value y, Value dy, Value x, int most) {
        var sample = sample(y, dy, List.of(x));
        int count = sample.start.get(x).data().length;
        int stride = Math.max(1, (count + most - 1) / most);
        var findings = new ArrayList<Finding>();
        for (int i = 0; i < count; i += stride) findings.add(sample.element(x, i));
        return findings;
    }

    /// All of `wrt` along one direction, half of it random and half along their gradients: a few runs for a network of any size.
    public Finding together(Value y, Value dy, List<Value> wrt) {
        return sample(y, dy, wrt).together(wrt);
    }

    private Sample sample(Value y, Value dy, List<Value> wrt) {
        var asked = new Asked(y, dy, wrt);
        if (last == null || !last.asked.equals(asked)) last = new Known(asked, sampled(y, dy, wrt));
        return last.sample;
    }

    /// What was asked about last, which is often asked about again.
    private record Known(Asked asked, Sample sample) {}

    private record Asked(Value y, Value dy, List<Value> wrt) {}

    private Sample sampled(Value y, Value dy, List<Value> wrt) {
        var flows = Differentiate.pullback(graph, y, dy, wrt);
        var moves = new LinkedHashMap<Value, Value>();
        for (var x : wrt) moves.put(x, graph.add(new Input("direction." + x.id(), x.type())));
        var tangent = Forward.tangents(graph, List.of(y), moves).getFirst();
        var roots = new ArrayList<>(flows);
        roots.addAll(List.of(y, dy));
        roots.addAll(wrt);
        // a derivative written by hand hides what its function is made of
        var plain = Declared.dropped(graph, List.of(y)).get(y);
        var inner = graph.reachable(List.of(plain)).stream().filter(v -> v.type().dtype() == DType.f32).toList();
        var sensitivity = Differentiate.pullback(graph, plain, dy, inner);
        roots.add(plain);
        roots.addAll(sensitivity);
        var pieces = new Pieces(world);
        var start = Interpreter.evaluate(graph, List.of(y), pieces);
        start.putAll(Evaluate.all(graph, roots, world, start));
        var byOperand = new HashMap<Value, Value>();
        var gradients = new HashMap<Value, double[]>();
        for (int i = 0; i < wrt.size(); i++) {
            byOperand.put(wrt.get(i), flows.get(i));
            gradients.put(wrt.get(i), start.get(flows.get(i)).data());
        }
        return new Sample(y, start.get(dy), moves, tangent, byOperand, start, gradients, noise(inner, sensitivity, start), pieces);
    }

    /// Every value is wrong by a rounding of its own, and what that is multiplied by until the end is what flows into it. Roundings are independent of each other, so their squares add up: `4ε √Σ (v·dv)²`, to first order.
    private static double noise(List<Value> inner, List<Value> sensitivity, Map<Value, Array> start) {
        double sum = 0;
        for (int k = 0; k < inner.size(); k++) {
            double[] v = start.get(inner.get(k)).data();
            double[] dv = start.get(sensitivity.get(k)).data();
            for (int i = 0; i < v.length; i++) {
                double term = v[i] * dv[i] * v[i] * dv[i];
                if (term < Double.POSITIVE_INFINITY) sum += term;
            }
        }
        return 4 * Math.ulp(1.0) * Math.sqrt(sum);
    }

    /// Everything known at the sample.
    private final class Sample {
        private final Value y;
        private final Array u;
        private final Map<Value, Value> moves;
        private final Value tangent;
        private final Map<Value, Value> flows;
        private final Map<Value, Array> start;
        private final Map<Value, double[]> gradients;
        private final double noise;
        private final double usual;
        private final Pieces pieces;

        Sample(Value y, Array u, Map<Value, Value> moves, Value tangent, Map<Value, Value> flows, Map<Value, Array> start, Map<Value, double[]> gradients, double noise, Pieces pieces) {
            this.y = y;
            this.u = u;
            this.moves = moves;
            this.tangent = tangent;
            this.flows = flows;
            this.start = start;
            this.gradients = gradients;
            this.noise = noise;
            this.usual = gradients.values().stream().mapToDouble(g -> norm(g) / Math.sqrt(Math.max(1, g.length))).filter(Double::isFinite).max().orElse(0);
            this.pieces = pieces;
        }

        Finding along(Value x) {
            var finding = finding(Map.of(x, direction(x)), List.of());
            for (int again = 0; again < REDRAWS && !(finding.differences() instanceof Slope.Smooth); again++) finding = finding(Map.of(x, direction(x)), List.of());
            return finding.failed() ? confirmed(finding, x) : finding;
        }

        /// A failure must show along a second direction, too: differences of a function that is not smooth may be wrong once.
        private Finding confirmed(Finding finding, Value x) {
            var again = finding(Map.of(x, direction(x)), List.of());
            return again.failed() || start.get(x).data().length == 1 ? finding : byElements(x, again);
        }

        private Finding byElements(Value x, Finding otherwise) {
            int count = start.get(x).data().length;
            for (int k = 0; k < Math.min(count, 8); k++) {
                var one = element(x, count <= 8 ? k : random.nextInt(count));
                if (one.failed()) return one;
            }
            return otherwise;
        }

        Finding element(Value x, int index) {
            var direction = new double[start.get(x).data().length];
            direction[index] = 1;
            return finding(Map.of(x, direction), index(index, start.get(x).shape()));
        }

        Finding together(List<Value> wrt) {
            var directions = new LinkedHashMap<Value, double[]>();
            double share = 0.5 / Math.sqrt(wrt.size());
            for (Value x : wrt) {
                double[] d = direction(x);
                double[] g = gradients.get(x);
                double length = norm(g);
                for (int i = 0; i < d.length; i++) d[i] = share * (d[i] + (length > 0 ? g[i] / length : 0));
                directions.put(x, d);
            }
            return finding(directions, List.of());
        }

        private double[] direction(Value x) {
            var direction = random.doubles(start.get(x).data().length, -1, 1).toArray();
            double length = Math.max(norm(direction), Double.MIN_NORMAL);
            for (int i = 0; i < direction.length; i++) direction[i] /= length;
            return direction;
        }

        private Finding finding(Map<Value, double[]> directions, List<Integer> at) {
            double reverse = 0;
            double terms = 0;
            for (Value x : directions.keySet())
                for (int i = 0; i < directions.get(x).length; i++) {
                    double term = directions.get(x)[i] * gradients.get(x)[i];
                    reverse += term;
                    terms += Math.abs(term);
                }
            var line = new Line(graph, world, y, u, start, noise, directions);
            var slope = Differences.at0(line, Differences.largest(pieces.count()));
            var verdict = Judge.judge(reverse, terms, slope, usual, noise, 0);
            if (verdict instanceof Verdict.Fail && Double.isFinite(reverse)) verdict = Judge.judge(reverse, terms, slope, usual, noise, reverseNoise(directions));
            var forward = verdict instanceof Verdict.Pass ? OptionalDouble.empty() : OptionalDouble.of(forward(moving(directions)));
            boolean alike = forward.isPresent() && Math.abs(forward.getAsDouble() - reverse) <= 1e-9 * terms;
            if (verdict instanceof Verdict.Fail && slope instanceof Slope.Smooth smooth && alike && (smooth.coarse() || waves(directions, forward.getAsDouble(), reverse - smooth.value()))) verdict = new Verdict.Inconclusive("the value bends faster than any step of a difference");
            if (verdict instanceof Verdict.Fail && slope instanceof Slope.Kinked && alike) verdict = new Verdict.Inconclusive("at a kink both modes take a derivative that is neither side's");
            return new Finding(List.copyOf(directions.keySet()), at, reverse, forward, slope, pieces.count(), pieces.margin(), verdict);
        }

        private Map<Value, Array> moving(Map<Value, double[]> directions) {
            var given = new HashMap<>(start);
            moves.forEach((v, move) -> given.put(move, directions.containsKey(v) ? new Array(start.get(v).shape(), directions.get(v)) : Array.zeros(start.get(v).shape())));
            return given;
        }

        /// How wrong the gradient along a direction may be by its own rounding: the same sum over what it is made of. It takes the gradient of the gradient, so it is asked for only before a failure is told.
        private double reverseNoise(Map<Value, double[]> directions) {
            var along = directions.keySet().stream().map(x -> Ops.mul(graph, moves.get(x), flows.get(x)))
                    .map(product -> Ops.sum(graph, product, IntStream.range(0, product.type().rank()).boxed().toList())).reduce((a, b) -> Ops.add(graph, a, b)).orElseThrow();
            var inner = graph.reachable(List.of(along)).stream().filter(v -> v.type().dtype() == DType.f32).toList();
            var sensitivity = Differentiate.pullback(graph, along, Ops.scalar(graph, 1), inner);
            var roots = new ArrayList<>(inner);
            roots.addAll(sensitivity);
            return noise(inner, sensitivity, Evaluate.all(graph, roots, world, moving(directions)));
        }

        /// Whether the derivatives near the sample are in the mean by a tenth of `apart` or more from the one there. A difference is such a mean, so it knows nothing of waves shorter than its step;
        /// the bend of a smooth slope cancels between both sides. One distance may be a whole number of waves, four are not.
        /// @param middle the derivative at the sample
        private boolean waves(Map<Value, double[]> directions, double middle, double apart) {
            return IntStream.rangeClosed(1, 4).mapToDouble(k -> Differences.SMALLEST / k)
                    .anyMatch(t -> Math.abs((forward(beside(directions, t)) + forward(beside(directions, -t))) / 2 - middle) >= 0.1 * Math.abs(apart));
        }

        /// What is known at t times the directions: all that does not move.
        private Map<Value, Array> beside(Map<Value, double[]> directions, double t) {
            var given = moving(directions);
            given.keySet().removeAll(Line.moving(graph, tangent, directions.keySet()));
            directions.forEach((x, d) -> given.put(x, Line.along(start.get(x), d, t)));
            return given;
        }

        private double forward(Map<Value, Array> given) {
            var moved = Evaluate.all(graph, List.of(tangent), world, given).get(tangent).data();
            double sum = 0;
            for (int i = 0; i < moved.length; i++) sum += u.data()[i] * moved[i];
            return sum;
        }
    }

    /// The dual test `⟨Jv, u⟩ = ⟨v, Jᵀu⟩` of all of `wrt` at once: no step size, no kinks.
    /// @return how far the two sides are apart, relative to the sizes of their terms
    public double forwardAgainstReverse(Value y, Value dy, Collection<Value> wrt) {
        var sample = sample(y, dy, List.copyOf(wrt));
        var directions = new LinkedHashMap<Value, double[]>();
        double reverse = 0;
        double terms = 0;
        for (var x : wrt) {
            var direction = sample.direction(x);
            directions.put(x, direction);
            for (int i = 0; i < direction.length; i++) {
                reverse += direction[i] * sample.gradients.get(x)[i];
                terms += Math.abs(direction[i] * sample.gradients.get(x)[i]);
            }
        }
        return Math.abs(reverse - sample.forward(sample.moving(directions))) / Math.max(terms, 1e-12);
    }

    private static double norm(double[] x) {
        double sum = 0;
        for (double v : x) sum += v * v;
        return Math.sqrt(sum);
    }

    static List<Integer> index(int flat, int[] shape) {
        var index = new ArrayList<Integer>();
        for (int axis = shape.length - 1, left = flat; axis >= 0; left /= shape[axis--]) index.addFirst(left % shape[axis]);
        return shape.length == 0 ? List.of(-1) : index;
    }
}
