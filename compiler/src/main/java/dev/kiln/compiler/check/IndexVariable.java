package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;

/// An index of a formula. Its extent comes from the first tensor that is read with it alone, or from `i < n`.
final class IndexVariable {
    private final String name;
    private final Span bound;
    private Optional<Dim> extent;
    private Optional<Span> source = Optional.empty();
    private final Set<Labelled> lengths = new LinkedHashSet<>();

    IndexVariable(String name, Span bound, Optional<Dim> extent) {
        this.name = name;
        this.bound = bound;
        this.extent = extent;
        if (extent.isPresent()) source = Optional.of(bound);
    }

    String name() {
        return name;
    }

    Span bound() {
        return bound;
    }

    Optional<Dim> extent() {
        return extent;
    }

    /// Where the extent comes from.
    Optional<Span> source() {
        return source;
    }

    void learn(Dim dim, Span from) {
        extent = Optional.of(dim);
        source = Optional.of(from);
    }

    /// How far the index runs in each row, when it reads a ragged axis.
    Set<Labelled> lengths() {
        return lengths;
    }

    @Override
    public String toString() {
        return name;
    }
}
