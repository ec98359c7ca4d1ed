package dev.kiln.testkit.shrink;

import java.util.HashSet;
import java.util.Iterator;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// Makes what fails smaller: takes the first simpler candidate that still fails and begins anew from it, until none of them does (Zeller and Hildebrandt 2002).
/// Nothing is tried twice. The same start, candidates and predicate give the same end.
///
/// @param <T> what is made smaller; it must tell by `equals` what was tried already
public final class Shrinker<T> {
    private final Function<T, Stream<T>> simpler;
    private final Predicate<T> stillFails;
    private final int budget;
    private final HashSet<T> tried = new HashSet<>();

    /// @param simpler    candidates, the boldest first; each must be simpler by a measure that ends
    /// @param stillFails whether a candidate shows what the start showed; `false` for one that is not well formed
    /// @param budget     how many candidates are tried at most
    public Shrinker(Function<T, Stream<T>> simpler, Predicate<T> stillFails, int budget) {
        this.simpler = simpler;
        this.stillFails = stillFails;
        this.budget = budget;
    }

    /// The smallest case that was reached from one that fails.
    public T smallest(T failing) {
        T best = failing;
        tried.add(failing);
        boolean better = true;
        while (better) {
            better = false;
            for (Iterator<T> candidates = simpler.apply(best).iterator(); !better && tried.size() <= budget && candidates.hasNext(); ) {
                T candidate = candidates.next();
                if (!tried.add(candidate) || !stillFails.test(candidate)) continue;
                best = candidate;
                better = true;
            }
        }
        return best;
    }

    /// How many cases were looked at, the first among them.
    public int tried() {
        return tried.size();
    }
}
