package dev.kiln.compiler.check;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// An affine form `Σ coefficient·index + offset` with whole numbers.
record Coordinate(Map<IndexVariable, Integer> coefficients, int offset) {
    Coordinate {
        var kept = new LinkedHashMap<IndexVariable, Integer>();
        coefficients.forEach((v, c) -> {
            if (c != 0) kept.put(v, c);
        });
        coefficients = kept;
    }

    static Coordinate of(IndexVariable variable) {
        return new Coordinate(Map.of(variable, 1), 0);
    }

    static Coordinate constant(int offset) {
        return new Coordinate(Map.of(), offset);
    }

    Coordinate plus(Coordinate other) {
        var sum = new LinkedHashMap<>(coefficients);
        other.coefficients.forEach((v, c) -> sum.merge(v, c, Math::addExact));
        return new Coordinate(sum, Math.addExact(offset, other.offset));
    }

    Coordinate times(int factor) {
        var scaled = new LinkedHashMap<IndexVariable, Integer>();
        coefficients.forEach((v, c) -> scaled.put(v, Math.multiplyExact(c, factor)));
        return new Coordinate(scaled, Math.multiplyExact(offset, factor));
    }

    boolean isConstant() {
        return coefficients.isEmpty();
    }

    /// The index, when the form is nothing else.
    Optional<IndexVariable> alone() {
        return offset == 0 && coefficients.size() == 1 && coefficients.containsValue(1) ? Optional.of(coefficients.keySet().iterator().next()) : Optional.empty();
    }

    List<IndexVariable> variables() {
        return List.copyOf(coefficients.keySet());
    }
}
