package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.op.WinogradFilter;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// Decides what runs together. Contractions take their bias, residual and activation; pointwise operators and reductions over one space become one `Rows` group;
/// whatever a reader can absorb as an index (a permutation, a broadcast, a slice) is no group at all.
public final class Grouper {
    /// The least and the greatest number of a group.
    private record Span(int first, int last) {}

    private final Entry entry;
    private final Graph graph;
    private final List<Value> live;
    private final java.util.Map<Value, List<Value>> users;
    /// Who reads each value, through movements that no group stands for.
    private final java.util.Map<Value, Set<Value>> readers = new HashMap<>();
    private final Set<Value> roots;
    private final Orders orders;
    private final java.util.Map<Value, Group> fixed = new HashMap<>();
    private final java.util.Map<Value, Cluster> clusters = new HashMap<>();
    private final Set<Cluster> alive = new LinkedHashSet<>();
    private final List<Span> spans = new ArrayList<>();
    private final Set<Value> prepared;
    private final Refusals refusals = new Refusals();
    private final Budget budget;
    /// The first cluster that sums columns of a value in memory.
    private final java.util.Map<Value, Summing> summing = new HashMap<>();

    /// A cluster, and the axes that the dims of what it reads are there.
    private record Summing(Cluster cluster, List<Integer> at) {}

    /// The groups of an entry.
    /// @param given the orders that are settled already
    public static Groups of(Entry original, Given given) {
        return new Grouper(Legal.of(original, given), given).run();
    }

    private Grouper(Entry entry, Given given) {
        this.entry = entry;
        this.graph = entry.graph();
        this.live = entry.live();
        this.users = graph.users(entry.roots());
        this.roots = entry.roots().stream().map(v -> View.of(v).base()).collect(Collectors.toSet());
        this.orders = Orders.of(entry, given);
        this.budget = new Budget(roots, readers);
        this.prepared = entry.outputs(Output.Role.UPDATE).isEmpty() && given.loop().isEmpty() ? orders.weightsOnly() : Set.of();
    }

    private Groups run() {
        for (var v : live) if (!fixed.containsKey(v)) anchor(v);
        for (var v : live)
            if (isComputed(v)) for (var operand : v.op().operands()) readers.computeIfAbsent(View.of(operand).base(), _ -> new HashSet<>()).add(v);
        for (var v : live) if (isMember(v) && !fixed.containsKey(v)) cluster(v);
        new HashSet<>(clusters.values()).stream().filter(c -> c.reduction() == Group.Rows.Reduction.COLUMNS).sorted(Comparator.comparingInt(Cluster::first)).forEach(this::siblings);
        materialise();
        var groups = groups();
        var places = new HashMap<Value, Order>();
        for (var v : live) places.put(v, orders.of(v));
        return new Groups(entry, groups, places, prepared, refusals.boundaries(groups), Chain.of(entry, groups, places, prepared));
    }

    private static boolean isMember(Value v) {
        return v.op() instanceof Map || v.op() instanceof Cast || Reductions.axes(v).isPresent();
    }

    /// Whether a value is made at all, and not only seen through.
    private boolean isComputed(Value v) {
        return fixed.containsKey(v) || View.of(v).base().equals(v);
    }

    // Anchors

    private void anchor(Value v) {
        switch (v.op()) {
            case Contract _ -> {
                var roles = orders.roles(v);
                inMemory(roles.a());
                inMemory(roles.b());
                tile(v, roles);
            }
            case Winograd winograd -> {
                v.op().operands().forEach(this::inMemory);
                var chain = chain(v, winograd.out().get(1));
                refusals.ends(chain.result(), chain.end());
                fix(new Group.Transformed(v, chain.bias(), chain.residual(), chain.act(), chain.result(), chain.members()));
            }
            case WinogradFilter _ -> {
                v.op().operands().forEach(this::inMemory);
                fix(new Group.Filters(v));
            }
            case WindowMax _, WindowMaxGrad _ -> {
                v.op().operands().forEach(this::inMemory);
                fix(new Group.Windowed(v));
            }
            case BodyLoop _ -> {
                var loop = LoopBody.of(v, live);
                fix(new Group.Looped(loop, Grouper.of(loop.entry(), orders.given(loop))));
            }
            default -> {
                if (isMember(v) || Sources.inMemory(v) || Sources.inline(v) || View.of(v).base().id() != v.id()) return;
                if (!Movements.copies(v)) throw NoKernel.of(graph, v);
                fix(new Group.Moved(v));
            }
        }
    }

