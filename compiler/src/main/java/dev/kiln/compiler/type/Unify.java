package dev.kiln.compiler.type;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Matches a dim of a signature with an actual one. Every relation is proved, refuted, or left to one check at the network's door.
public final class Unify {
    private Unify() {}

    public sealed interface Outcome {}

    /// The pattern's one unknown has this value, and then the two are equal.
    public record Bound(String name, Dim value) implements Outcome {}

    public record Proved() implements Outcome {}

    /// They differ whatever the variables are.
    public record Refuted(Dim expected, Dim actual) implements Outcome {}

    /// They may be equal: to be checked when the sizes are known.
    public record Open(Dim expected, Dim actual) implements Outcome {}

    /// More unknowns than one relation can settle.
    public record Ambiguous(Set<String> names) implements Outcome {}

    /// The pattern may contain variables of `unknowns`; one that is linear in the pattern is solved for.
    public static Outcome solve(Dim pattern, Set<String> unknowns, Dim actual) {
        Set<String> open = pattern.variables();
        open.retainAll(unknowns);
        if (open.isEmpty()) return equal(pattern, actual);
        if (open.size() > 1) return new Ambiguous(Set.copyOf(open));
        String name = open.iterator().next();
        if (pattern.terms().stream().flatMap(t -> t.atoms().stream()).anyMatch(atom -> atom instanceof Atom.Floor(Dim p, Dim q) && (p.variables().contains(name) || q.variables().contains(name)))) return new Ambiguous(open);
        Dim rest = pattern.substitute(Map.of(name, Dim.ZERO));
        Dim slope = pattern.substitute(Map.of(name, Dim.ONE)).minus(rest);
        Dim linear = slope.times(Dim.variable(name)).plus(rest);
        if (!linear.equals(pattern) || slope.equals(Dim.ZERO)) return new Ambiguous(open);
        Optional<Dim> value = actual.minus(rest).exactDiv(slope);
        if (value.isPresent()) return new Bound(name, value.get());
        return new Refuted(pattern, actual);
    }

    public static Outcome equal(Dim expected, Dim actual) {
        Dim difference = expected.minus(actual);
        if (difference.equals(Dim.ZERO)) return new Proved();
        boolean differs = difference.isConstant() || positive(difference) || positive(difference.times(-1));
        return differs ? new Refuted(expected, actual) : new Open(expected, actual);
    }

    private static boolean positive(Dim dim) {
        OptionalLong least = dim.least();
        return least.isPresent() && least.getAsLong() > 0;
    }
}
