package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Put;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Where every value of an entry lies that is not gone inside a kernel.
/// @param loops for each loop where the values of its body lie
/// @param strips what is made strip by strip while a loop reads it
/// @param again where what a step of a loop makes is written a second time
/// @param late  new values of parameters that somebody may still read when they are made: they lie apart and are copied at the end
public record Layouts(Groups groups, Map<Value, Storage> storages, Map<Value, LoopLayout> loops, Map<Value, Strip> strips, Map<Value, Storage> again, Map<String, Storage> parameters, List<Output> late, int derivedSize) {
    private static final int FIRST = 12;

    public static Layouts of(Groups groups, WeightsLayout weights) {
        return new Builder(groups, weights, "", 0).build();
    }

    /// The values of a body that stands inside so many loops.
    /// @param prefix of the names of its buffers
    /// @param given  where its ports lie, and what it makes for the next step or the world outside
    /// @param again  where what it makes is written a second time
    static Layouts of(Groups body, WeightsLayout weights, String prefix, int depth, Map<Value, Storage> given, Map<Value, Storage> again) {
        return new Builder(body, weights, prefix, depth).body(given, again);
    }

    public Storage of(Value v) {
        var storage = storages.get(v);
        if (storage == null) throw new IllegalStateException("value %s (%s) of entry %s lies nowhere".formatted(v, v.op().spec().name(), groups.entry().name()));
        return storage;
    }

    public String dump() {
        return "entry " + groups.entry().name() + "\n" + places();
    }

    private String places() {
        var text = new StringBuilder();
        storages.entrySet().stream().sorted((a, b) -> Integer.compare(a.getKey().id(), b.getKey().id())).forEach(e -> text.append("  ").append(e.getKey()).append(" : ").append(e.getKey().type()).append(" at ").append(e.getValue()).append('\n'));
        loops.forEach((loop, layout) -> text.append("  in ").append(layout.body().groups.entry().name()).append('\n').append(layout.body().places().indent(2)));
        return text.toString();
    }

    /// Rows of fewer than 8 floats stay dense, so that a convolution reads a few channels of neighbouring pixels as one run; what tiles write has whole vectors.
    static boolean padsRows(Groups groups, Value v, Order order) {
        if (order.axes().isEmpty()) return false;
        var row = v.type().shape().get(order.last());
        return !row.isConstant() || row.toInt() >= 8 || groups.groups().stream().anyMatch(g -> g instanceof Group.Tiled t && t.result().equals(v));
    }

    private static final class Builder {
        private final Groups groups;
        private final WeightsLayout weights;
        private final String prefix;
        private final int depth;
        private final Map<Value, LoopLayout> loops = new LinkedHashMap<>();
        private final Map<Value, Storage> storages = new LinkedHashMap<>();
        /// Of loops inside of loops none: there a strip is made in every round of the outer one.
        private final Map<Value, Strip> strips;
        private final Map<Value, List<Halo>> halos;
        /// What windows of channels read.
        private final Set<Value> slidOn;
        private final Map<Value, Integer> lastReader = new HashMap<>();
        private int derived = FIRST;

        Builder(Groups groups, WeightsLayout weights, String prefix, int depth) {
            this.groups = groups;
            this.weights = weights;
            this.prefix = prefix;
            this.depth = depth;
            this.strips = depth == 0 ? Strip.of(groups) : Map.of();
            this.halos = Halos.of(groups);
            this.slidOn = groups.groups().stream().flatMap(g -> g instanceof Group.Tiled t && t.roles().isChannel() ? Stream.of(t.roles().a()) : Stream.empty()).collect(Collectors.toSet());
        }

        Layouts build() {
            for (int i = 0; i < groups.groups().size(); i++)
                for (var member : groups.groups().get(i).members()) for (var operand : member.op().operands()) lastReader.put(View.of(operand).base(), i);
            for (var v : groups.entry().live()) if (v.op() instanceof Param p) storages.put(v, weights.of(p.name()));
            for (int i = 0; i < groups.entry().inputs().size(); i++) input(groups.entry().inputs().get(i), i);
            var late = new java.util.ArrayList<Output>();
            var updates = updatesInPlace(late);
            storages.putAll(updates);
            outputs();
            written();
            return new Layouts(groups, storages, loops, strips, Map.of(), weights.storages(), late, derived + Storage.PANEL);
        }

