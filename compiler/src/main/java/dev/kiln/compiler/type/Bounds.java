package dev.kiln.compiler.type;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;

/// How small a dim can be when every variable is at least 1.
final class Bounds {
    private Bounds() {}

    /// With `N = 1 + n`, a polynomial whose other coefficients are not negative is least at its constant.
    static OptionalLong least(Dim dim) {
        Map<String, Dim> shifted = new HashMap<>();
        for (String name : dim.variables()) shifted.put(name, Dim.variable(name).plus(1));
        return leastFromZero(dim.substitute(shifted));
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
                OptionalLong least = atom instanceof Atom.Floor(Dim p, Dim q) && q.isConstant() ? floored(p, q.constant().getAsLong()) : OptionalLong.of(0);
                if (least.isEmpty() || least.getAsLong() < 0) return OptionalLong.empty();
                product = Math.multiplyExact(product, least.getAsLong());
            }
            if (t.coefficient() < 0) return OptionalLong.empty();
            sum = Math.addExact(sum, product);
        }
        return OptionalLong.of(sum);
    }

    private static OptionalLong floored(Dim p, long q) {
        OptionalLong least = leastFromZero(p);
        return least.isPresent() ? OptionalLong.of(Math.floorDiv(least.getAsLong(), q)) : least;
    }
}
