package dev.kiln.testkit.gradient;

import dev.kiln.compiler.graph.Value;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;

/// One derivative, found in several ways: along a direction, or by one element.
///
/// @param moving      the inputs and parameters that move, usually one
/// @param at          the index of the element; empty along a direction of all of them
/// @param reverse     what the gradient says
/// @param forward     what forward mode says, where it was asked
/// @param differences what differences say
/// @param kinked      how many kinked elements the value has
/// @param margin      how near the nearest kink lies
public record Finding(List<Value> moving, List<Integer> at, double reverse, OptionalDouble forward, Slope differences, int kinked, double margin, Verdict verdict) {
    public Finding {
        moving = List.copyOf(moving);
        at = List.copyOf(at);
    }

    /// The first that moves.
    public Value wrt() {
        return moving.getFirst();
    }

    /// The name of the input or parameter.
    public String name() {
        String first = wrt().op().attributes();
        return moving.size() == 1 ? first : "%s and %d more together".formatted(first, moving.size() - 1);
    }

    public boolean failed() {
        return verdict instanceof Verdict.Fail;
    }

    /// How far the gradient is from the differences, relative to the larger; NaN where that says nothing.
    public double distance() {
        return switch (differences) {
            case Slope.Smooth(double value, _) -> Math.abs(reverse - value) / Math.max(Math.max(Math.abs(reverse), Math.abs(value)), Double.MIN_NORMAL);
            case Slope.Kinked _, Slope.Unknown _ -> Double.NaN;
        };
    }

    @Override
    public String toString() {
        String place = at.isEmpty() ? name() + " along a direction" : name() + (at.getFirst() < 0 ? "" : Arrays.toString(at.stream().mapToInt(i -> i).toArray()));
        return "%s: d/d%s reverse %.9g, %sdifferences %s".formatted(verdict, place, reverse, forward.isPresent() ? "forward %.9g, ".formatted(forward.getAsDouble()) : "", differences);
    }
}
