package dev.kiln.compiler.type;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Division of dims: the exact quotient, and the normal form of floors.
final class Division {
    private Division() {}

    /// Long division by the leading term; with one divisor the remainder is zero exactly when the quotient exists.
    static Optional<Dim> exact(Dim dividend, Dim divisor) {
        if (divisor.equals(Dim.ZERO)) throw new ArithmeticException("division of " + dividend + " by zero");
        Dim quotient = Dim.ZERO;
        Dim rest = dividend;
        while (!rest.equals(Dim.ZERO)) {
            Optional<Term> step = rest.terms().getFirst().dividedBy(divisor.terms().getFirst());
            if (step.isEmpty()) return Optional.empty();
            Dim part = Dim.sum(List.of(step.get()));
            quotient = quotient.plus(part);
            rest = rest.minus(part.times(divisor));
        }
        return Optional.of(quotient);
    }

    static Dim floor(Dim dividend, Dim divisor) {
        Optional<Dim> exact = exact(dividend, divisor);
        if (exact.isPresent()) return exact.get();
        return divisor.isConstant() ? byConstant(dividend, divisor.constant().getAsLong()) : bySymbol(dividend, divisor);
    }

    private static Dim byConstant(Dim dividend, long divisor) {
        if (divisor < 0) return byConstant(dividend.times(-1), -divisor);
        var whole = new ArrayList<Term>();
        var rest = new ArrayList<Term>();
        for (Term t : dividend.terms()) {
            long quotient = Math.floorDiv(t.coefficient(), divisor);
            long remainder = Math.floorMod(t.coefficient(), divisor);
            if (quotient != 0) whole.add(new Term(quotient, t.atoms()));
            if (remainder != 0) rest.add(new Term(remainder, t.atoms()));
        }
        return Dim.sum(whole).plus(proper(Dim.sum(rest), divisor));
    }

    /// All coefficients lie in 0..divisor-1: cancel common factors, flatten a floor inside, or keep the floor.
    private static Dim proper(Dim dividend, long divisor) {
        if (dividend.isConstant()) return Dim.of(Math.floorDiv(dividend.constant().getAsLong(), divisor));
        long common = divisor;
        for (Term t : dividend.terms()) if (!t.atoms().isEmpty()) common = gcd(common, t.coefficient());
        if (common > 1) return byConstant(scaled(dividend, common), divisor / common);
        for (Term t : dividend.terms())
            if (t.coefficient() == 1 && t.atoms().size() == 1 && t.atoms().getFirst() instanceof Atom.Floor(Dim p, Dim q) && q.isConstant()) {
                Dim others = dividend.minus(Dim.atom(t.atoms().getFirst()));
                return byConstant(p.plus(others.times(q)), Math.multiplyExact(divisor, q.constant().getAsLong()));
            }
        return Dim.atom(new Atom.Floor(dividend, Dim.of(divisor)));
    }

    /// floor((g*p + c) / (g*q)) = floor((p + floor(c / g)) / q).
    private static Dim scaled(Dim dividend, long common) {
        return Dim.sum(dividend.terms().stream()
                .filter(t -> Math.floorDiv(t.coefficient(), common) != 0)
                .map(t -> new Term(Math.floorDiv(t.coefficient(), common), t.atoms())).toList());
    }

    /// Whole terms leave the floor when the divisor is one product; a common product is cancelled.
    private static Dim bySymbol(Dim dividend, Dim divisor) {
        Dim whole = Dim.ZERO;
        Dim rest = dividend;
        if (divisor.terms().size() == 1)
            for (Term t : dividend.terms()) {
                Optional<Term> quotient = t.dividedBy(divisor.terms().getFirst());
                if (quotient.isPresent()) {
                    whole = whole.plus(Dim.sum(List.of(quotient.get())));
                    rest = rest.minus(Dim.sum(List.of(t)));
                }
            }
        for (Atom atom : List.copyOf(divisor.terms().getFirst().atoms())) {
            Dim factor = Dim.atom(atom);
            Optional<Dim> above = exact(rest, factor);
            Optional<Dim> below = exact(divisor, factor);
            if (above.isPresent() && below.isPresent()) return whole.plus(floor(above.get(), below.get()));
        }
        return whole.plus(Dim.atom(new Atom.Floor(rest, divisor)));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }
}
