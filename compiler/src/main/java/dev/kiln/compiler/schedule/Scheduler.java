package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Chain;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Sources;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Layouts;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// Turns the groups of an entry into steps: what prepares the weights, the doors in, the groups in order, updates that had to wait, the doors out.
public final class Scheduler {
    public static Steps of(Layouts layouts) {
        return of(layouts, LineChains.LEAST);
    }

    /// @param least floats of an image from which on it is made a few lines at a time
    static Steps of(Layouts layouts, int least) {
        return new Scheduler(new Scheduling(layouts)).run(least);
    }

    private final Layouts layouts;
    private final Scheduling scheduling;

    Scheduler(Scheduling scheduling) {
        this.layouts = scheduling.layouts;
        this.scheduling = scheduling;
    }

    private Steps run(int least) {
        var groups = layouts.groups().groups();
        int prepared = 0;
        while (prepared < groups.size() && layouts.groups().prepared().contains(groups.get(prepared).members().getFirst())) group(groups.get(prepared++));
        int prepare = scheduling.steps().size();
        var entry = layouts.groups().entry();
        for (int i = 0; i < entry.inputs().size(); i++) {
            var input = entry.inputs().get(i);
            var storage = layouts.of(input);
            if (storage.buffer().space() != Space.ARENA) continue;
            scheduling.border(input.type().shape(), storage);
            var door = new Buffer(((Input) input.op()).name(), input.type().dtype() == DType.i32 ? Space.INTS_IN : Space.FLOATS_IN, Dim.ZERO, i);
            move("in " + door.name(), input.type().shape(), storage, Copies.identity(storage.strides().size()), Storages.dense(input.type().shape(), door), Copies.identity(storage.strides().size()));
        }
        var begins = new int[groups.size() + 1];
        var lines = LineChains.of(layouts, least);
        for (int i = prepared; i < groups.size(); i++) {
            begins[i] = scheduling.steps().size();
            var chain = lines.get(i);
            if (chain == null) {
                group(groups.get(i));
                continue;
            }
            scheduling.of(Optional.of(chain.last().group()));
            new LineScheduler(scheduling, chain, this::name).schedule();
            scheduling.of(Optional.empty());
            for (; i < chain.end() - 1; i++) begins[i + 1] = scheduling.steps().size();
        }
        begins[groups.size()] = scheduling.steps().size();
        for (var late : layouts.late()) {
            var view = View.of(late.value());
            var to = layouts.parameters().get(late.name());
            var name = "update " + late.name();
            move(name, late.value().type().shape(), to, Copies.identity(to.strides().size()), scheduling.readable(name, view.base().type().shape(), layouts.of(view.base()), view.dims()), view.dims());
        }
        int door = 0;
        for (var output : entry.outputs()) {
            if (output.role() == Output.Role.UPDATE) continue;
            var shape = output.value().type().shape();
            var view = View.of(output.value());
            var to = Storages.dense(shape, new Buffer(output.name(), output.value().type().dtype() == DType.i32 ? Space.INTS_OUT : Space.FLOATS_OUT, Dim.ZERO, door++));
            if (layouts.of(view.base()).buffer().equals(to.buffer())) continue;
            var name = "out " + output.name();
            move(name, shape, to, Copies.identity(shape.size()), scheduling.readable(name, view.base().type().shape(), layouts.of(view.base()), view.dims()), view.dims());
        }
        return new Steps(layouts.groups(), RowStrides.baked(scheduling.steps(), scheduling.layers()), scheduling.regions(), chain(begins, prepare), prepare, layouts.derivedSize());
    }

