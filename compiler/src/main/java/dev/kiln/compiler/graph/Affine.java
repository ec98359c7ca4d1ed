package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.IntUnaryOperator;

/// `(Σ coefficient·axis + offset) / divisor` over the axes of a contraction, by their number. Where it does not divide exactly there is no element, so zero is read.
public record Affine(Map<Integer, Integer> coefficients, int offset, int divisor) {
    public Affine {
        coefficients = Map.copyOf(coefficients);
        if (divisor < 1) throw new IllegalArgumentException("divisor must be positive, got " + divisor);
        if (coefficients.containsValue(0)) throw new IllegalArgumentException("a zero coefficient names no axis");
    }

    public static Affine axis(int axis) {
        return new Affine(Map.of(axis, 1), 0, 1);
    }

    public static Affine constant(int offset) {
        return new Affine(Map.of(), offset, 1);
    }

    public int coefficient(int axis) {
        return coefficients.getOrDefault(axis, 0);
    }

    /// True for an index that is just one axis.
    public boolean isAxis() {
        return divisor == 1 && offset == 0 && coefficients.size() == 1 && coefficients.containsValue(1);
    }

    /// The axes read, ascending.
    public List<Integer> axes() {
        return coefficients.keySet().stream().sorted().toList();
    }

    /// This index plus `coefficient·axis / divisor`.
    public Affine plus(int axis, int coefficient) {
        var sum = new TreeMap<>(coefficients);
        sum.merge(axis, coefficient, Integer::sum);
        return normal(sum, offset, divisor);
    }

    public Affine plus(int constant) {
        return normal(coefficients, offset + constant * divisor, divisor);
    }

    /// This index with `value` in place of `axis`. It stands for `value` only where that divides exactly.
    public Affine substitute(int axis, Affine value) {
        int c = coefficient(axis);
        if (c == 0) return this;
        var sum = new TreeMap<Integer, Integer>();
        value.coefficients.forEach((a, k) -> sum.merge(a, c * k, Integer::sum));
        coefficients.forEach((a, k) -> {
            if (a != axis) sum.merge(a, k * value.divisor, Integer::sum);
        });
        return normal(sum, c * value.offset + offset * value.divisor, divisor * value.divisor);
    }

    /// The value of `axis` at which this index is `result`: `(divisor·result - offset - others) / coefficient`.
    public Affine solve(int axis, int result) {
        int c = coefficient(axis);
        var sum = new TreeMap<Integer, Integer>();
        sum.merge(result, c > 0 ? divisor : -divisor, Integer::sum);
        coefficients.forEach((a, k) -> {
            if (a != axis) sum.merge(a, c > 0 ? -k : k, Integer::sum);
        });
        return normal(sum, c > 0 ? -offset : offset, Math.abs(c));
    }

    /// The least that the numerator comes to.
    public Dim least(List<Axis> extents) {
        return end(extents, false);
    }

    public Dim most(List<Axis> extents) {
        return end(extents, true);
    }

    private Dim end(List<Axis> extents, boolean upper) {
        var end = Dim.of(offset);
        for (int a : axes()) if (coefficient(a) > 0 == upper) end = end.plus(extents.get(a).extent().minus(1).times(coefficient(a)));
        return end;
    }

    public Affine renumber(IntUnaryOperator number) {
        var renamed = new TreeMap<Integer, Integer>();
        coefficients.forEach((a, k) -> renamed.put(number.applyAsInt(a), k));
        return new Affine(renamed, offset, divisor);
    }

    /// Without zero coefficients and common factors.
    public static Affine normal(Map<Integer, Integer> coefficients, int offset, int divisor) {
        int common = gcd(gcd(divisor, offset), coefficients.values());
        var reduced = new TreeMap<Integer, Integer>();
        coefficients.forEach((a, k) -> {
            if (k != 0) reduced.put(a, k / common);
        });
        return new Affine(reduced, offset / common, divisor / common);
    }

    private static int gcd(int first, Collection<Integer> rest) {
        int common = first;
        for (int k : rest) common = gcd(common, k);
        return common;
    }

    private static int gcd(int a, int b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }

    public String print(List<Axis> axes) {
        var text = new StringBuilder();
        for (int a : axes()) {
            int c = coefficient(a);
            text.append(c < 0 ? (text.isEmpty() ? "-" : " - ") : text.isEmpty() ? "" : " + ");
            if (Math.abs(c) != 1) text.append(Math.abs(c)).append('*');
            text.append(axes.get(a).name());
        }
        if (offset != 0 || text.isEmpty()) text.append(text.isEmpty() ? (offset < 0 ? "-" : "") : offset < 0 ? " - " : " + ").append(Math.abs(offset));
        return divisor == 1 ? text.toString() : "(" + text + ") / " + divisor;
    }
}
