package dev.kiln.compiler.type;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import java.util.stream.Collectors;

/// An extent: a polynomial with integer coefficients over variables, floors and smaller ones of two, always in normal form, so equal dims are `equals`.
/// A variable stands for a whole number of at least 1.
///
/// Normal form of a floor: `floor((q*a + r) / q)` is `a + floor(r / q)` with the coefficients of `r` in 0..q-1, common factors are cancelled,
/// and `floor((floor(p / a) + s) / b)` is `floor((p + a*s) / (a*b))`. So `ceil(H / 2)` is `floor((H + 1) / 2)`, however it was written.
public final class Dim {
    public static final Dim ZERO = new Dim(List.of());
    public static final Dim ONE = of(1);

    private final List<Term> terms;

    private Dim(List<Term> terms) {
        this.terms = List.copyOf(terms);
    }

    public static Dim of(long value) {
        return value == 0 ? ZERO : new Dim(List.of(new Term(value, List.of())));
    }

    public static Dim variable(String name) {
        return atom(new Atom.Variable(name));
    }

    /// A dim as large as this that is equal to nothing but itself.
    public Dim named(String name) {
        return atom(new Atom.Named(name, this));
    }

    /// What this is without the names.
    public Dim plain() {
        return replaced(atom -> switch (atom) {
            case Atom.Variable _ -> atom(atom);
            case Atom.Named(_, Dim value) -> value.plain();
            case Atom.Floor(Dim p, Dim q) -> p.plain().floorDiv(q.plain());
            case Atom.Smaller(Dim a, Dim b) -> a.plain().atMost(b.plain());
        });
    }

    /// The same with a variable of that name for each named one that is the smaller of two: it does not grow for long.
    public Dim steady() {
        return replaced(atom -> atom instanceof Atom.Named(String name, Dim value) && value.terms.stream().flatMap(t -> t.atoms().stream()).anyMatch(Atom.Smaller.class::isInstance) ? variable(name) : atom(atom));
    }

    private Dim replaced(Function<Atom, Dim> by) {
        Dim sum = ZERO;
        for (Term t : terms) {
            Dim product = of(t.coefficient());
            for (Atom atom : t.atoms()) product = product.times(by.apply(atom));
            sum = sum.plus(product);
        }
        return sum;
    }

    static Dim atom(Atom atom) {
        return new Dim(List.of(new Term(1, List.of(atom))));
    }

    /// The sum of any terms: like ones are joined, zeros vanish.
    static Dim sum(Iterable<Term> terms) {
        var joined = new TreeMap<List<Atom>, Long>(Term.MONOMIALS);
        for (Term t : terms) joined.merge(t.atoms(), t.coefficient(), Math::addExact);
        return new Dim(joined.entrySet().stream().filter(e -> e.getValue() != 0).map(e -> new Term(e.getValue(), e.getKey())).toList());
    }

    /// Greatest monomial first, the constant last.
    public List<Term> terms() {
        return terms;
    }

    public Dim plus(Dim other) {
        var all = new ArrayList<>(terms);
        all.addAll(other.terms);
        return sum(all);
    }

    public Dim plus(long other) {
        return plus(of(other));
    }

    public Dim minus(Dim other) {
        return plus(other.times(-1));
    }

    public Dim minus(long other) {
        return plus(-other);
    }

    public Dim times(Dim other) {
        var products = new ArrayList<Term>();
        for (Term a : terms) for (Term b : other.terms) products.add(a.times(b));
        return sum(products);
    }

    public Dim times(long factor) {
        return times(of(factor));
    }

    /// `floor(this / divisor)`; the divisor must be positive wherever it is evaluated.
    public Dim floorDiv(Dim divisor) {
        return Division.floor(this, divisor);
    }

    public Dim floorDiv(long divisor) {
        return floorDiv(of(divisor));
    }

    /// `ceil(this / divisor)`, which is `floor((this + divisor - 1) / divisor)`.
    public Dim ceilDiv(Dim divisor) {
        return plus(divisor).minus(1).floorDiv(divisor);
    }

    public Dim mod(Dim divisor) {
        return minus(floorDiv(divisor).times(divisor));
    }

