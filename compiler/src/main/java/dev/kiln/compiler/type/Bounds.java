package dev.kiln.compiler.type;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/// How small a dim can be when every variable is at least 1.
final class Bounds {
    private Bounds() {}

    /// With `N = 1 + n`, a polynomial whose other coefficients are not negative is least at its constant.
    static OptionalLong least(Dim dim) {
        Map<String, Dim> shifted = new HashMap<>();
        for (String name : dim.variables()) shifted.put(name, Dim.variable(name).plus(1));
        Dim fromZero = dim.substitute(shifted);
        OptionalLong least = leastFromZero(fromZero);
        if (least.isPresent()) return least;
        long scale = divisors(fromZero);
        OptionalLong scaled = leastFromZero(withoutFloors(fromZero.times(scale)));
        return scaled.isPresent() ? OptionalLong.of(Math.ceilDiv(scaled.getAsLong(), scale)) : scaled;
    }

    /// A number that all constant divisors divide.
    private static long divisors(Dim dim) {
        long product = 1;
        for (Term t : dim.terms())
            for (Atom atom : t.atoms())
                if (atom instanceof Atom.Floor(_, Dim q) && q.isConstant() && product % q.toInt() != 0) product = Math.multiplyExact(product, q.toInt());
        return product;
    }

    /// At most the dim: `floor(p / q)` lies between `(p - q + 1) / q` and `p / q`. Every coefficient is a multiple of the divisors.
    private static Dim withoutFloors(Dim dim) {
        Dim sum = Dim.ZERO;
        for (Term t : dim.terms()) {
            boolean single = t.atoms().size() == 1;
            if (single && t.atoms().getFirst() instanceof Atom.Floor(Dim p, Dim q) && q.isConstant())
                sum = sum.plus((t.coefficient() < 0 ? p : p.minus(q).plus(1)).times(t.coefficient() / q.toInt()));
            else sum = sum.plus(Dim.sum(List.of(t)));
        }
        return sum;
    }

    private static OptionalLong leastFromZero(Dim dim) {
        long sum = 0;
        for (Term t : dim.terms()) {
            if (t.atoms().isEmpty()) {
                sum += t.coefficient();
                continue;
            }
            long product = t.coefficient();
            for (Atom atom : t.atoms()) {
                OptionalLong least = switch (atom) {
                    case Atom.Floor(Dim p, Dim q) when q.isConstant() -> floored(p, q.constant().getAsLong());
                    case Atom.Named(_, Dim value) -> leastFromZero(value);
                    case Atom.Smaller(Dim a, Dim b) -> smaller(leastFromZero(a), leastFromZero(b));
                    case Atom.Variable _, Atom.Floor _ -> OptionalLong.of(0);
                };
                if (least.isEmpty() || least.getAsLong() < 0) return OptionalLong.empty();
                product = Math.multiplyExact(product, least.getAsLong());
            }
            if (t.coefficient() < 0) return OptionalLong.empty();
            sum = Math.addExact(sum, product);
        }
        return OptionalLong.of(sum);
    }

    private static OptionalLong smaller(OptionalLong a, OptionalLong b) {
        return a.isPresent() && b.isPresent() ? OptionalLong.of(Math.min(a.getAsLong(), b.getAsLong())) : OptionalLong.empty();
    }

    private static OptionalLong floored(Dim p, long q) {
        OptionalLong least = leastFromZero(p);
        return least.isPresent() ? OptionalLong.of(Math.floorDiv(least.getAsLong(), q)) : least;
    }
}
