package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Optional;

/// Steps `first..end` are the body of a loop: they run `count` times, inside `depth` other loops.
/// @param stop   what is not zero after the last iteration of a loop that may end before
/// @param strips what is made while the loop runs
public record Region(String name, Optional<Origin> origin, int first, int end, IndexExpr count, Optional<Buffer> stop, int depth, List<Strips> strips) {
    /// A step before the loop whose tasks are shared out among the iterations: those of the next strip run before each iteration whose number `every` divides.
    public record Strips(int step, Dim every) {}

    public Region {
        strips = List.copyOf(strips);

        if (first >= end) throw new IllegalArgumentException("a loop without steps: " + name);
    }

    /// The same region behind so many other steps.
    Region after(int steps) {
        return new Region(name, origin, first + steps, end + steps, count, stop, depth, strips);
    }

    public boolean contains(int step) {
        return first <= step && step < end;
    }

    /// Every step of `other` is one of this, or none is.
    boolean nests(Region other) {
        return other.end <= first || end <= other.first || (first <= other.first && other.end <= end);
    }
}
