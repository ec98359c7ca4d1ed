package dev.kiln.compiler.layout;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Groups;
import dev.kiln.compiler.group.LoopBody;
import dev.kiln.compiler.group.Order;
import dev.kiln.compiler.group.View;
import dev.kiln.compiler.layout.LoopLayout.Brought;
import dev.kiln.compiler.layout.LoopLayout.Ending;
import dev.kiln.compiler.layout.LoopLayout.Late;
import dev.kiln.compiler.layout.Storage.Halo;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Places the values of a loop. Steps read rows of what they are given and write rows of what they give: nothing is cut out or put together. A state has two places that
/// take turns; where it is an output too, its places are the rows of that output and one more, which holds the initial state. What only the caller reads of it, in an order of his own, a step writes
/// twice: for the next step and where the caller wants it.
/// How often a loop that stops runs is known when it has: its states always take turns, and the last of each is copied behind it.
final class LoopPlacer {
    /// Floats of the widest vector.
    private static final int VECTOR = 16;

    private final LoopBody loop;
    private final BodyLoop scan;
    private final Groups body;
    private final String prefix;
    private final int depth;
    private final Groups outside;
    private final Map<Value, Storage> storages;
    private final Map<Value, Strip> strips;
    private final Map<Value, Storage> doors;
    private final Map<Value, List<Halo>> halos;
    /// Where ports lie, and what a step makes right where it belongs.
    private final Map<Value, Storage> given = new HashMap<>();
    private final List<Storage> states = new ArrayList<>();
    private final List<Brought> brought = new ArrayList<>();
    private final List<Late> late = new ArrayList<>();
    private final List<Storage> cleared = new ArrayList<>();
    private final List<Ending> endings = new ArrayList<>();
    private final Map<Value, Storage> results = new HashMap<>();
    /// What a step writes a second time.
    private final Map<Value, Storage> again = new HashMap<>();

    /// @param prefix   of the names of buffers
    /// @param depth    the number of loops around this one
    /// @param storages what lies outside of it
    /// @param strips   what is made outside of it in strips
    /// @param doors    where results that nobody but the caller reads lie in his arrays
    LoopPlacer(Group.Looped group, String prefix, int depth, Groups outside, Map<Value, Storage> storages, Map<Value, Strip> strips, Map<Value, Storage> doors) {
        this.loop = group.loop();
        this.scan = loop.scan();
        this.body = group.body();
        this.prefix = prefix;
        this.depth = depth;
        this.outside = outside;
        this.storages = storages;
        this.strips = strips;
        this.doors = doors;
        this.halos = Halos.of(body);
    }

    LoopLayout place(WeightsLayout weights) {
        for (int i = 0; i < scan.init().size(); i++) state(i);
        for (var result : loop.results()) if (!results.containsKey(result)) output(result);
        int port = scan.init().size();
        for (var x : scan.xs()) step(x, body.entry().inputs().get(port++));
        for (var c : scan.constants()) constant(c, body.entry().inputs().get(port++));
        var stop = scan.stops() ? Optional.of(stop()) : Optional.<Buffer>empty();
        return new LoopLayout(Layouts.of(body, weights, prefix, depth + 1, given, again), states, brought, late, cleared, endings, stop, results);
    }

    private Buffer stop() {
        var flag = Storages.plain(List.of(), Order.logical(0), List.of(), false, size -> Buffer.arena(prefix + "stop", size));
        late.add(new Late(end(loop.stop()), flag));
        return flag.buffer();
    }

    // States and outputs