        Layouts body(Map<Value, Storage> given, Map<Value, Storage> again) {
            storages.putAll(given);
            written();
            return new Layouts(groups, storages, loops, strips, again, weights.storages(), List.of(), 0);
        }

        /// What no group has been given a place for yet.
        private void written() {
            new Parts(groups, storages, halos).place(v -> place(v, false));
            for (var group : groups.groups())
                if (group instanceof Group.Looped l) {
                    var loop = new LoopPlacer(l, prefix + "v" + l.loop().loop().id() + ".", depth, groups, storages, strips, doors(l)).place(weights);
                    loops.put(l.loop().loop(), loop);
                    storages.putAll(loop.results());
                } else for (var v : group.writes()) if (!storages.containsKey(v)) storages.put(v, place(v, isKept(v)));
        }

        /// What depends on the weights alone and a call reads stays from call to call; what only makes such values lies in the arena.
        private boolean isKept(Value v) {
            if (!groups.prepared().contains(v)) return false;
            int last = lastReader.getOrDefault(v, -1);
            boolean inside = last >= 0 && groups.prepared().contains(groups.groups().get(last).members().getFirst());
            return !inside || groups.entry().outputs().stream().anyMatch(o -> View.of(o.value()).base().equals(v));
        }

        /// A float input that is only streamed is read where the caller has it; others are brought in with their halo.
        private void input(Value v, int door) {
            boolean direct = v.type().dtype() == DType.f32 && lies(v) && !v.type().shape().isEmpty() && readOnlyAsStream(v);
            storages.put(v, direct ? Storages.dense(v.type().shape(), new Buffer(((Input) v.op()).name(), Space.FLOATS_IN, Dim.ZERO, door)) : place(v, false));
        }

        /// What a kernel writes row-major, and nobody reads but as a stream, is written where the caller wants it.
        private void outputs() {
            var kernels = groups.groups().stream().filter(g -> g instanceof Group.Tiled || g instanceof Group.Transformed || g instanceof Group.Rows).flatMap(g -> g.writes().stream()).collect(Collectors.toSet());
            int door = 0;
            for (var output : groups.entry().outputs()) {
                if (output.role() == Output.Role.UPDATE) continue;
                var buffer = new Buffer(output.name(), Space.FLOATS_OUT, Dim.ZERO, door++);
                var v = output.value();
                boolean made = kernels.contains(v) && !groups.prepared().contains(v) && !storages.containsKey(v);
                if (made && v.type().dtype() == DType.f32 && lies(v) && readOnlyAsStream(v)) storages.put(v, Storages.dense(v.type().shape(), buffer));
            }
        }

        /// Results of a loop that nobody reads but the caller, once: where they lie in his array.
        private Map<Value, Storage> doors(Group.Looped loop) {
            var doors = new HashMap<Value, Storage>();
            if (depth > 0 || loop.loop().scan().stops()) return doors;
            for (var result : loop.loop().results()) {
                var outputs = groups.entry().outputs().stream().filter(o -> View.of(o.value()).base().equals(result)).toList();
                if (outputs.size() != 1 || outputs.getFirst().role() == Output.Role.UPDATE || lastReader.containsKey(result)) continue;
                var output = outputs.getFirst();
                var view = View.of(output.value());
                if (result.type().dtype() != DType.f32 || !view.isPermutation()) continue;
                int door = groups.entry().outputs().stream().filter(o -> o.role() != Output.Role.UPDATE).toList().indexOf(output);
                var dense = Storages.dense(output.value().type().shape(), new Buffer(output.name(), Space.FLOATS_OUT, Dim.ZERO, door));
                doors.put(result, Storages.before(view, dense));
            }
            return doors;
        }

        private boolean lies(Value v) {
            return groups.orders().getOrDefault(v, Order.logical(v.type().shape().size())).equals(Order.logical(v.type().shape().size())) && !halos.getOrDefault(v, List.of()).stream().anyMatch(h -> !h.isNone());
        }