    /// What a tile or a window reads as it stands is copied if it is only a way to see another value.
    private void inMemory(Value operand) {
        if (!View.of(operand).base().equals(operand)) fix(new Group.Moved(operand));
    }

    private void tile(Value v, Roles roles) {
        var chain = roles.gathers() ? TileChain.none(v) : chain(v, roles.out().indexOf(roles.column()));
        refusals.ends(chain.result(), chain.end());
        fix(new Group.Tiled(v, roles, chain.bias(), chain.residual(), chain.act(), chain.result(), chain.members()));
    }

    private TileChain chain(Value v, int column) {
        return TileChain.of(v, column, orders, this::onlyUser, prepared);
    }

    private Optional<Value> onlyUser(Value v) {
        var all = users.getOrDefault(v, List.of());
        return all.size() == 1 && !roots.contains(v) ? Optional.of(all.getFirst()) : Optional.empty();
    }

    private void fix(Group group) {
        for (var member : group.members()) fixed.put(member, group);
        var ids = group.members().stream().mapToInt(Value::id).summaryStatistics();
        if (ids.getMin() < ids.getMax()) spans.add(new Span(ids.getMin(), ids.getMax()));
    }

    // Clusters

    private void cluster(Value v) {
        var reads = View.ofOperands(v);
        var shape = Reductions.axes(v).isPresent() ? v.op().operands().getFirst().type().shape() : v.type().shape();
        Cluster home = null;
        var candidates = new LinkedHashSet<Cluster>();
        for (var read : reads) if (clusters.containsKey(read.base())) candidates.add(clusters.get(read.base()));
        for (var candidate : candidates) {
            var at = candidate.axesOfReader(shape, reads);
            var refusal = refusal(v, candidate, reads, at);
            if (refusal.isPresent()) {
                refusals.add(v, reads, candidate, refusal.get());
                continue;
            }
            var place = candidate.place(v, at.orElseThrow()).orElseThrow();
            if (home == null) {
                candidate.add(v, at.get(), place);
                home = candidate;
                clusters.put(v, home);
                if (orders.settled(v).isEmpty()) settle(v, home, place);
            } else {
                join(home, candidate, v, reads, at.get());
            }
        }
        if (home == null) {
            home = Cluster.of(v, shape, Reductions.axes(v).isPresent() ? orderToReduce(v, shape) : orders.of(v));
            clusters.put(v, home);
            alive.add(home);
        } else {
            final var found = home;
            for (var candidate : candidates) if (candidate != found && clusters.containsValue(candidate)) joinAround(found, candidate, reads, v);
        }
    }

    /// Why `v` is not computed in a cluster that makes what it reads.
    private Optional<Apart> refusal(Value v, Cluster candidate, List<View> reads, Optional<List<Integer>> at) {
        if (prepared.contains(v) != isPrepared(candidate)) return Optional.of(Apart.PREPARED);
        if (at.isEmpty()) return Optional.of(reads.stream().filter(r -> candidate.contains(r.base())).map(r -> unreadable(candidate, r)).flatMap(Optional::stream).findFirst().orElse(Apart.OTHER_AXES));
        if (!orderAgrees(v, candidate, at.get())) return Optional.of(Apart.OTHER_AXES);
        return budget.beyond(candidate, Set.of(v))
                .or(() -> loops(candidate, v) ? Optional.of(Apart.BETWEEN) : Optional.empty())
                .or(() -> candidate.place(v, at.get()).isEmpty() ? Optional.of(Apart.REDUCES_OTHERWISE) : Optional.empty());
    }

    private static Optional<Apart> unreadable(Cluster owner, View read) {
        return !owner.readable(read.base()) ? Optional.of(Apart.COLUMN_SUM) : !read.isPlain() ? Optional.of(Apart.MOVED) : Optional.empty();
    }

    private boolean isPrepared(Cluster cluster) {
        return prepared.contains(cluster.axes.keySet().iterator().next());
    }

