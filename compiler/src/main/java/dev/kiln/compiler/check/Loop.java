package dev.kiln.compiler.check;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
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
    private final Map<String, List<String>> movedBy = new HashMap<>();
    private final boolean open;
    private Optional<Value> stop = Optional.empty();

    /// @param before the stand-in @param after what the step makes of it; it stays as it is when the step says nothing
    record Carried(Value before, Value initial, Optional<Value> after) {}

    /// @param now the stand-in for one element of `sequence`, whose first axis is time
    record Step(Value now, Value sequence) {}

    /// @param batch the first axis of the sequences
    Loop(Optional<Loop> outer, Tensors tensors, Dim time, Dim batch) {
        this(outer, tensors, time, batch, false);
    }

    private Loop(Optional<Loop> outer, Tensors tensors, Dim time, Dim batch, boolean open) {
        this.open = open;
        this.outer = outer;
        this.tensors = tensors;
        this.time = time;
        this.batch = batch;
    }

    /// One that ends when its cells say so. @param most steps
    static Loop open(Optional<Loop> outer, Tensors tensors, Dim most, Dim batch) {
        return new Loop(outer, tensors, most, batch, true);
    }

    boolean isOpen() {
        return open;
    }

    /// Which rows stop with this step, beside those that others stop.
    void stop(Value rows) {
        stop = Optional.of(stop.map(before -> tensors.map(Functions.MAX, before, rows)).orElse(rows));
    }

    Optional<Value> stop() {
        return stop;
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

    /// The paths of the states that have a next value.
    Set<String> moved() {
        var moved = new LinkedHashSet<String>();
        states.forEach((path, c) -> c.after().ifPresent(_ -> moved.add(path)));
        return moved;
    }

    /// The cell at `path` made its step: what has moved since `before` is its.
    void made(String path, Set<String> before) {
        var own = new ArrayList<>(moved());
        own.removeAll(before);
        movedBy.put(path, own);
    }

    /// The paths of the states that the step of the cell at `path` moved, those of cells inside it too.
    List<String> movedBy(String path) {
        return movedBy.getOrDefault(path, List.of());
    }

    /// What changes from step to step.
    Set<Value> standIns() {
        var all = new HashSet<Value>();
        for (Carried c : states.values()) if (c.after().isPresent()) all.add(c.before());
        for (Step s : steps) all.add(s.now());
        return all;
    }
}
