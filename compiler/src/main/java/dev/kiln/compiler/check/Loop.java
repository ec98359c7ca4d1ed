package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A loop over time in the making. Its body is elaborated once, in the graph around it, on stand-ins for its states and for what each step reads; [Cut] then makes a body of it.
final class Loop {
    private final Optional<Loop> outer;
    private final Tensors tensors;
    private final Dim time;
    private final Dim batch;
    private final Map<String, Carried> states = new LinkedHashMap<>();
    private final List<Step> steps = new ArrayList<>();
    private final Set<String> stepped = new HashSet<>();

    /// @param before the stand-in @param after what the step makes of it; it stays as it is when the step says nothing
    record Carried(Value before, Value initial, Optional<Value> after) {}

    /// @param now the stand-in for one element of `sequence`, whose first axis is time
    record Step(Value now, Value sequence) {}

    /// @param batch the first axis of the sequences
    Loop(Optional<Loop> outer, Tensors tensors, Dim time, Dim batch) {
        this.outer = outer;
        this.tensors = tensors;
        this.time = time;
        this.batch = batch;
    }

    Optional<Loop> outer() {
        return outer;
    }

    Dim time() {
        return time;
    }

    Dim batch() {
        return batch;
    }

    /// By path, in the order they were met.
    Map<String, Carried> states() {
        return states;
    }

    Collection<Step> steps() {
        return List.copyOf(steps);
    }

    private Value standIn(TensorType type) {
        return tensors.add(new Now(tensors.graph().size(), type));
    }

    /// The state called `path` in the present step.
    Value carry(String path, Value initial) {
        return states.computeIfAbsent(path, _ -> new Carried(standIn(initial.type()), initial, Optional.empty())).before();
    }

    void next(String path, Value after) {
        Carried state = states.get(path);
        states.put(path, new Carried(state.before(), state.initial(), Optional.of(after)));
    }

    /// The element of the present step. @param sequence `[time, …]`
    Value step(Value sequence) {
        TensorType type = sequence.type();
        Value now = standIn(type.withShape(type.shape().subList(1, type.rank())));
        steps.add(new Step(now, sequence));
        return now;
    }

    /// False when the cell at `path` has made its step already.
    boolean enter(String path) {
        return stepped.add(path);
    }

    /// What changes from step to step.
    Set<Value> standIns() {
        var all = new HashSet<Value>();
        for (Carried c : states.values()) if (c.after().isPresent()) all.add(c.before());
        for (Step s : steps) all.add(s.now());
        return all;
    }
}
