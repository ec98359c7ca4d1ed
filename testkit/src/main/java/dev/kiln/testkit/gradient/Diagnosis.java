package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.reference.Interpreter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.DoubleUnaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/// What a wrong cotangent looks like beside the right one: a sign, a factor, a mean for a sum, a mask, a transposition, a factor or a term that is missing.
final class Diagnosis {
    private static final double CLOSE = 1e-5;

    /// Functions of x that derivatives are often made of.
    private record Factor(String name, DoubleUnaryOperator of) {}

    private static final List<Factor> FACTORS = List.of(
            new Factor("x", x -> x),
            new Factor("x^2", x -> x * x),
            new Factor("sigmoid(x)", Diagnosis::sigmoid),
            new Factor("(1 - sigmoid(x))", x -> 1 - sigmoid(x)),
            new Factor("sigmoid(x) * (1 - sigmoid(x))", x -> sigmoid(x) * (1 - sigmoid(x))),
            new Factor("tanh(x)", Math::tanh),
            new Factor("(1 - tanh(x)^2)", x -> 1 - Math.tanh(x) * Math.tanh(x)),
            new Factor("(1 + tanh(x))", x -> 1 + Math.tanh(x)),
            new Factor("(1 + abs(x))", x -> 1 + Math.abs(x)),
            new Factor("(1 + x^2)", x -> 1 + x * x),
            new Factor("exp(x)", Math::exp),
            new Factor("exp(-x)", x -> Math.exp(-x)),
            new Factor("cos(x)", Math::cos),
            new Factor("sin(x)", Math::sin),
            new Factor("sqrt(x)", Math::sqrt),
            new Factor("abs(x)", Math::abs),
            new Factor("sign(x)", Math::signum));

    private final double[] found;
    private final double[] expected;
    private final int[] shape;
    private final double[] x;
    private final double[] y;
    private final double[] dy;
    private final int[] dyShape;

    private Diagnosis(double[] found, double[] expected, int[] shape, double[] x, double[] y, double[] dy, int[] dyShape) {
        this.found = found;
        this.expected = expected;
        this.shape = shape;
        this.x = x;
        this.y = y;
        this.dy = dy;
        this.dyShape = dyShape;
    }

    /// @param elements what was found of each element of `operand`, or of some
    static Optional<String> of(Local local, Value operand, List<Finding> elements) {
        var smooth = elements.stream().filter(f -> f.differences() instanceof Slope.Smooth).toList();
        double[] found = smooth.stream().mapToDouble(Finding::reverse).toArray();
        double[] expected = smooth.stream().mapToDouble(f -> ((Slope.Smooth) f.differences()).value()).toArray();
        var x = local.array(operand);
        var y = Interpreter.evaluate(local.graph(), List.of(local.node()), local.world()).get(local.node());
        var dy = local.array(local.dy());
        var at = smooth.stream().map(f -> f.at().getFirst() < 0 ? 0 : x.offset(f.at().stream().mapToInt(i -> i).toArray())).toList();
        boolean alike = Arrays.equals(x.shape(), y.shape());
        return new Diagnosis(found, expected, found.length == x.data().length ? x.shape() : new int[] {found.length}, pick(x.data(), at), alike ? pick(y.data(), at) : new double[0], alike ? pick(dy.data(), at) : dy.data(), dy.shape()).say();
    }

    private static double[] pick(double[] data, List<Integer> at) {
        return at.stream().mapToDouble(i -> data[i]).toArray();
    }

    private Optional<String> say() {
        if (found.length == 0) return Optional.empty();
        if (Arrays.stream(found).allMatch(v -> v == 0)) return Optional.of("nothing flows here at all");
        return Optional.<String>empty().or(this::constant).or(this::mask).or(this::moved).or(this::unsummed).or(this::factor).or(this::term);
    }

    private Optional<String> constant() {
        double ratio = ratio(expected);
        if (Double.isNaN(ratio)) return Optional.empty();
        if (near(ratio, -1)) return Optional.of("the sign is wrong");
        if (near(ratio, 2)) return Optional.of("a factor 2 too many");
        if (near(ratio, 0.5)) return Optional.of("half of it is missing");
        for (int n : counts()) {
            if (near(ratio, 1.0 / n)) return Optional.of("divided by %d: a mean stands where a sum belongs".formatted(n));
            if (near(ratio, n)) return Optional.of("times %d: a sum stands where a mean belongs, or something is counted %d times".formatted(n, n));
        }
        return few() ? Optional.empty() : Optional.of("a constant factor %.6g".formatted(ratio));
    }

    /// The sizes and their products, those above 2.
    private List<Integer> counts() {
        var counts = new ArrayList<Integer>();
        for (int[] dims : List.of(shape, dyShape))
            for (int i = 0; i < dims.length; i++)
                for (int j = i, product = 1; j < dims.length; j++) {
                    product *= dims[j];
                    if (product > 2) counts.add(product);
                }
        return counts;
    }

    private Optional<String> mask() {
        long leaks = IntStream.range(0, found.length).filter(i -> zero(expected[i]) && !zero(found[i])).count();
        long holes = IntStream.range(0, found.length).filter(i -> zero(found[i]) && !zero(expected[i])).count();
        boolean rest = IntStream.range(0, found.length).allMatch(i -> zero(expected[i]) || zero(found[i]) || near(found[i] / expected[i], 1));
        if (!rest || leaks + holes == 0) return Optional.empty();
        if (holes == 0) return Optional.of("something flows into %d of %d elements where nothing should: a mask looks missing".formatted(leaks, found.length));
        if (leaks == 0) return Optional.of("nothing flows into %d of %d elements where something should: a mask takes too much, or a part is missing".formatted(holes, found.length));
        return Optional.of("what flows arrives at other elements than it should");
    }

