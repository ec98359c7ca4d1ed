package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Real;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.syntax.Expr.BinaryOperator;
import dev.kiln.compiler.type.Dim;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/// Arithmetic of settings and dims. Whole numbers and dims stay exact; what meets a real number becomes real.
/// Where a result is not known when compiling (a symbolic dim beside a real number), it is empty and the graph computes it.
final class Numbers {
    private Numbers() {}

    static boolean isNumber(Item item) {
        return item instanceof Ratio || item instanceof Real;
    }

    /// The number, when it is known now.
    static OptionalDouble value(Item item) {
        return switch (item) {
            case Real(double v) -> OptionalDouble.of(v);
            case Ratio r when r.isConstant() && !r.denominator().is(0) -> OptionalDouble.of(r.value());
            default -> OptionalDouble.empty();
        };
    }

    /// The whole number or dim.
    static Optional<Dim> whole(Item item) {
        if (item instanceof Ratio r && r.isWhole()) return Optional.of(r.numerator());
        if (item instanceof Real(double v) && v == Math.rint(v) && Math.abs(v) < 1L << 53) return Optional.of(Dim.of((long) v));
        return Optional.empty();
    }

    static Optional<Item> apply(BinaryOperator operator, Item a, Item b) {
        if (a instanceof Ratio x && b instanceof Ratio y) {
            Optional<Item> exact = exact(operator, x, y);
            if (exact.isPresent()) return exact;
        }
        OptionalDouble x = value(a);
        OptionalDouble y = value(b);
        if (x.isEmpty() || y.isEmpty()) return Optional.empty();
        return Optional.of(real(operator, x.getAsDouble(), y.getAsDouble()));
    }

    private static Optional<Item> exact(BinaryOperator operator, Ratio a, Ratio b) {
        return switch (operator) {
            case ADD -> Optional.of(quotient(a.numerator().times(b.denominator()).plus(b.numerator().times(a.denominator())), a.denominator().times(b.denominator())));
            case SUBTRACT -> Optional.of(quotient(a.numerator().times(b.denominator()).minus(b.numerator().times(a.denominator())), a.denominator().times(b.denominator())));
            case MULTIPLY -> Optional.of(quotient(a.numerator().times(b.numerator()), a.denominator().times(b.denominator())));
            case DIVIDE -> b.numerator().is(0) ? Optional.empty() : Optional.of(quotient(a.numerator().times(b.denominator()), a.denominator().times(b.numerator())));
            case REMAINDER -> a.isWhole() && b.isWhole() && !b.numerator().is(0) ? Optional.of(Ratio.of(a.numerator().mod(b.numerator()))) : Optional.empty();
            case POWER -> power(a, b);
            default -> Optional.empty();
        };
    }

    private static Optional<Item> power(Ratio base, Ratio exponent) {
        OptionalLong times = exponent.isWhole() ? exponent.numerator().constant() : OptionalLong.empty();
        if (times.isEmpty() || times.getAsLong() < 0 || times.getAsLong() > 62) return Optional.empty();
        Dim above = Dim.ONE;
        Dim below = Dim.ONE;
        for (long i = 0; i < times.getAsLong(); i++) {
            above = above.times(base.numerator());
            below = below.times(base.denominator());
        }
        return Optional.of(quotient(above, below));
    }

    /// `a / b`, whole where it provably divides; constants in lowest terms.
    static Ratio quotient(Dim a, Dim b) {
        Optional<Dim> exact = a.exactDiv(b);
        if (exact.isPresent()) return Ratio.of(exact.get());
        if (!a.isConstant() || !b.isConstant()) return new Ratio(a, b);
        long divisor = gcd(a.constant().getAsLong(), b.constant().getAsLong()) * (b.constant().getAsLong() < 0 ? -1 : 1);
        return new Ratio(Dim.of(a.constant().getAsLong() / divisor), Dim.of(b.constant().getAsLong() / divisor));
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.abs(a) : gcd(b, a % b);
    }

    private static Item real(BinaryOperator operator, double a, double b) {
        return new Real(switch (operator) {
            case ADD -> a + b;
            case SUBTRACT -> a - b;
            case MULTIPLY -> a * b;
            case DIVIDE -> a / b;
            case REMAINDER -> a - b * Math.floor(a / b);
            case POWER -> Math.pow(a, b);
            default -> throw new IllegalArgumentException(operator + " is no arithmetic");
        });
    }

    static Item negate(Item item) {
        return item instanceof Ratio(Dim n, Dim d) ? new Ratio(n.times(-1), d) : new Real(-value(item).orElseThrow());
    }

    /// A scalar function of a known number. Whole numbers stay whole where the function keeps them.
    static Item apply(Fn fn, Item item) {
        double result = fn.apply(value(item).orElseThrow());
        boolean exact = item instanceof Ratio r && r.isWhole() && result == Math.rint(result) && (fn.name().equals("abs") || fn.name().equals("sign") || fn.name().equals("neg"));
        return exact ? Ratio.of((long) result) : new Real(result);
    }

    /// Without the `.0` of a whole number.
    static String print(double v) {
        return v == Math.rint(v) && Math.abs(v) < 1e15 ? Long.toString((long) v) : Double.toString(v);
    }

    static String print(Item item) {
        return item instanceof Real(double v) ? print(v) : item instanceof Ratio r ? r.isConstant() && !r.isWhole() ? print(r.value()) : r.toString() : item.toString();
    }
}
