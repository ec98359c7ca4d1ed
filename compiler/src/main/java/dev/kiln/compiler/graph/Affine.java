package dev.kiln.compiler.graph;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// `(Σ coefficient·axis + offset) / divisor` over the axes of a contraction, by their number. Where it does not divide exactly there is no element, so zero is read.
public record Affine(Map<Integer, Integer> coefficients, int offset, int divisor) {
    public Affine {
        coefficients = Map.copyOf(new TreeMap<>(coefficients));
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

    public String print(List<Axis> axes) {
        var text = new StringBuilder();
        for (int a : axes()) {
            int c = coefficient(a);
            text.append(c < 0 ? (text.isEmpty() ? "-" : " - ") : text.isEmpty() ? "" : " + ");
            if (Math.abs(c) != 1) text.append(Math.abs(c)).append('*');
            text.append(axes.get(a).name());
        }
        if (offset != 0 || text.isEmpty()) text.append(offset < 0 ? " - " : text.isEmpty() ? "" : " + ").append(Math.abs(offset));
        return divisor == 1 ? text.toString() : "(" + text + ") / " + divisor;
    }
}
