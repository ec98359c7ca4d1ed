package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.Roles;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.Halos;
import dev.kiln.compiler.layout.Layouts;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.schedule.LineChain.Member;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// Finds the groups of an entry that make images strip by strip: neighbours of which each reads lines of what the one before makes, and nobody else reads that; and what passes between them would not
/// stay in the cache as a whole.
final class LineChains {
    /// Floats of one image from which on it pays: a batch of them does not stay in the second cache, even where one would.
    static final int LEAST = 1 << 16;
    /// Weights that each line reads again beside a strip.
    private static final long WEIGHTS = 1 << 15;
    /// More than this does not stay in a cache even a line at a time.
    private static final int MOST = 1 << 17;
    /// Their tiles go into one method, whose code has a limit: a member takes a kilobyte of it and more.
    private static final int MEMBERS = 5;

    private final Layouts layouts;
    private final List<Group> groups;
    private final int least;
    private final Map<Value, Integer> reads = new HashMap<>();
    private final Set<Value> kept = new HashSet<>();

    private LineChains(Layouts layouts, int least) {
        this.layouts = layouts;
        this.groups = layouts.groups().groups();
        this.least = least;
        for (var group : groups)
            for (var member : group.members())
                for (var operand : member.op().operands()) {
                    var base = View.of(operand).base();
                    if (!group.members().contains(base)) reads.merge(base, 1, Integer::sum);
                }
        layouts.groups().entry().outputs().forEach(o -> kept.add(View.of(o.value()).base()));
        kept.addAll(layouts.groups().prepared());
    }

    /// The chains of an entry, by the number of their first group.
    /// @param least floats of an image that passes from one group to the next
    static Map<Integer, LineChain> of(Layouts layouts, int least) {
        var finder = new LineChains(layouts, least);
        var chains = new HashMap<Integer, LineChain>();
        for (int i = 0; i < finder.groups.size(); i++) {
            var chain = finder.from(i);
            if (chain.isEmpty()) continue;
            chains.put(i, chain.get());
            i = chain.get().end() - 1;
        }
        return chains;
    }

    /// The longest chain that begins with this group. Its lines are the outermost axis of its result, or the next one inside of images, that a reader slides over.
    private Optional<LineChain> from(int first) {
        if (!(groups.get(first) instanceof Group.Tiled group) || !belongs(group) || !passes(group)) return Optional.empty();
        var axes = places(group);
        for (int at = 0; at < Math.min(2, axes.size()); at++) {
            int image = at == 0 ? -1 : axes.getFirst();
            var chain = along(first, Member.first(group, image, axes.get(at)));
            if (chain.isPresent()) return chain;
        }
        return Optional.empty();
    }

    /// The axes of a contraction in the order in which its result has them, without those of one place.
    private List<Integer> places(Group.Tiled group) {
        var order = layouts.groups().orders().getOrDefault(group.result(), Order.logical(group.result().type().rank()));
        return order.axes().stream().map(group.roles().out()::get).filter(axis -> !group.roles().axes().get(axis).extent().is(1)).toList();
    }

    private Optional<LineChain> along(int first, Member start) {
        if (!goesBy(start)) return Optional.empty();
        var members = new ArrayList<>(List.of(start));
        for (int next = first + 1; next < groups.size() && members.size() < MEMBERS && groups.get(next) instanceof Group.Tiled group && belongs(group); next++) {
            var member = reader(members.getLast(), group);
            if (member.isEmpty()) break;
            members.add(member.get());
            if (!passes(group)) break;
        }
        while (!members.isEmpty() && !isWhole(new LineChain(first, members))) members.removeLast();
        boolean slides = members.stream().anyMatch(m -> m.window() > 1);
        return slides ? Optional.of(new LineChain(first, members)) : Optional.empty();
    }

    /// Whether a chain has its place among those of rows, and in the cache.
    private boolean isWhole(LineChain chain) {
        boolean crosses = layouts.groups().chains().stream().anyMatch(c -> c.first() < chain.end() && chain.first() < c.end() && !(c.first() <= chain.first() && chain.end() <= c.end()));
        return !crosses && chain.members().size() > 1 && chain.floats(lengths(chain, layouts), 1) <= MOST;
    }

    /// The floats of a line of what each member makes.
    static List<Integer> lengths(LineChain chain, Layouts layouts) {
        return chain.members().stream().limit(chain.members().size() - 1L).map(m -> layouts.of(m.group().result()).strides().get(m.dim()).toInt()).toList();
    }