    private void joinAround(Cluster home, Cluster other, List<View> reads, Value v) {
        var shape = Reductions.axes(v).isPresent() ? v.op().operands().getFirst().type().shape() : v.type().shape();
        home.axesOfReader(shape, reads).ifPresent(at -> join(home, other, v, reads, at));
    }

    private void join(Cluster home, Cluster other, Value v, List<View> reads, List<Integer> at) {
        if (other == home || isPrepared(other) != isPrepared(home)) return;
        for (var read : reads) {
            if (!other.contains(read.base())) continue;
            var full = read.dims().stream().map(t -> t.axis() < 0 ? -1 : at.get(t.axis())).toList();
            boolean whole = unreadable(other, read).isEmpty() && !(full.contains(-1) && full.size() == home.space.size());
            var names = whole ? home.renaming(other, other.axes.get(read.base()), full) : Optional.<int[]>empty();
            var refusal = names.isEmpty() ? Optional.of(unreadable(other, read).orElse(Apart.OTHER_AXES)) : refusal(home, other, names.get());
            if (refusal.isPresent()) {
                refusals.add(v, reads, other, refusal.get());
                continue;
            }
            home.absorb(other, names.get());
            for (var member : other.axes.keySet()) clusters.put(member, home);
            alive.remove(other);
            return;
        }
    }

    /// Why two clusters are not one.
    /// @param names how the axes of `other` are called in `home`
    private Optional<Apart> refusal(Cluster home, Cluster other, int[] names) {
        if (!home.agrees(other, names)) return Optional.of(Apart.OTHER_AXES);
        return budget.beyond(home, other.axes.keySet()).or(() -> loops(home, other) ? Optional.of(Apart.BETWEEN) : Optional.empty());
    }

    /// What is read from memory is swept once for all sums over its columns, as far as they do not wait for each other.
    private void siblings(Cluster cluster) {
        for (var member : List.copyOf(cluster.axes.keySet()))
            for (var read : View.ofOperands(member)) {
                var from = cluster.outside(member, read);
                if (from.isEmpty()) continue;
                var earlier = summing.putIfAbsent(read.base(), new Summing(cluster, from.get()));
                if (earlier == null || earlier.cluster == cluster) continue;
                var home = earlier.cluster;
                var names = home.renaming(cluster, from.get(), earlier.at);
                if (names.isEmpty() || !home.sumsWith(cluster, names.get()) || prepared.contains(member) != isPrepared(home)) continue;
                if (refusal(home, cluster, names.get()).isPresent()) continue;
                home.absorb(cluster, names.get());
                cluster.axes.keySet().forEach(v -> clusters.put(v, home));
                alive.remove(cluster);
                summing.replaceAll((_, s) -> s.cluster == cluster ? new Summing(home, s.at.stream().map(a -> a < 0 ? a : names.get()[a]).toList()) : s);
                return;
            }
    }

    /// The order of the operand; but where its last axis is reduced together with others, one that is kept comes last.
    private Order orderToReduce(Value reduction, List<Dim> shape) {
        var axes = new ArrayList<>(orderOfOperand(reduction).axes());
        var matter = axes.stream().filter(a -> !shape.get(a).is(1)).toList();
        var reduced = Reductions.axes(reduction).orElseThrow().stream().filter(matter::contains).toList();
        if (reduced.size() > 1 && reduced.contains(matter.getLast()))
            matter.reversed().stream().filter(a -> !reduced.contains(a)).findFirst().ifPresent(kept -> {
                axes.remove((Object) kept);
                axes.add(kept);
            });
        return new Order(axes, false);
    }

    private Order orderOfOperand(Value reduction) {
        var view = View.of(reduction.op().operands().getFirst());
        return view.isIdentity() ? orders.of(view.base()) : Order.logical(reduction.op().operands().getFirst().type().shape().size());
    }

    private boolean orderAgrees(Value v, Cluster cluster, List<Integer> at) {
        if (Reductions.axes(v).isPresent() || !cluster.isFull(at)) return true;
        var settled = orders.settled(v);
        if (settled.isEmpty()) return true;
        return settled.get().panelled() == cluster.order.panelled() && settled.get().axes().stream().map(at::get).filter(a -> a >= 0).toList().equals(cluster.order.axes().stream().filter(at::contains).toList());
    }

