package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.TensorType;
import dev.kiln.runtime.Initialiser;
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

    /// How it begins, as the runtime computes it.
    public Initialiser initialiser() {
        var args = init.args().stream().map(Double::floatValue).toList();
        return switch (init.kind()) {
            case "constant" -> new Initialiser.Constant(args.getFirst());
            case "uniform" -> new Initialiser.Uniform(args.get(0), args.get(1));
            case "normal" -> new Initialiser.Normal(args.get(0), args.get(1));
            case "truncated_normal" -> new Initialiser.TruncatedNormal(args.get(0), args.get(1));
            case "orthogonal" -> new Initialiser.Orthogonal(args.isEmpty() ? 1 : args.getFirst());
            default -> throw new IllegalStateException("parameter %s begins as '%s', which the runtime does not know".formatted(name, init.kind()));
        };
    }

    @Override
    public String toString() {
        return "%s : %s = %s%s %s%s".formatted(name, type, init.kind(), init.args(), role.name().toLowerCase(java.util.Locale.ROOT), decay ? " decay" : "");
    }
}
