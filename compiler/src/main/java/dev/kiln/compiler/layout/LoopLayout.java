package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.TensorType;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Where the values of a loop lie.
/// @param body    the values of one step
/// @param states  where each state begins
/// @param brought what no step can read where it lies
/// @param late    what lies elsewhere than its step makes it
/// @param cleared what is zero before the first step
/// @param endings states of a loop that stops, copied when it has
/// @param stop    what is not zero when a loop that stops is done
/// @param results what is read of the loop
public record LoopLayout(Layouts body, List<Storage> states, List<Brought> brought, List<Late> late, List<Storage> cleared, List<Ending> endings, Optional<Buffer> stop, Map<Value, Storage> results) {
    /// An operand of the loop that is copied before the first step.
    public record Brought(Value operand, Storage to) {}

    /// A next state or output that every step copies when it is done.
    public record Late(Value end, Storage to) {}

    /// A state that is copied when the loop has stopped.
    /// @param now where it would be read in the step after the last
    public record Ending(TensorType type, Storage now, Storage to) {}
}