    private void settle(Value v, Cluster cluster, List<Integer> at) {
        var dims = new ArrayList<Integer>();
        for (int d = 0; d < at.size(); d++) if (at.get(d) < 0) dims.add(d);
        for (int axis : cluster.order.axes()) if (at.contains(axis)) dims.add(at.indexOf(axis));
        orders.settle(v, new Order(dims, cluster.order.panelled() && dims.size() == cluster.order.axes().size()));
    }

    /// Would `v` in `cluster` depend on the cluster through somebody outside?
    private boolean loops(Cluster cluster, Value v) {
        return reaches(View.ofOperands(v).stream().map(View::base).filter(o -> !cluster.contains(o)).toList(), Set.of(cluster));
    }

    private boolean loops(Cluster a, Cluster b) {
        var outside = new ArrayList<Value>();
        for (var cluster : List.of(a, b))
            for (var member : cluster.axes.keySet())
                for (var read : View.ofOperands(member)) if (!a.contains(read.base()) && !b.contains(read.base())) outside.add(read.base());
        return reaches(outside, Set.of(a, b));
    }

    private boolean reaches(List<Value> from, Set<Cluster> targets) {
        int least = horizon(targets.stream().mapToInt(Cluster::first).min().orElse(0));
        var seen = new HashSet<Value>();
        var open = new ArrayDeque<>(from);
        while (!open.isEmpty()) {
            var v = open.poll();
            if (!seen.add(v)) continue;
            var cluster = clusters.get(v);
            if (cluster != null && targets.contains(cluster)) return true;
            var together = cluster != null ? cluster.axes.keySet() : fixed.containsKey(v) ? new HashSet<>(fixed.get(v).members()) : Set.of(v);
            if (together.stream().mapToInt(Value::id).max().orElse(0) < least) continue;
            for (var member : together) open.addAll(member.op().operands());
        }
        return false;
    }

    /// A number that no group spans: what lies wholly below it depends on nothing above it.
    private int horizon(int least) {
        for (boolean lower = true; lower; ) {
            lower = false;
            for (var cluster : alive)
                if (cluster.first() < least && cluster.last() >= least) {
                    least = cluster.first();
                    lower = true;
                }
            for (var span : spans)
                if (span.first() < least && span.last() >= least) {
                    least = span.first();
                    lower = true;
                }
        }
        return least;
    }

    // Order and what lies in memory

    /// Sources that somebody needs in memory get a group of their own.
    private void materialise() {
        for (var v : live) {
            if (!Sources.inline(v)) continue;
            boolean needed = roots.contains(v);
            for (var reader : readers.getOrDefault(v, Set.of())) needed |= loads(reader);
            if (needed) clusters.put(v, Cluster.of(v, v.type().shape(), orders.of(v)));
        }
    }

    /// Does the group of `reader`, if it is none of rows, read its sources from memory? What ends a tile is part of its form.
    private boolean loads(Value reader) {
        return switch (fixed.get(reader)) {
            case null -> false;
            case Group.Tiled t -> reader.equals(t.anchor());
            case Group.Transformed t -> reader.equals(t.anchor());
            case Group.Filters _, Group.Windowed _, Group.Moved _, Group.Looped _ -> true;
            case Group.Rows _ -> false;
        };
    }

    private List<Group> groups() {
        var all = new LinkedHashSet<Group>();
        var seen = new HashSet<Cluster>();
        for (var v : live) {
            if (fixed.containsKey(v)) all.add(fixed.get(v));
            var cluster = clusters.get(v);
            if (cluster != null && seen.add(cluster)) {
                var members = cluster.axes.keySet().stream().sorted((a, b) -> Integer.compare(a.id(), b.id())).toList();
                var group = new Group.Rows(members, cluster.space, cluster.order, java.util.Map.copyOf(cluster.axes), java.util.Map.copyOf(cluster.before), cluster.reduction(), writes(members));
                var parts = Fitting.of(group);
                if (parts.size() > 1) Fitting.beyond(group).ifPresent(apart -> members.forEach(member -> refusals.add(member, View.ofOperands(member), cluster, apart)));
                all.addAll(parts);
            }
        }
        return Sequence.of(entry, List.copyOf(all), prepared);
    }

    private List<Value> writes(List<Value> members) {
        var inside = Set.copyOf(members);
        return members.stream().filter(v -> roots.contains(v) || !inside.containsAll(readers.getOrDefault(v, Set.of()))).toList();
    }
}
