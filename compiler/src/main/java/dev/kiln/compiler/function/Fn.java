package dev.kiln.compiler.function;

import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// A scalar function: everything about it in one entry of [Functions]. Its vector code is the entry of the same name in `emit`.
///
/// @param typing     the element types it takes and gives
/// @param meaning    its value in double, the oracle
/// @param slopes     for each operand the derivative of the result; empty where none flows
/// @param kink       how far operands are from the nearest point without a derivative; empty when smooth
/// @param domain     for each operand the interval that samples come from
/// @param ulps       the largest error of the compiled code, in units in the last place of the float result, over the domain
/// @param operations how many vector operations the compiled code takes, at most
/// @param laws       identities that hold over the domain
/// @param doc        Markdown: the formula, a sentence, the source
public record Fn(
        String name,
        int arity,
        Typing typing,
        Meaning meaning,
        List<Supplier<Optional<Formula>>> slopes,
        Optional<Kink> kink,
        List<Domain> domain,
        double ulps,
        int operations,
        List<Law> laws,
        String doc) {

    /// The value for the operands `x`.
    @FunctionalInterface
    public interface Meaning {
        double of(double[] x);
    }

    /// The distance of the operands `x` from the nearest kink or jump, in units of the operand.
    @FunctionalInterface
    public interface Kink {
        double margin(double[] x);
    }

    /// Where samples of one operand lie.
    public record Domain(double low, double high) {
        public Domain {
            if (!(low < high)) throw new IllegalArgumentException("empty domain " + low + " to " + high);
        }
    }

    /// `left = right` for all operands in the domain. Built when asked for, since the table that formulas name is still being filled when a law is written down.
    public record Law(String name, Supplier<Formula> left, Supplier<Formula> right) {}

    public Fn {
        slopes = List.copyOf(slopes);
        domain = List.copyOf(domain);
        laws = List.copyOf(laws);
        if (slopes.size() != arity || domain.size() != arity)
            throw new IllegalArgumentException(name + " needs a slope and a domain for each of its operands");
    }

    public double apply(double... x) {
        if (x.length != arity) throw new IllegalArgumentException("%s takes %d operands, not %d".formatted(name, arity, x.length));
        return meaning.of(x);
    }

    /// The derivative of the result by operand `i`, a formula in operands and result; empty where none flows.
    public Optional<Formula> derivative(int i) {
        return slopes.get(i).get();
    }

    /// What flows into operand `i`: the derivative times the cotangent of the result; empty where none flows.
    public Optional<Formula> cotangent(int i) {
        return derivative(i).map(Formula::timesCotangent);
    }

    /// The element type of the result.
    /// @throws IllegalArgumentException when the function does not take these types
    public DType result(List<DType> operands) {
        if (operands.size() != arity)
            throw new IllegalArgumentException("%s takes %d operands, not %d".formatted(name, arity, operands.size()));
        return typing.result(name, operands);
    }

    Fn law(String law, Supplier<Formula> left, Supplier<Formula> right) {
        var more = new ArrayList<>(laws);
        more.add(new Law(law, left, right));
        return new Fn(name, arity, typing, meaning, slopes, kink, domain, ulps, operations, more, doc);
    }

    Fn kinkAt(Kink margin) {
        return new Fn(name, arity, typing, meaning, slopes, Optional.of(margin), domain, ulps, operations, laws, doc);
    }

    /// Functions of one table are equal when they have one name.
    @Override
    public boolean equals(Object other) {
        return other instanceof Fn f && f.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
