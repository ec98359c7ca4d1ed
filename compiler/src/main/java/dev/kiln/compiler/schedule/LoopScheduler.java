package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.LoopLayout;
import dev.kiln.compiler.layout.Storage;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// Schedules a loop: what its steps cannot read where it lies is brought, the states begin, then the steps of its body are a region.
final class LoopScheduler {
    private final Scheduling scheduling;
    private final Group.Looped group;
    private final String name;
    private final LoopLayout layout;

    LoopScheduler(Scheduling scheduling, Group.Looped group, String name) {
        this.scheduling = scheduling;
        this.group = group;
        this.name = name;
        this.layout = scheduling.layouts.loops().get(group.loop().loop());
    }

    void schedule() {
        var scan = group.loop().scan();
        for (var b : layout.brought()) copy("bring for " + name, b.operand(), b.to(), step -> scheduling.add(step, b.to(), scheduling.storage(View.of(b.operand()).base())));
        for (int i = 0; i < layout.states().size(); i++) copy("begin " + name, scan.init().get(i), layout.states().get(i), scheduling::add);
        for (var to : layout.cleared()) scheduling.add(MoveScheduler.zeroed(name, origin(), to));
        var inside = scheduling.inside(group.loop().loop(), layout.body());
        var ports = layout.body().groups().entry().inputs();
        ports.subList(scan.init().size() + scan.xs().size(), ports.size()).forEach(port -> inside.fix(layout.body().of(port).buffer()));
        var scheduler = new Scheduler(inside);
        layout.body().groups().groups().forEach(scheduler::step);
        for (var late : layout.late()) {
            var view = View.of(late.end());
            inside.add(Copies.copy("end of " + name, inside.origin(late.end()), late.end().type().shape(), late.to(), Copies.identity(view.rank()), inside.storage(view.base()), view.dims()));
        }
        scheduling.loop(name, group.loop().loop(), scan.time(), layout.stop(), inside);
        for (var e : layout.endings()) {
            if (e.to().hasHalo()) scheduling.add(MoveScheduler.zeroed("last of " + name, origin(), e.to()));
            var every = Copies.identity(e.type().rank());
            scheduling.add(Copies.copy("last of " + name, origin(), e.type().shape(), e.to(), every, e.now(), every));
        }
    }

    private Optional<Origin> origin() {
        return scheduling.origin(group.loop().loop());
    }

    /// @param add a state begins anew whenever the loop does, also where it begins with the same
    private void copy(String what, Value operand, Storage to, Consumer<Step> add) {
        var view = View.of(operand);
        var from = scheduling.storage(view.base());
        var origin = scheduling.origin(operand);
        scheduling.border(operand.type().shape(), to);
        add.accept(Copies.copy(what, origin, operand.type().shape(), to, Copies.identity(view.rank()), from, view.dims()));
    }
}
