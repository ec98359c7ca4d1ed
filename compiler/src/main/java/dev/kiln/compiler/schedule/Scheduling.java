package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.layout.Buffer;
import dev.kiln.compiler.layout.Layouts;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.layout.Storages;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/// What the schedulers of the forms share while they turn groups into steps.
final class Scheduling {
    final Layouts layouts;
    private final Optional<Scheduling> outside;
    private final int depth;
    private final List<Step> steps = new ArrayList<>();
    private final List<Region> regions = new ArrayList<>();
    /// In the body of a loop: what is the same in every step.
    private final Set<Buffer> fixed = new HashSet<>();
    /// The steps that make values in strips, by their numbers.
    private final Map<Value, Integer> inStrips = new HashMap<>();
    /// Copies that several steps read.
    private final Map<List<Object>, Storage> copies = new HashMap<>();
    /// Of values that are made in strips the strip behind the one that is read.
    private final Map<Value, Beside> following = new HashMap<>();
    /// In the body of a loop: what products make beside themselves.
    private final Map<Value, Beside> besides = new HashMap<>();
    /// Zeros around values whose inside is still to be written.
    private final Map<Buffer, List<Action>> borders = new HashMap<>();
    private final AtomicInteger temporaries;
    /// The contractions among the steps, in loops and outside.
    private final List<RowStrides.Layer> layers;
    /// Whose steps are added.
    private Optional<Group> group = Optional.empty();

    Scheduling(Layouts layouts) {
        this.layouts = layouts;
        this.outside = Optional.empty();
        this.depth = 0;
        this.layers = new ArrayList<>();
        this.temporaries = new AtomicInteger();
    }

    private Scheduling(Layouts layouts, Scheduling outside) {
        this.layouts = layouts;
        this.outside = Optional.of(outside);
        this.depth = outside.depth + 1;
        this.layers = outside.layers;
        this.temporaries = outside.temporaries;
    }

    /// The same for the body of a loop.
    Scheduling inside(Value loop, Layouts body) {
        var inside = new Scheduling(body, this);
        following.forEach((v, strips) -> {
            var strip = layouts.strips().get(v);
            if (strip.loop().equals(loop)) inside.besides.put(strip.beside().orElseThrow(), strips);
        });
        return inside;
    }

    List<Step> steps() {
        return steps;
    }

    List<Region> regions() {
        return regions;
    }

    List<RowStrides.Layer> layers() {
        return layers;
    }

    /// The steps that are added next belong to `owner`.
    void of(Optional<Group> owner) {
        group = owner;
    }

    /// The step that is added next makes `v` in strips.
    void inStrips(Value v) {
        inStrips.put(v, steps.size());
    }

    /// The next step makes `v` in strips, of which these may be made beside something else.
    void following(Value v, Beside strips) {
        following.put(v, strips);
    }

    /// What a product of this body makes beside itself.
    Optional<Beside> beside(Value product) {
        return Optional.ofNullable(besides.get(product));
    }

    /// The next step that touches `to` keeps zeros around what it writes there.
    void border(List<Dim> shape, Storage to) {
        if (to.hasHalo()) borders.put(to.buffer(), Borders.zeros(shape, to));
    }

    private Step owned(Step step) {
        var opened = step.of(group);
        for (var buffer : step.buffers()) opened = opened.opened(Optional.ofNullable(borders.remove(buffer)).orElse(List.of()));
        return opened;
    }

    void add(RowStrides.Layer layer) {
        var owned = new RowStrides.Layer(layer.work(), layer.steps().stream().map(this::owned).toList());
        layers.add(owned);
        owned.steps().forEach(this::add);
    }

    Storage storage(Value v) {
        return layouts.of(v);
    }

    /// Where a value is written a second time.
    Optional<Storage> again(Value v) {
        return Optional.ofNullable(layouts.again().get(v));
    }

    Optional<Origin> origin(Value v) {
        return layouts.groups().entry().graph().origin(v);
    }

    Buffer temporary(String purpose, Dim size) {
        return Buffer.arena(purpose + temporaries.getAndIncrement(), size);
    }

    /// `from` as a copy can read it at these indices: panels are walked from their first column on, one column after another. For any other reading they are laid out in rows first.
    Storage readable(String name, List<Dim> shape, Storage from, List<Term> at) {
        if (!from.panelled()) return from;
        var column = at.get(from.panelAxis());
        return column.offset() == 0 && (column.axis() < 0 || column.coefficient() == 1) ? from : unpacked(name, shape, from);
    }

    /// The same values in rows.
    Storage unpacked(String name, List<Dim> shape, Storage from) {
        if (!from.panelled()) return from;
        var rows = rows(shape, "unpacked");
        add(Copies.copy("unpack for " + name, Optional.empty(), shape, rows, Copies.identity(shape.size()), from, Copies.identity(shape.size())), rows, from);
        return rows;
    }

    /// What `copy` makes of a value, made once for all steps that want the same.
    Storage once(List<Object> what, Supplier<Storage> copy) {
        return copies.computeIfAbsent(what, _ -> copy.get());
    }

    /// Room for a value without panels or halo.
    Storage rows(List<Dim> shape, String purpose) {
        return Storages.plain(shape, Order.logical(shape.size()), Storages.none(shape.size()), true, size -> temporary(purpose, size));
    }

    void add(Step step) {
        var opened = owned(step);
        if (!step.tasks().isNumber(0) || !opened.opening().isEmpty()) steps.add(opened);
    }

    /// Adds a step that makes `to` of `from` alone: before the loop where that is the same in every step.
    void add(Step step, Storage to, Storage from) {
        if (fixed.contains(from.buffer())) {
            fixed.add(to.buffer());
            outside.orElseThrow().add(owned(step), to, from);
        } else add(step);
    }

    /// From here on the steps of this body find `buffer` as it is.
    void fix(Buffer buffer) {
        fixed.add(buffer);
    }

    boolean isFixed(Buffer buffer) {
        return fixed.contains(buffer);
    }

    /// Moves the steps from number `first` on to before the loop.
    void hoist(int first) {
        var moved = steps.subList(first, steps.size());
        for (var step : moved) fixed.addAll(step.buffers());
        moved.forEach(outside.orElseThrow()::add);
        moved.clear();
    }

    /// The steps of a body run `time` times, or until `stop` is not zero.
    /// @param loop whose steps these are
    void loop(String name, Value loop, Dim time, Optional<Buffer> stop, Scheduling body) {
        if (body.steps.isEmpty()) return;
        int first = steps.size();
        steps.addAll(body.steps);
        var strips = layouts.strips().entrySet().stream().filter(e -> e.getValue().loop().equals(loop) && inStrips.containsKey(e.getKey())).map(e -> new Region.Strips(inStrips.get(e.getKey()), e.getValue().every())).sorted(Comparator.comparingInt(Region.Strips::step)).toList();
        regions.add(new Region(name, origin(loop), first, steps.size(), IndexExpr.size(time), stop, depth, strips));
        body.regions.forEach(r -> regions.add(r.after(first)));
    }
}