    /// A contraction whose sizes are known, but for the number of images, that needs no more than a loop of tiles.
    private boolean belongs(Group.Tiled group) {
        var roles = group.roles();
        long weights = roles.b().type().shape().stream().mapToLong(d -> d.constant().orElse(WEIGHTS + 1)).reduce(1, (x, y) -> x * y);
        return roles.column() >= 0 && roles.reduces().size() <= 3 && weights <= WEIGHTS && !layouts.strips().containsKey(group.result())
                && !layouts.groups().prepared().contains(group.result()) && roles.axes().stream().noneMatch(axis -> axis.extent().is(0));
    }

    /// Whether what a group makes can lie in strips, and pays to.
    private boolean passes(Group.Tiled group) {
        var v = group.result();
        if (kept.contains(v) || reads.getOrDefault(v, 0) != 1) return false;
        var storage = layouts.of(v);
        boolean plain = storage.buffer().space() == Space.ARENA && storage.buffer().shift().isEmpty() && !storage.panelled() && storage.strides().get(group.roles().out().indexOf(group.roles().column())).is(1);
        return plain && size(group) >= least;
    }

    /// Floats of one image.
    private long size(Group.Tiled group) {
        return group.result().type().shape().stream().mapToLong(d -> d.constant().orElse(1)).reduce(1, (x, y) -> x * y);
    }

    /// Whether a contraction can be made line by line along an axis: it moves in the first operand alone, and so do images; all else is known.
    private static boolean goesBy(Member member) {
        var roles = member.roles();
        boolean moves = roles.rows().contains(member.line()) && (member.image() < 0 || roles.rows().contains(member.image()));
        return moves && IntStream.range(0, roles.axes().size()).allMatch(axis -> axis == member.image() || roles.axes().get(axis).extent().isConstant());
    }

    /// How a group reads the lines of the member before it.
    private Optional<Member> reader(Member from, Group.Tiled group) {
        var roles = group.roles();
        var v = from.group().result();
        if (!roles.a().equals(v)) return Optional.empty();
        var index = roles.ofA().dims().get(from.dim());
        int line = onlyRow(index, roles);
        if (line < 0 || index.axes().stream().anyMatch(axis -> axis != line && !roles.reduces().contains(axis))) return Optional.empty();
        int image = -1;
        if (from.image() >= 0) {
            image = onlyRow(roles.ofA().dims().get(from.roles().out().indexOf(from.image())), roles);
            if (image < 0 || !roles.ofA().dims().get(from.roles().out().indexOf(from.image())).isAxis() || !roles.axes().get(image).extent().equals(from.roles().axes().get(from.image()).extent())) return Optional.empty();
        }
        if (!isReadOnce(line, roles) || !liesAround(from, group) || !outermost(group, image, line)) return Optional.empty();
        int step = index.coefficient(line);
        var taps = index.plus(line, -step);
        int least = taps.least(roles.axes()).toInt();
        int window = taps.most(roles.axes()).toInt() - least + 1;
        var member = new Member(group, image, line, step, -least, window);
        return step >= 1 && window >= step && goesBy(member) ? Optional.of(member) : Optional.empty();
    }

    /// The one axis of the result among those of an index, -1 where there are more or none.
    private static int onlyRow(Affine index, Roles roles) {
        var rows = index.axes().stream().filter(roles.rows()::contains).toList();
        return rows.size() == 1 && index.divisor() == 1 ? rows.getFirst() : -1;
    }

    private static boolean isReadOnce(int axis, Roles roles) {
        return roles.ofA().dims().stream().filter(d -> d.coefficient(axis) != 0).count() == 1;
    }

    /// Lines lie one after another in the result, outside of them only images.
    private boolean outermost(Group.Tiled group, int image, int line) {
        var places = places(group);
        return image < 0 ? places.getFirst() == line : places.size() > 1 && places.get(0) == image && places.get(1) == line;
    }

    /// Whether a reader finds what it needs where the value lies, but for the lines, and none outside of images.
    private boolean liesAround(Member from, Group.Tiled reader) {
        var v = from.group().result();
        var storage = layouts.of(v);
        var around = Halos.of(v, reader.roles().ofA(), reader.roles().axes());
        boolean inLines = IntStream.range(0, around.size()).filter(d -> storage.order().indexOf(d) < storage.order().indexOf(from.dim())).allMatch(d -> storage.halo().get(d).isNone());
        boolean columns = !reader.roles().isChannel() || TileScheduler.hasColumns(v, storage, reader.roles().columnDimOfA());
        return storage.covers(around) && inLines && columns;
    }
}
