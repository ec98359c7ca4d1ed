package dev.kiln.compiler.type;

import java.util.Set;

/// What a dim's polynomial is made of. Variables sort before names, those before floors and the smaller of two, each by its text.
public sealed interface Atom extends Comparable<Atom> {
    @Override
    default int compareTo(Atom other) {
        int kinds = Integer.compare(rank(), other.rank());
        int texts = kinds != 0 ? kinds : toString().compareTo(other.toString());
        return texts == 0 && this instanceof Named(_, Dim a) && other instanceof Named(_, Dim b) ? a.toString().compareTo(b.toString()) : texts;
    }

    private int rank() {
        return switch (this) {
            case Variable _ -> 0;
            case Named _ -> 1;
            case Floor _ -> 2;
            case Smaller _ -> 3;
        };
    }

    /// The names of the variables in it.
    default Set<String> variables() {
        return switch (this) {
            case Variable(String name) -> Set.of(name);
            case Named(_, Dim value) -> value.variables();
            case Floor(Dim p, Dim q) -> {
                Set<String> names = p.variables();
                names.addAll(q.variables());
                yield names;
            }
            case Smaller(Dim a, Dim b) -> {
                Set<String> names = a.variables();
                names.addAll(b.variables());
                yield names;
            }
        };
    }

    record Variable(String name) implements Atom {
        @Override
        public String toString() {
            return name;
        }
    }

    /// As large as `value`, and equal to nothing but itself: an axis that is not to be taken for another of the same size.
    record Named(String name, Dim value) implements Atom {
        @Override
        public String toString() {
            return name;
        }
    }

    /// `floor(dividend / divisor)` with nothing whole left inside. Only [Dim#floorDiv] makes it.
    record Floor(Dim dividend, Dim divisor) implements Atom {
        @Override
        public String toString() {
            return "floor(" + dividend.printFactor() + " / " + divisor.printFactor() + ")";
        }
    }

    /// The smaller of two. Only [Dim#atMost] makes it.
    record Smaller(Dim a, Dim b) implements Atom {
        @Override
        public String toString() {
            return "min(" + a + ", " + b + ")";
        }
    }
}
