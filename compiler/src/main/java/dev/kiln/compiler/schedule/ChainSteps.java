package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.type.Dim;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Steps that run for a few rows of a dim at a time, from the first to the last of a range, then for the next rows.
/// @param rows how many floats lie between neighbouring rows of each buffer that has some
public record ChainSteps(Dim dim, List<Range> ranges, Map<Buffer, Dim> rows) {
    /// Steps `first..end`.
    public record Range(int first, int end) {
        boolean contains(int step) {
            return first <= step && step < end;
        }
    }

    public ChainSteps {
        ranges = List.copyOf(ranges);
        rows = Map.copyOf(rows);
    }

    /// The range that a step belongs to.
    public Optional<Range> range(int step) {
        return ranges.stream().filter(r -> r.contains(step)).findFirst();
    }

    boolean crosses(Region loop) {
        return ranges.stream().anyMatch(r -> loop.first() < r.end() && r.first() < loop.end());
    }
}
