package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.schedule.Action.Let;
import dev.kiln.compiler.schedule.Action.Loop;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Driver loops, outermost first, that become a step: the first two are its tasks.
record Loops(List<Axis> axes) {
    record Axis(String variable, IndexExpr count) {
        IndexExpr at() {
            return IndexExpr.variable(variable);
        }
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
        for (int i = axes.size() - 1; i >= 2; i--) {
            inner = List.of(new Loop(axes.get(i).variable(), axes.get(i).count(), inner));
            work = work.times(axes.get(i).count());
        }
        var all = new ArrayList<Action>();
        var tasks = IndexExpr.number(1);
        if (axes.size() == 1) {
            tasks = axes.getFirst().count();
            all.add(new Let(axes.getFirst().variable(), Step.TASK));
        } else if (axes.size() > 1) {
            var second = axes.get(1).count();
            tasks = axes.getFirst().count().times(second);
            all.add(new Let(axes.getFirst().variable(), Step.TASK.quotient(second)));
            all.add(new Let(axes.get(1).variable(), Step.TASK.remainder(second)));
        }
        all.addAll(inner);
        return new Step(name, origin, tasks, work, multiplyAdds, all, Optional.empty());
    }
}
