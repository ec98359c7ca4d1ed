package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// An array that outlives a run: a weight, a state that runs change, or what an optimizer remembers of a weight.
/// @param decay whether weight decay applies to it
public record Parameter(String name, TensorType type, Init init, boolean decay, Role role) {
    public enum Role { WEIGHT, STATE, OPTIMIZER_STATE }

    /// How it begins: a kind of the runtime (`constant`, `normal`, `uniform`, `truncated_normal`, `orthogonal`) and that kind's numbers.
    public record Init(String kind, List<Double> args) {
        public Init {
            args = List.copyOf(args);
        }

        public static Init constant(double value) {
            return new Init("constant", List.of(value));
        }
    }

    @Override
    public String toString() {
        return "%s : %s = %s%s %s%s".formatted(name, type, init.kind(), init.args(), role.name().toLowerCase(java.util.Locale.ROOT), decay ? " decay" : "");
    }
}