    private void state(int i) {
        var port = body.entry().inputs().get(i);
        var end = end(i);
        var order = order(port).plain();
        var made = made(end, order);
        var door = made.flatMap(this::atDoor);
        door.ifPresent(r -> {
            again.put(made.get(), row(doors.get(r), "row" + r.id()));
            results.put(r, doors.get(r));
        });
        var kept = loop.results().stream().filter(r -> !results.containsKey(r) && !scan.stops() && loop.isStacked(r) && outside.orders().get(r).equals(order.stacked()) && (isMade(made, end(loop.end(r))) || isPort(port, end(loop.end(r))))).toList();
        var shape = new ArrayList<>(List.of(kept.isEmpty() ? Dim.of(2) : scan.time().plus(1)));
        shape.addAll(port.type().shape());
        var whole = Storages.plain(shape, order.stacked(), stacked(join(halo(port), made.map(this::halo))), Layouts.padsRows(body, made.orElse(port), order), size -> Buffer.arena(prefix + "state" + i, size));
        var slot = whole.strides().getFirst();
        boolean turns = kept.isEmpty();
        boolean back = scan.reverse() && !turns;
        var first = back ? slot.times(scan.time()) : Dim.ZERO;
        var stride = back ? slot.times(-1) : slot;
        given.put(port, moving(whole, "now" + i, first, stride, turns));
        var next = moving(whole, "next" + i, first.plus(stride), turns ? stride.times(-1) : stride, turns);
        if (made.isPresent()) given.put(made.get(), next);
        else late.add(new Late(end, next));
        states.add(at(whole, back ? scan.time() : Dim.ZERO));
        var last = turns ? scan.time().mod(Dim.of(2)) : scan.reverse() ? Dim.ZERO : scan.time();
        for (var r : loop.results()) if (loop.end(r) == i) results.put(r, scan.stops() ? ending(r, given.get(port)) : at(whole, last));
        for (var r : kept) results.put(r, Storages.from(whole, isMade(made, end(loop.end(r))) == scan.reverse() ? Dim.ZERO : Dim.ONE));
    }

    /// The result that nobody but the caller reads and whose rows are what a step makes, if that kernel may write whole vectors there, too: it must not write beyond a row of the caller's.
    private Optional<Value> atDoor(Value made) {
        boolean pointwise = body.groups().stream().anyMatch(g -> g instanceof Group.Rows rows && rows.reduction() == Group.Rows.Reduction.NONE && rows.writes().contains(made));
        var row = made.type().shape().isEmpty() ? Dim.ONE : made.type().shape().getLast();
        boolean whole = order(made).equals(Order.logical(made.type().rank())) && row.isConstant() && row.toInt() % VECTOR == 0;
        return pointwise && whole ? loop.results().stream().filter(r -> doors.containsKey(r) && loop.isStacked(r) && isPort(made, end(loop.end(r)))).findFirst() : Optional.empty();
    }

    private Storage ending(Value result, Storage now) {
        var order = new Order(now.order(), false);
        var to = Storages.plain(result.type().shape(), order, now.halo(), Layouts.padsRows(outside, result, order), size -> Buffer.arena(prefix + "last" + result.id(), size));
        endings.add(new Ending(result.type(), now, to));
        return to;
    }

    private void output(Value result) {
        var end = end(loop.end(result));
        var order = outside.orders().get(result).plain();
        boolean timeFirst = order.axes().getFirst() == 0;
        var inside = order.step();
        var made = timeFirst ? made(end, inside) : Optional.<Value>empty();
        var shape = result.type().shape();
        var halo = made.map(this::halo).orElse(Storages.none(shape.size() - 1));
        var whole = Storages.plain(shape, order, stacked(halo), Layouts.padsRows(body, made.orElse(end), inside), size -> Buffer.arena(prefix + "output" + result.id(), size));
        results.put(result, whole);
        if (scan.stops()) cleared.add(whole);
        var row = row(whole, "row" + result.id());
        if (made.isPresent()) given.put(made.get(), row);
        else late.add(new Late(end, row));
    }

    private Value end(int i) {
        return body.entry().outputs().get(i).value();
    }

    /// What a step computes for an end, if it may write it right there.
    private Optional<Value> made(Value end, Order order) {
        var view = View.of(end);
        boolean computed = body.groups().stream().anyMatch(g -> g.writes().contains(view.base()) && !(g instanceof Group.Looped));
        boolean fits = computed && view.isIdentity() && !given.containsKey(view.base()) && order.equals(order(view.base()));
        return fits ? Optional.of(view.base()) : Optional.empty();
    }