        private boolean readOnlyAsStream(Value v) {
            return readOnlyAsStream(v, groups);
        }

        private static boolean readOnlyAsStream(Value v, Groups groups) {
            for (var group : groups.groups())
                switch (group) {
                    case Group.Tiled t -> {
                        if (t.roles().b().equals(v) || (t.roles().isChannel() && t.roles().a().equals(v)) || t.residual().filter(v::equals).isPresent() || t.bias().filter(v::equals).isPresent()) return false;
                    }
                    case Group.Transformed t -> {
                        if (t.op().u().equals(v) || t.residual().filter(v::equals).isPresent() || t.bias().filter(v::equals).isPresent()) return false;
                    }
                    case Group.Rows _ -> {}
                    case Group.Looped l -> {
                        for (int i = 0; i < l.body().entry().inputs().size(); i++)
                            if (View.of(l.loop().loop().op().operands().get(i)).base().equals(v) && !readOnlyAsStream(l.body().entry().inputs().get(i), l.body())) return false;
                    }
                    case Group.Filters _, Group.Windowed _, Group.Moved _ -> {
                        for (var operand : group.members().getFirst().op().operands()) if (View.of(operand).base().equals(v)) return false;
                    }
                }
            return true;
        }

        private Storage place(Value v, boolean kept) {
            var order = groups.orders().getOrDefault(v, Order.logical(v.type().shape().size()));
            Function<Dim, Buffer> buffer = size -> kept ? derived(v, size) : Buffer.arena(prefix + "v" + v.id(), size);
            if (order.panelled()) return Storages.panelled(v.type().shape(), order, buffer);
            var strip = strips.get(v);
            if (strip != null) return strip.room(v, order, padsRows(groups, v, order), buffer);
            var halo = halos.getOrDefault(v, Storages.none(v.type().shape().size()));
            boolean padded = padsRows(groups, v, order);
            return padded && slidOn.contains(v) ? Storages.spread(v.type().shape(), order, halo, buffer) : Storages.plain(v.type().shape(), order, halo, padded, buffer);
        }

        private Buffer derived(Value v, Dim size) {
            var buffer = new Buffer("d" + v.id(), Space.DERIVED, size, derived);
            derived = Math.addExact(derived, (size.toInt() + 15) / 16 * 16);
            return buffer;
        }

        /// A parameter takes its new value in place when nobody reads the old one later. What a loop gives lies where the loop wants it.
        private Map<Value, Storage> updatesInPlace(List<Output> late) {
            var writer = new HashMap<Value, Integer>();
            for (int i = 0; i < groups.groups().size(); i++) for (var v : groups.groups().get(i).writes()) writer.put(v, i);
            var params = new HashMap<String, Value>();
            for (var v : groups.entry().live()) if (v.op() instanceof Param p) params.put(p.name(), v);
            var updates = new HashMap<Value, Storage>();
            for (var output : groups.entry().outputs(Output.Role.UPDATE)) {
                var view = View.of(output.value());
                var old = params.get(output.name());
                var at = writer.get(view.base());
                boolean pointwise = at != null && groups.groups().get(at) instanceof Group.Rows r && r.reduction() == Group.Rows.Reduction.NONE;
                boolean over = pointwise || (view.base().op() instanceof Put put && put.table().equals(old) && !View.of(put.rows()).base().equals(old));
                boolean free = at != null && !(groups.groups().get(at) instanceof Group.Looped) && (old == null || lastReader.getOrDefault(old, -1) < at || (lastReader.get(old).equals(at) && over));
                boolean fits = view.isIdentity() && at != null && groups.orders().get(view.base()).equals(orderOf(output.name()));
                if (free && fits && !updates.containsKey(view.base())) updates.put(view.base(), weights.of(output.name()));
                else late.add(output);
            }
            return updates;
        }

        private Order orderOf(String parameter) {
            var storage = weights.of(parameter);
            return new Order(storage.order(), storage.panelled());
        }
    }
}
