package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// One step of an entry: `tasks` independent runs of `body`, in which the variable `task` counts. Cut by shapes alone, never by the number of threads.
/// @param cost estimated nanoseconds of one task
/// @param work the numbers whose product is how many multiply-adds a contraction takes in all tasks; empty for everything else
/// @param group whose values this step computes or brings where they are read; empty for doors and updates that wait
public record Step(String name, Optional<Origin> origin, IndexExpr tasks, IndexExpr cost, List<Dim> work, List<Action> body, Optional<Group> group) {
    public static final IndexExpr TASK = IndexExpr.variable("task");

    public Step {
        work = List.copyOf(work);
        body = List.copyOf(body);
    }

    /// A step that is no contraction.
    public Step(String name, Optional<Origin> origin, IndexExpr tasks, IndexExpr cost, List<Action> body) {
        this(name, origin, tasks, cost, List.of(), body, Optional.empty());
    }

    Step with(List<Action> other) {
        return new Step(name, origin, tasks, cost, work, other, group);
    }

    /// The same step for a group; one that has a group keeps it.
    Step of(Optional<Group> owner) {
        return group.isPresent() || owner.isEmpty() ? this : new Step(name, origin, tasks, cost, work, body, owner);
    }

    /// Every buffer this step reads or writes.
    public Set<Buffer> buffers() {
        var buffers = new LinkedHashSet<Buffer>();
        arguments(a -> {
            if (a instanceof Argument.Place(var buffer, _)) buffers.add(buffer);
        });
        return buffers;
    }

    /// Floats that each worker needs for itself.
    int scratch() {
        int[] most = {0};
        arguments(a -> {
            if (a instanceof Argument.Scratch(_, int floats)) most[0] = Math.max(most[0], floats);
        });
        return most[0];
    }

    public Set<KernelKey> keys() {
        var keys = new LinkedHashSet<KernelKey>();
        actions(body, a -> {
            if (a instanceof Action.Kernel(var key, _)) keys.add(key);
        });
        return keys;
    }

    /// Every integer expression of the step.
    public void expressions(Consumer<IndexExpr> visit) {
        tasks.walk(visit);
        cost.walk(visit);
        for (var factor : work) IndexExpr.size(factor).walk(visit);
        actions(body, a -> {
            switch (a) {
                case Action.Loop(_, var count, _) -> count.walk(visit);
                case Action.Let(_, var value) -> value.walk(visit);
                case Action.Choose(var value, _) -> value.walk(visit);
                case Action.Kernel _, Action.Move _ -> {}
            }
        });
        arguments(a -> {
            switch (a) {
                case Argument.Place(var buffer, var offset) -> {
                    offset.walk(visit);
                    place(buffer, visit);
                }
                case Argument.Int(var value) -> value.walk(visit);
                case Argument.Scratch(var offset, _) -> offset.walk(visit);
                case Argument.Real _, Argument.KeyWord _ -> {}
            }
        });
    }

    private static void place(Buffer buffer, Consumer<IndexExpr> visit) {
        if (buffer.shift().isEmpty()) {
            visit.accept(new IndexExpr.Offset(buffer));
            return;
        }
        var shift = buffer.shift().get();
        IndexExpr.size(shift.first()).walk(visit);
        IndexExpr.size(shift.stride()).walk(visit);
        shift.places().ifPresent(places -> IndexExpr.size(places).walk(visit));
        place(shift.of(), visit);
    }

    private void arguments(Consumer<Argument> visit) {
        actions(body, a -> {
            switch (a) {
                case Action.Kernel(_, var arguments) -> arguments.forEach(visit);
                case Action.Move(_, var arguments) -> arguments.forEach(visit);
                default -> {}
            }
        });
    }

    private static void actions(List<Action> body, Consumer<Action> visit) {
        for (var action : body) {
            visit.accept(action);
            switch (action) {
                case Action.Loop(_, _, var inner) -> actions(inner, visit);
                case Action.Choose(_, var cases) -> cases.values().forEach(c -> actions(c, visit));
                case Action.Let _, Action.Kernel _, Action.Move _ -> {}
            }
        }
    }

    public String print() {
        return "%s  tasks %s%s%n".formatted(name, tasks, origin.map(o -> "   // " + o).orElse("")) + body.stream().map(a -> a.print(1)).collect(Collectors.joining());
    }
}
