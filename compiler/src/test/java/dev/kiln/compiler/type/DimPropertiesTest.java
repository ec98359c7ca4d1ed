package dev.kiln.compiler.type;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;
import net.jqwik.api.constraints.IntRange;

/// The normal form keeps the value of every expression.
class DimPropertiesTest {
    /// An expression as written, before any normal form.
    sealed interface Written {
        record Whole(long value) implements Written {}

        record Name(String name) implements Written {}

        record Operation(char sign, Written left, Written right) implements Written {}

        record Quotient(Written dividend, long divisor) implements Written {}
    }

    @Provide
    Arbitrary<Written> written() {
        return written(3);
    }

    private static Arbitrary<Written> written(int depth) {
        Arbitrary<Written> leaf = Arbitraries.oneOf(
                Arbitraries.longs().between(-5, 9).map(Written.Whole::new), Arbitraries.of("N", "H", "C").map(Written.Name::new));
        if (depth == 0) return leaf;
        Arbitrary<Written> inner = written(depth - 1);
        return Arbitraries.frequencyOf(
                Tuple.of(1, leaf),
                Tuple.of(3, Combinators.combine(Arbitraries.of('+', '-', '*'), inner, inner).as(Written.Operation::new)),
                Tuple.of(3, Combinators.combine(inner, Arbitraries.longs().between(1, 6)).as(Written.Quotient::new)));
    }

    private static Dim dim(Written w) {
        return switch (w) {
            case Written.Whole(long v) -> Dim.of(v);
            case Written.Name(String n) -> Dim.variable(n);
            case Written.Operation(char sign, Written l, Written r) ->
                sign == '+' ? dim(l).plus(dim(r)) : sign == '-' ? dim(l).minus(dim(r)) : dim(l).times(dim(r));
            case Written.Quotient(Written p, long q) -> dim(p).floorDiv(q);
        };
    }

    private static long value(Written w, Map<String, Long> sizes) {
        return switch (w) {
            case Written.Whole(long v) -> v;
            case Written.Name(String n) -> sizes.get(n);
            case Written.Operation(char sign, Written l, Written r) ->
                sign == '+' ? value(l, sizes) + value(r, sizes) : sign == '-' ? value(l, sizes) - value(r, sizes) : value(l, sizes) * value(r, sizes);
            case Written.Quotient(Written p, long q) -> Math.floorDiv(value(p, sizes), q);
        };
    }

    @Property
    void normalFormKeepsTheValue(@ForAll("written") Written w, @ForAll @IntRange(min = 1, max = 40) int n, @ForAll @IntRange(min = 1, max = 40) int h) {
        var sizes = Map.of("N", (long) n, "H", (long) h, "C", 7L);
        assertEquals(value(w, sizes), dim(w).evaluate(sizes::get));
    }

    @Property
    void substitutionIsEvaluation(@ForAll("written") Written w, @ForAll @IntRange(min = 1, max = 40) int n) {
        var sizes = Map.of("N", (long) n, "H", 5L, "C", 3L);
        var dims = Map.of("N", Dim.of(n), "H", Dim.of(5), "C", Dim.of(3));
        assertEquals(Dim.of(dim(w).evaluate(sizes::get)), dim(w).substitute(dims));
    }

    @Property
    void boundsAreBelowEveryValue(@ForAll("written") Written w, @ForAll @IntRange(min = 1, max = 9) int n, @ForAll @IntRange(min = 1, max = 9) int h) {
        OptionalLong least = dim(w).least();
        var sizes = Map.of("N", (long) n, "H", (long) h, "C", 2L);
        assertTrue(least.isEmpty() || least.getAsLong() <= dim(w).evaluate(sizes::get));
    }

    @Property
    void productsDivideExactly(@ForAll("written") Written a, @ForAll("written") Written b) {
        Dim divisor = dim(b);
        if (!divisor.equals(Dim.ZERO)) assertEquals(dim(a), dim(a).times(divisor).exactDiv(divisor).orElseThrow());
    }
}