    /// Transposed, turned round, shifted by one.
    private Optional<String> moved() {
        if (shape.length == 2 && shape[0] == shape[1] && same(i -> i % shape[1] * shape[0] + i / shape[1])) return Optional.of("it is transposed");
        int[] strides = new int[shape.length];
        for (int a = shape.length - 1, s = 1; a >= 0; s *= shape[a--]) strides[a] = s;
        for (int a = 0; a < shape.length; a++) {
            int n = shape[a];
            int s = strides[a];
            if (n > 1 && same(i -> i + (n - 1 - 2 * (i / s % n)) * s)) return Optional.of("it is turned round along axis %d".formatted(a));
            for (int by : n > 2 ? new int[] {1, n - 1} : new int[0])
                if (same(i -> i + ((i / s % n + by) % n - i / s % n) * s)) return Optional.of("it is shifted by one along axis %d".formatted(a));
        }
        return Optional.empty();
    }

    private boolean same(IntUnaryOperator from) {
        return IntStream.range(0, found.length).allMatch(i -> from.applyAsInt(i) < expected.length && close(found[i], expected[from.applyAsInt(i)]));
    }

    /// One row of what flows in, where all of them should be summed.
    private Optional<String> unsummed() {
        if (y.length > 0 || dyShape.length <= shape.length || dy.length % found.length != 0) return Optional.empty();
        int rows = dy.length / found.length;
        for (int row = 0; row < rows; row++) {
            int start = row * found.length;
            if (IntStream.range(0, found.length).allMatch(i -> close(found[i], dy[start + i]))) return Optional.of("only row %d of what flows in arrives: a sum over the axis that was broadcast looks missing".formatted(row));
        }
        return Optional.empty();
    }

    private Optional<String> factor() {
        for (Factor f : FACTORS) {
            double[] more = IntStream.range(0, found.length).mapToDouble(i -> expected[i] * f.of.applyAsDouble(x[i])).toArray();
            if (matches(ratio(more))) return Optional.of("a factor %s%s too many".formatted(times(ratio(more)), f.name));
            double[] less = IntStream.range(0, found.length).mapToDouble(i -> expected[i] / f.of.applyAsDouble(x[i])).toArray();
            if (matches(ratio(less))) return Optional.of("the factor %s looks missing%s".formatted(f.name, near(ratio(less), 1) ? "" : ", and a constant %.6g is too many".formatted(ratio(less))));
        }
        if (y.length > 0 && matches(ratio(product(expected, y)))) return Optional.of("a factor y, the result, too many");
        if (y.length > 0 && matches(ratio(IntStream.range(0, found.length).mapToDouble(i -> expected[i] / y[i]).toArray()))) return Optional.of("the factor y, the result, looks missing");
        if (dy.length == found.length && matches(ratio(product(expected, dy)))) return Optional.of("dy stands in it twice: a gradient is linear in what flows");
        if (dy.length == found.length && matches(ratio(IntStream.range(0, found.length).mapToDouble(i -> expected[i] / dy[i]).toArray()))) return Optional.of("the factor dy looks missing");
        return Optional.empty();
    }

    private static String times(double constant) {
        return near(constant, 1) ? "" : "%.6g * ".formatted(constant);
    }

    private boolean matches(double ratio) {
        return !Double.isNaN(ratio) && (!few() || near(ratio, 1));
    }

    /// Anything is some constant times one or two numbers.
    private boolean few() {
        return found.length < 3;
    }

    private Optional<String> term() {
        if (dy.length != found.length) return Optional.empty();
        double[] missing = IntStream.range(0, found.length).mapToDouble(i -> (expected[i] - found[i]) / dy[i]).toArray();
        double flat = constantOf(missing);
        if (!Double.isNaN(flat)) return Optional.of("a term %.6g * dy looks %s".formatted(Math.abs(flat), flat > 0 ? "missing" : "too many"));
        for (Factor f : FACTORS) {
            double[] scaled = IntStream.range(0, found.length).mapToDouble(i -> missing[i] / f.of.applyAsDouble(x[i])).toArray();
            double c = constantOf(scaled);
            if (!Double.isNaN(c) && Math.abs(c) > CLOSE) return Optional.of("a term %s%s * dy looks %s".formatted(times(Math.abs(c)), f.name, c > 0 ? "missing" : "too many"));
        }
        return Optional.empty();
    }

    /// The constant that `found / of` is; NaN when it is none. One element alone shows nothing but a plain number.
    private double ratio(double[] of) {
        double ratio = Double.NaN;
        for (int i = 0; i < found.length; i++) {
            if (zero(found[i]) && zero(of[i])) continue;
            double here = found[i] / of[i];
            if (!Double.isFinite(here) || here == 0 || (!Double.isNaN(ratio) && !near(here, ratio))) return Double.NaN;
            ratio = here;
        }
        return ratio;
    }

    private static double constantOf(double[] values) {
        for (double v : values) if (!near(v, values[0])) return Double.NaN;
        return values.length > 2 && Double.isFinite(values[0]) ? values[0] : Double.NaN;
    }

    private static double[] product(double[] a, double[] b) {
        return IntStream.range(0, a.length).mapToDouble(i -> a[i] * b[i]).toArray();
    }

    private boolean zero(double v) {
        return Math.abs(v) <= 1e-9 * Math.max(largest(expected), largest(found));
    }

    private boolean close(double a, double b) {
        return Math.abs(a - b) <= CLOSE * Math.max(largest(expected), largest(found));
    }

    private static double largest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }

    private static boolean near(double a, double b) {
        return Math.abs(a - b) <= CLOSE * Math.max(Math.abs(a), Math.abs(b));
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
