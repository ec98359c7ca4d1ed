package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.kernel.KernelKey;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Shift;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// One step of an entry: `tasks` independent runs of `body`, in which the variable `task` counts. Cut by shapes alone, never by the number of threads.
/// Whoever runs tasks `from..to` does `opening` before them; for any cut of `0..tasks` all of that together is the same.
/// @param cost estimated nanoseconds of one task
/// @param work the numbers whose product is how many multiply-adds a contraction takes in all tasks; empty for everything else
/// @param group whose values this step computes or brings where they are read; empty for doors and updates that wait
/// @param over  what it reads float by float just where it writes, so that it may write there
public record Step(String name, Optional<Origin> origin, IndexExpr tasks, IndexExpr cost, List<Dim> work, List<Action> opening, List<Action> body, Optional<Group> group, Optional<Over> over) {
    public static final IndexExpr TASK = IndexExpr.variable("task");
    /// In the opening: the first task of a run, the one behind its last, and how many the step has.
    public static final IndexExpr FROM = IndexExpr.variable("from");
    public static final IndexExpr TO = IndexExpr.variable("to");
    public static final IndexExpr TASKS = IndexExpr.variable("tasks");
    /// In a task that goes on strip by strip: how many it makes at most, see [dev.kiln.runtime.Frame#turns].
    public static final IndexExpr TURNS = IndexExpr.variable("turns");
    /// In a loop that stands in no other: how often it has run.
    public static final IndexExpr ITERATION = IndexExpr.variable(Shift.variable(0));

    /// Every float of `made` is made once, and of `read` only the float at the same place has been read before that.
    public record Over(Buffer read, Buffer made) {}

    public Step {
        work = List.copyOf(work);
        opening = List.copyOf(opening);
        body = List.copyOf(body);
    }

    /// A step that is no contraction.
    public Step(String name, Optional<Origin> origin, IndexExpr tasks, IndexExpr cost, List<Action> body) {
        this(name, origin, tasks, cost, List.of(), List.of(), body, Optional.empty(), Optional.empty());
    }

    Step with(List<Action> other) {
        return new Step(name, origin, tasks, cost, work, opening, other, group, over);
    }

    /// The same step with other multiply-adds.
    Step working(List<Dim> factors) {
        return new Step(name, origin, tasks, cost, factors, opening, body, group, over);
    }

    /// The same step with more to begin with.
    Step opened(List<Action> more) {
        return more.isEmpty() ? this : new Step(name, origin, tasks, cost, work, Stream.concat(opening.stream(), more.stream()).toList(), body, group, over);
    }

    /// The same step for a group; one that has a group keeps it.
    Step of(Optional<Group> owner) {
        return group.isPresent() || owner.isEmpty() ? this : new Step(name, origin, tasks, cost, work, opening, body, owner, over);
    }

    /// The same step where it may write over what it reads.
    Step over(Optional<Over> same) {
        return new Step(name, origin, tasks, cost, work, opening, body, group, same);
    }

    /// Every buffer this step reads or writes.
    public Set<Buffer> buffers() {
        var buffers = new LinkedHashSet<Buffer>();
        arguments(a -> {
            if (a instanceof Argument.Place(var buffer, _)) buffers.add(buffer);
        });
        return buffers;
    }

    /// Whether an expression of the step reads a variable.
    public boolean reads(IndexExpr variable) {
        boolean[] found = {false};
        expressions(e -> found[0] |= e.equals(variable));
        return found[0];
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
        kernels(k -> keys.add(k.key()));
        return keys;
    }

    /// Every call of a kernel.
    public void kernels(Consumer<Action.Kernel> visit) {
        actions(a -> {
            if (a instanceof Action.Kernel kernel) visit.accept(kernel);
        });
    }

    /// Every integer expression of the step.
    public void expressions(Consumer<IndexExpr> visit) {
        tasks.walk(visit);
        cost.walk(visit);
        for (var factor : work) IndexExpr.size(factor).walk(visit);
        actions(a -> {
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
        actions(a -> {
            switch (a) {
                case Action.Kernel(_, var arguments) -> arguments.forEach(visit);
                case Action.Move(_, var arguments) -> arguments.forEach(visit);
                default -> {}
            }
        });
    }

    private void actions(Consumer<Action> visit) {
        actions(opening, visit);
        actions(body, visit);
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
        return "%s  tasks %s%s%n".formatted(name, tasks, origin.map(o -> "   // " + o).orElse("")) + opening.stream().map(a -> "  open" + a.print(1).substring(1)).collect(Collectors.joining()) + body.stream().map(a -> a.print(1)).collect(Collectors.joining());
    }
}