    private Optional<ChainSteps> chain(int[] begins, int firstStep) {
        var entry = layouts.groups().entry();
        var dim = Chain.dim(entry);
        if (dim.isEmpty()) return Optional.empty();
        var ranges = new ArrayList<ChainSteps.Range>();
        for (var chain : layouts.groups().chains()) {
            var writes = layouts.groups().groups().subList(chain.first(), chain.end()).stream().flatMap(g -> g.writes().stream());
            writes.filter(v -> bordersRows(v, dim.get())).findFirst().ifPresent(v -> {
                throw new IllegalStateException("zeros before or after the rows of %s, which a chain makes, would lie in the rows of its neighbours".formatted(v));
            });
            int first = chain.doors() ? firstStep : begins[chain.first()];
            if (begins[chain.end()] - first > 1) ranges.add(new ChainSteps.Range(first, begins[chain.end()]));
        }
        var rows = new HashMap<Buffer, Dim>();
        layouts.storages().forEach((v, storage) -> {
            int axis = Chain.axis(v, dim.get());
            if (axis >= 0) rows.put(storage.buffer(), storage.strides().get(axis));
        });
        return ranges.isEmpty() ? Optional.empty() : Optional.of(new ChainSteps(dim.get(), ranges, rows));
    }

    private boolean bordersRows(Value v, Dim dim) {
        int axis = Chain.axis(v, dim);
        return axis >= 0 && !layouts.of(v).halo().get(axis).isNone();
    }

    private void move(String name, List<Dim> shape, Storage to, List<View.Term> atTo, Storage from, List<View.Term> atFrom) {
        scheduling.add(Copies.copy(name, Optional.empty(), shape, to, atTo, from, atFrom));
    }

    /// A group of the body of a loop. What is the same in every step is done before the loop.
    void step(Group group) {
        int first = scheduling.steps().size();
        boolean fixed = isFixed(group);
        group(group);
        if (fixed) scheduling.hoist(first);
    }

    private boolean isFixed(Group group) {
        if (group instanceof Group.Looped || group.writes().stream().anyMatch(v -> layouts.of(v).buffer().shift().isPresent())) return false;
        return group.members().stream()
                .flatMap(member -> member.op().operands().stream())
                .map(operand -> View.of(operand).base())
                .filter(base -> !group.members().contains(base) && layouts.storages().containsKey(base))
                .allMatch(base -> scheduling.isFixed(layouts.of(base).buffer()));
    }

    private void group(Group group) {
        if (group.writes().stream().allMatch(Scheduler::isEmpty)) return;
        var name = name(group);
        scheduling.of(Optional.of(group));
        if (group instanceof Group.Tiled || group instanceof Group.Transformed || group instanceof Group.Rows)
            for (var v : group.writes()) scheduling.border(v.type().shape(), layouts.of(v));
        switch (group) {
            case Group.Tiled t -> new TileScheduler(scheduling, t, name).schedule();
            case Group.Transformed t -> new WinogradScheduler(scheduling, t, name).schedule();
            case Group.Filters f -> new FilterScheduler(scheduling).schedule(f, name);
            case Group.Rows r -> new RowsScheduler(scheduling, r, name).schedule();
            case Group.Windowed w -> new WindowScheduler(scheduling).schedule(w.result(), name);
            case Group.Moved m -> new MoveScheduler(scheduling).schedule(m.result(), name);
            case Group.Looped l -> new LoopScheduler(scheduling, l, name).schedule();
        }
        scheduling.of(Optional.empty());
    }

    private static boolean isEmpty(Value v) {
        return v.type().shape().stream().anyMatch(d -> d.is(0));
    }

    private String name(Group group) {
        var main = switch (group) {
            case Group.Tiled t -> t.anchor();
            case Group.Transformed t -> t.anchor();
            case Group.Looped l -> l.loop().loop();
            default -> group.writes().isEmpty() ? group.members().getLast() : group.writes().getFirst();
        };
        return main.op().spec().name() + " " + main + (Sources.inline(main) ? "" : layouts.groups().entry().graph().origin(main).filter(o -> !o.name().isEmpty()).map(o -> " " + o.name()).orElse(""));
    }
}