    private static boolean isMade(Optional<Value> made, Value end) {
        return made.isPresent() && isPort(made.get(), end);
    }

    private static boolean isPort(Value port, Value end) {
        return View.of(end).isIdentity() && View.of(end).base().equals(port);
    }

    // What is read

    private void step(Value x, Value port) {
        var name = "step" + port.id();
        var strip = strips.get(x);
        var whole = strip == null ? read(x, port, order(port).stacked(), stacked(halo(port)), true) : storages.get(x);
        given.put(port, strip == null ? row(whole, name) : moving(whole, name, strip.shift(whole, depth)));
    }

    private void constant(Value c, Value port) {
        given.put(port, read(c, port, order(port), halo(port), false));
    }

    /// Where an operand can be read as the body wants it: where it lies, or a copy. Along time a step may stand anywhere.
    private Storage read(Value operand, Value port, Order order, List<Halo> halo, boolean timed) {
        var view = View.of(operand);
        var seen = Storages.seen(storages.get(view.base()), view, outside.orders().get(view.base()).through(view));
        boolean plain = view.dims().stream().allMatch(t -> (timed && t.axis() == 0) || (t.axis() < 0 ? t.offset() == 0 : t.coefficient() == 1 && t.offset() == 0));
        boolean full = IntStream.range(timed ? 1 : 0, view.rank()).noneMatch(d -> seen.strides().get(d).is(0));
        boolean even = axes(seen.order(), timed).equals(axes(order.axes(), timed)) && seen.panelled() == order.panelled() && (port.type().rank() == 0 || seen.strides().get(order.last()).is(1));
        if (plain && full && even && halo.stream().allMatch(Halo::isNone)) return seen;
        var shape = operand.type().shape();
        Function<Dim, Buffer> buffer = size -> Buffer.arena(prefix + "in" + port.id(), size);
        var to = order.panelled() ? Storages.panelled(shape, order, buffer) : Storages.plain(shape, order, halo, true, buffer);
        brought.add(new Brought(operand, to));
        return to;
    }

    /// The order within a step.
    private static List<Integer> axes(List<Integer> order, boolean timed) {
        return timed ? order.stream().filter(a -> a > 0).toList() : order;
    }

    // Places

    private Order order(Value v) {
        return body.orders().getOrDefault(v, Order.logical(v.type().rank()));
    }

    private List<Halo> halo(Value v) {
        return halos.getOrDefault(v, Storages.none(v.type().rank()));
    }

    private static List<Halo> stacked(List<Halo> halo) {
        return Stream.concat(Stream.of(Halo.NONE), halo.stream()).toList();
    }

    private static List<Halo> join(List<Halo> a, Optional<List<Halo>> b) {
        return b.map(other -> IntStream.range(0, a.size()).mapToObj(d -> a.get(d).join(other.get(d))).toList()).orElse(a);
    }

    /// The row of the step at hand.
    private Storage row(Storage whole, String name) {
        var stride = whole.strides().getFirst();
        return scan.reverse() ? moving(whole, name, stride.times(scan.time().minus(1)), stride.times(-1), false) : moving(whole, name, Dim.ZERO, stride, false);
    }

    private Storage moving(Storage whole, String name, Dim first, Dim stride, boolean takesTurns) {
        return moving(whole, name, new Shift(whole.buffer(), depth, first, stride, takesTurns ? Optional.of(Dim.of(2)) : Optional.empty()));
    }

    private Storage moving(Storage whole, String name, Shift shift) {
        return Storages.row(whole, Buffer.moving(prefix + name, whole.strides().getFirst(), shift));
    }

    private static Storage at(Storage whole, Dim row) {
        return Storages.row(Storages.from(whole, row), whole.buffer());
    }
}