    /// The smaller of this and `most`.
    public Dim atMost(Dim most) {
        OptionalLong room = most.minus(this).leastFromNone();
        if (room.isPresent() && room.getAsLong() >= 0) return this;
        OptionalLong excess = minus(most).leastFromNone();
        return excess.isPresent() && excess.getAsLong() >= 0 ? most : atom(new Atom.Smaller(this, most));
    }

    /// The quotient, when this is provably a multiple of the divisor.
    public Optional<Dim> exactDiv(Dim divisor) {
        return Division.exact(this, divisor);
    }

    public OptionalLong constant() {
        if (terms.isEmpty()) return OptionalLong.of(0);
        return terms.size() == 1 && terms.getFirst().atoms().isEmpty() ? OptionalLong.of(terms.getFirst().coefficient()) : OptionalLong.empty();
    }

    public boolean isConstant() {
        return constant().isPresent();
    }

    /// True for the constant `value`.
    public boolean is(long value) {
        return isConstant() && constant().getAsLong() == value;
    }

    /// The constant as an int; asks for one.
    public int toInt() {
        return Math.toIntExact(constant().orElseThrow(() -> new IllegalStateException(this + " is not a constant")));
    }

    public Set<String> variables() {
        var names = new HashSet<String>();
        for (Term t : terms) for (Atom atom : t.atoms()) names.addAll(atom.variables());
        return names;
    }

    public Dim substitute(Map<String, Dim> values) {
        return replaced(atom -> switch (atom) {
            case Atom.Variable(String name) -> values.getOrDefault(name, atom(atom));
            case Atom.Named(String name, Dim value) -> value.substitute(values).named(name);
            case Atom.Floor(Dim p, Dim q) -> p.substitute(values).floorDiv(q.substitute(values));
            case Atom.Smaller(Dim a, Dim b) -> a.substitute(values).atMost(b.substitute(values));
        });
    }

    public long evaluate(ToLongFunction<String> sizes) {
        long sum = 0;
        for (Term t : terms) {
            long product = t.coefficient();
            for (Atom atom : t.atoms())
                product = Math.multiplyExact(product, switch (atom) {
                    case Atom.Variable(String name) -> sizes.applyAsLong(name);
                    case Atom.Named(_, Dim value) -> value.evaluate(sizes);
                    case Atom.Floor(Dim p, Dim q) -> Math.floorDiv(p.evaluate(sizes), q.evaluate(sizes));
                    case Atom.Smaller(Dim a, Dim b) -> Math.min(a.evaluate(sizes), b.evaluate(sizes));
                });
            sum = Math.addExact(sum, product);
        }
        return sum;
    }

    /// A lower bound over all variables >= 1, if one is found.
    public OptionalLong least() {
        return Bounds.least(this);
    }

    /// A lower bound over all variables >= 0, if one is found: what holds of no rows, too.
    public OptionalLong leastFromNone() {
        return substitute(variables().stream().collect(Collectors.toMap(name -> name, name -> variable(name).minus(1)))).least();
    }

    String printFactor() {
        return terms.size() <= 1 ? toString() : "(" + this + ")";
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Dim d && terms.equals(d.terms);
    }

    @Override
    public int hashCode() {
        return terms.hashCode();
    }

    /// Positive terms first: `2*N + 3`, `floor((H + 1) / 2)`, `4 - N`.
    @Override
    public String toString() {
        if (terms.isEmpty()) return "0";
        var text = new StringBuilder();
        for (Term t : terms) if (t.coefficient() > 0) text.append(text.isEmpty() ? "" : " + ").append(product(t.coefficient(), t.atoms()));
        for (Term t : terms) if (t.coefficient() < 0) text.append(text.isEmpty() ? "-" : " - ").append(product(-t.coefficient(), t.atoms()));
        return text.toString();
    }

    private static String product(long coefficient, List<Atom> atoms) {
        var names = atoms.stream().map(Atom::toString).reduce((a, b) -> a + "*" + b);
        return names.map(n -> coefficient == 1 ? n : coefficient + "*" + n).orElse(Long.toString(coefficient));
    }
}
