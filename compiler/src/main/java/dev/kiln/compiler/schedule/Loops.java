package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.schedule.Action.Let;
import dev.kiln.compiler.schedule.Action.Loop;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Driver loops, outermost first, that become a step: the first `shared` of them are its tasks.
record Loops(List<Axis> axes, int shared) {
    record Axis(String variable, IndexExpr count) {
        IndexExpr at() {
            return IndexExpr.variable(variable);
        }
    }

    Loops(List<Axis> axes) {
        this(axes, 2);
    }

    Loops {
        axes = axes.stream().filter(a -> !a.count().isNumber(1)).toList();
    }

    /// The variable of an axis; zero where the axis has one place only.
    static IndexExpr at(Axis axis) {
        return axis.count().isNumber(1) ? IndexExpr.number(0) : axis.at();
    }

    /// @param cost nanoseconds of one run of `body`
    Step step(String name, Optional<Origin> origin, IndexExpr cost, List<Action> body) {
        return step(name, origin, cost, List.of(), body);
    }

    /// @param multiplyAdds of all runs, as factors
    Step step(String name, Optional<Origin> origin, IndexExpr cost, List<Dim> multiplyAdds, List<Action> body) {
        var inner = body;
        var work = cost;
        for (int i = axes.size() - 1; i >= shared; i--) {
            inner = List.of(new Loop(axes.get(i).variable(), axes.get(i).count(), inner));
            work = work.times(axes.get(i).count());
        }
        var all = new ArrayList<Action>();
        var tasks = IndexExpr.number(1);
        for (int i = Math.min(shared, axes.size()) - 1; i >= 0; i--) {
            var within = Step.TASK.quotient(tasks);
            all.addFirst(new Let(axes.get(i).variable(), i == 0 ? within : within.remainder(axes.get(i).count())));
            tasks = axes.get(i).count().times(tasks);
        }
        all.addAll(inner);
        return new Step(name, origin, tasks, work, multiplyAdds, List.of(), all, Optional.empty(), Optional.empty());
    }
}
