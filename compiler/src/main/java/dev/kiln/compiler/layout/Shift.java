package dev.kiln.compiler.layout;

import dev.kiln.compiler.type.Dim;
import java.util.Optional;

/// Where a part of buffer `of` begins in iteration i of the loop that stands inside `depth` others: at `first + i·stride`, or at `first + (i mod places)·stride` where so many places take turns.
public record Shift(Buffer of, int depth, Dim first, Dim stride, Optional<Dim> places) {
    @Override
    public String toString() {
        return "%s[%s + %s%s*(%s)]".formatted(of, first, variable(), places.map(p -> "%" + (p.isConstant() ? p : "{" + p + "}")).orElse(""), stride);
    }

    /// How dumps call the iteration.
    public String variable() {
        return variable(depth);
    }

    public static String variable(int depth) {
        return "t" + depth;
    }
}
