package dev.kiln.compiler.type;

import java.util.Set;

/// What a dim's polynomial is made of. Variables sort before floors, each by its text.
public sealed interface Atom extends Comparable<Atom> {
    @Override
    default int compareTo(Atom other) {
        int kinds = Boolean.compare(this instanceof Floor, other instanceof Floor);
        return kinds != 0 ? kinds : toString().compareTo(other.toString());
    }

    /// The names of the variables in it.
    default Set<String> variables() {
        return switch (this) {
            case Variable(String name) -> Set.of(name);
            case Floor(Dim p, Dim q) -> {
                Set<String> names = p.variables();
                names.addAll(q.variables());
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

    /// `floor(dividend / divisor)` with nothing whole left inside. Only [Dim#floorDiv] makes it.
    record Floor(Dim dividend, Dim divisor) implements Atom {
        @Override
        public String toString() {
            return "floor(" + dividend.printFactor() + " / " + divisor.printFactor() + ")";
        }
    }
}
