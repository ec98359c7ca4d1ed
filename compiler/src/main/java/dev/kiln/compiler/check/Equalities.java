package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.Term;
import dev.kiln.compiler.type.Unify;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Dims of a network's inputs that some statement needs to be equal to others, which nothing proves or refutes: `a + b` of f32[N] and f32[M].
/// The door checks it, and the network is elaborated again with one standing for the other, so that no stage after this one meets two names for one size.
final class Equalities {
    private final Set<String> dims = new LinkedHashSet<>();
    private final Map<String, Dim> values = new HashMap<>();
    private final List<DoorCheck> checks = new ArrayList<>();
    private boolean grown;

    /// What a dim that an input declares stands for.
    Dim declared(String name) {
        dims.add(name);
        return values.getOrDefault(name, Dim.variable(name));
    }

    /// The shape of an input with its dims by the names that its type gives them.
    List<Dim> asWritten(Expr.TypeName type, List<Dim> shape) {
        if (type.dims().size() != shape.size()) return shape;
        return IntStream.range(0, shape.size()).mapToObj(a -> {
            Expr axis = type.dims().get(a) instanceof Expr.Ragged r ? r.axis() : type.dims().get(a);
            return axis instanceof Expr.Reference r && values.containsKey(r.name()) ? Dim.variable(r.name()) : shape.get(a);
        }).toList();
    }

    /// A new elaboration begins.
    void begin() {
        grown = false;
    }

    /// True when this elaboration found an equality: what it made is of no use.
    boolean grown() {
        return grown;
    }

    /// Every equality, in the words of its place in the text.
    List<DoorCheck> checks() {
        return List.copyOf(checks);
    }

    /// Takes shapes for equal, if only the sizes of a run can tell.
    /// @return false when they cannot be equal, no dim of an input can stand for the others, or one is a number: who means 3 writes 3, not N
    boolean assume(List<Dim> a, List<Dim> b, Span place) {
        if (a.size() != b.size()) return false;
        boolean all = true;
        for (int i = 0; i < a.size(); i++) all &= assume(a.get(i), b.get(i), place);
        return all;
    }

    boolean assume(Dim a, Dim b, Span place) {
        Dim left = a.substitute(values);
        Dim right = b.substitute(values);
        return switch (Unify.equal(left, right)) {
            case Unify.Proved _ -> true;
            case Unify.Open _ -> !left.isConstant() && !right.isConstant() && solve(left.minus(right), left, right, place);
            default -> false;
        };
    }

    /// The input dim declared last that the others determine: it stands alone, once or minus once, and nowhere else.
    private boolean solve(Dim difference, Dim left, Dim right, Span place) {
        if (!dims.containsAll(difference.variables())) return false;
        Optional<String> name = dims.stream().filter(d -> stands(d, difference)).reduce((_, last) -> last);
        if (name.isEmpty()) return false;
        Dim rest = difference.substitute(Map.of(name.get(), Dim.ZERO));
        boolean positive = difference.minus(rest).equals(Dim.variable(name.get()));
        Dim value = positive ? rest.times(-1) : rest;
        values.replaceAll((_, v) -> v.substitute(Map.of(name.get(), value)));
        values.put(name.get(), value);
        checks.add(new DoorCheck(left, DoorCheck.Relation.EQUAL, right, "%s: `%s` needs %s == %s".formatted(place, place.text().replaceAll("\\s+", " "), left, right)));
        grown = true;
        return true;
    }

    private static boolean stands(String name, Dim difference) {
        Dim alone = Dim.variable(name);
        List<Term> with = difference.terms().stream().filter(t -> t.atoms().stream().anyMatch(atom -> atom.variables().contains(name))).toList();
        return with.size() == 1 && (with.equals(alone.terms()) || with.equals(alone.times(-1).terms()));
    }
}
