package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// `n..` in an index formula: as many indices as the first tensor that is read with it needs.
final class RowIndex {
    private final String name;
    private final Span bound;
    private Optional<List<IndexVariable>> variables = Optional.empty();

    RowIndex(String name, Span bound) {
        this.name = name;
        this.bound = bound;
    }

    String name() {
        return name;
    }

    Span bound() {
        return bound;
    }

    Optional<List<IndexVariable>> variables() {
        return variables;
    }

    void learn(int count) {
        var made = new ArrayList<IndexVariable>();
        for (int i = 0; i < count; i++) made.add(new IndexVariable(name + i, bound, Optional.empty()));
        variables = Optional.of(made);
    }
}
