package dev.kiln.compiler.source;

import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects what is wrong, so that a stage can go on after a mistake: all problems of a file are told at once, each once, in the order of the text.
public final class Problems {
    private static final Comparator<Problem> BY_PLACE = Comparator
            .comparing((Problem p) -> p.span().file().name())
            .thenComparingInt(p -> p.span().start())
            .thenComparing(Problem::code);

    private final Set<Problem> found = new LinkedHashSet<>();

    public void add(Problem problem) {
        found.add(problem);
    }

    public void addAll(Problems others) {
        found.addAll(others.found);
    }

    /// The same problems, to be added to on their own.
    public Problems copy() {
        var copy = new Problems();
        copy.addAll(this);
        return copy;
    }

    public boolean isEmpty() {
        return found.isEmpty();
    }

    public List<Problem> all() {
        return found.stream().sorted(BY_PLACE).toList();
    }

    @Override public String toString() {
        return Report.of(this);
    }
}
