package dev.kiln.compiler.layout;

import dev.kiln.compiler.type.Dim;

/// Where a part of buffer `of` begins in iteration i of the loop that stands inside `depth` others: at `first + i·stride`, or at `first + (i mod 2)·stride` where two places take turns.
public record Shift(Buffer of, int depth, Dim first, Dim stride, boolean takesTurns) {
    @Override
    public String toString() {
        return "%s[%s + %s%s*(%s)]".formatted(of, first, variable(), takesTurns ? "%2" : "", stride);
    }

    /// How dumps call the iteration.
    public String variable() {
        return variable(depth);
    }

    public static String variable(int depth) {
        return "t" + depth;
    }
}
