package dev.kiln.compiler.type;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/// `coefficient * atom * atom …`, the atoms sorted, repeated for powers; no atoms for the constant.
public record Term(long coefficient, List<Atom> atoms) {
    /// Graded, then lexicographic: an order that products keep, so that division ends. Greatest first.
    static final Comparator<List<Atom>> MONOMIALS = Comparator.<List<Atom>>comparingInt(List::size).reversed().thenComparing(Term::lexicographic);

    public Term {
        atoms = List.copyOf(atoms);
        if (coefficient == 0) throw new IllegalArgumentException("a zero term is no term");
    }

    Term times(Term other) {
        var product = new ArrayList<>(atoms);
        product.addAll(other.atoms);
        product.sort(null);
        return new Term(Math.multiplyExact(coefficient, other.coefficient), product);
    }

    /// The exact quotient, if there is one.
    Optional<Term> dividedBy(Term other) {
        if (coefficient % other.coefficient != 0) return Optional.empty();
        var rest = new ArrayList<>(atoms);
        for (Atom atom : other.atoms) if (!rest.remove(atom)) return Optional.empty();
        return Optional.of(new Term(coefficient / other.coefficient, rest));
    }

    private static int lexicographic(List<Atom> a, List<Atom> b) {
        for (int i = 0; i < a.size(); i++) {
            int order = a.get(i).compareTo(b.get(i));
            if (order != 0) return order;
        }
        return 0;
    }
}
