package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Value;
import java.util.List;
import java.util.Map;

/// Where the values of a loop lie.
/// @param body    the values of one step
/// @param states  where each state begins
/// @param brought what no step can read where it lies
/// @param late    what lies elsewhere than its step makes it
/// @param results what is read of the loop
public record LoopLayout(Layouts body, List<Storage> states, List<Brought> brought, List<Late> late, Map<Value, Storage> results) {
    /// An operand of the loop that is copied before the first step.
    public record Brought(Value operand, Storage to) {}

    /// A next state or output that every step copies when it is done.
    public record Late(Value end, Storage to) {}
}
