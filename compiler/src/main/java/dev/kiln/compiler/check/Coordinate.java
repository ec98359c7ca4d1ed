package dev.kiln.compiler.check;

import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An affine form `(Σ coefficient·index + offset) / divisor`; the coefficients are whole numbers, the offset may be a symbolic dim, as in `T - 1 - t`.
/// With a divisor it reads outside wherever it does not divide exactly.
record Coordinate(Map<IndexVariable, Integer> coefficients, Dim offset, int divisor) {
    Coordinate {
        var kept = new LinkedHashMap<IndexVariable, Integer>();
        coefficients.forEach((v, c) -> {
            if (c != 0) kept.put(v, c);
        });
        coefficients = kept;
    }

    private Coordinate(Map<IndexVariable, Integer> coefficients, Dim offset) {
        this(coefficients, offset, 1);
    }

    static Coordinate of(IndexVariable variable) {
        return new Coordinate(Map.of(variable, 1), Dim.ZERO);
    }

    static Coordinate constant(Dim offset) {
        return new Coordinate(Map.of(), offset);
    }

    Coordinate plus(Coordinate other) {
        var sum = new LinkedHashMap<>(coefficients);
        other.coefficients.forEach((v, c) -> sum.merge(v, c, Math::addExact));
        return new Coordinate(sum, offset.plus(other.offset));
    }

    Coordinate times(int factor) {
        var scaled = new LinkedHashMap<IndexVariable, Integer>();
        coefficients.forEach((v, c) -> scaled.put(v, Math.multiplyExact(c, factor)));
        return new Coordinate(scaled, offset.times(factor));
    }

    /// The exact quotient, for a read that says what lies outside.
    Coordinate over(int by) {
        return new Coordinate(coefficients, offset, Math.multiplyExact(divisor, by));
    }

    Coordinate minusOffset() {
        return new Coordinate(coefficients, Dim.ZERO);
    }

    boolean isConstant() {
        return coefficients.isEmpty();
    }

    /// The least and the greatest value, over all values of the indices.
    Range range() {
        Dim low = offset;
        Dim high = offset;
        for (var c : coefficients.entrySet()) {
            Dim reach = c.getKey().extent().orElseThrow().minus(1).times(c.getValue());
            if (c.getValue() < 0) low = low.plus(reach);
            else high = high.plus(reach);
        }
        return new Range(low, high);
    }

    record Range(Dim low, Dim high) {}

    /// The index, when the form is nothing else.
    Optional<IndexVariable> alone() {
        return divisor == 1 && offset.is(0) && coefficients.size() == 1 && coefficients.containsValue(1) ? Optional.of(coefficients.keySet().iterator().next()) : Optional.empty();
    }

    List<IndexVariable> variables() {
        return List.copyOf(coefficients.keySet());
    }
}
