package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.op.Winograd;
import dev.kiln.compiler.op.WinogradFilter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// In which order the axes of each value lie. Anchors vote, pointwise neighbours follow, all others keep the logical order:
/// first the parameters that carry the columns of a contraction (and with them their gradients and what optimizers remember), then images, which lie channels last.
public final class Orders {
    private final List<Value> live;
    private final List<LoopBody> loops;
    private final List<LoopBody.Carried> carried;
    private final Given given;
    private final Set<Value> weightsOnly;
    private final java.util.Map<Value, Order> orders = new HashMap<>();

    /// The orders of all values of an entry.
    /// @param given what is settled already
    public static Orders of(Entry entry, Given given) {
        var orders = new Orders(entry, given);
        for (var v : orders.live) given.order(v).ifPresent(o -> orders.orders.put(v, o));
        orders.loops.forEach(orders::loop);
        orders.spread();
        orders.images(true);
        orders.weights();
        orders.spread();
        orders.images(false);
        orders.spread();
        return orders;
    }

    private Orders(Entry entry, Given given) {
        this.live = entry.live();
        this.given = given;
        this.loops = LoopBody.all(live);
        this.carried = LoopBody.carried(entry, given);
        this.weightsOnly = Prepared.of(live, given);
    }

    public Order of(Value v) {
        return orders.getOrDefault(v, Order.logical(v.type().shape().size()));
    }

    public Optional<Order> settled(Value v) {
        return Optional.ofNullable(orders.get(v));
    }

    void settle(Value v, Order order) {
        orders.put(v, order);
    }

    public Roles roles(Value v) {
        return Roles.of((Contract) v.op(), settled(v), weightsOnly);
    }

    public Set<Value> weightsOnly() {
        return weightsOnly;
    }

    boolean isStep(Value v) {
        return given.isStep(v);
    }

    /// What the ports of a loop are seen as from inside it.
    Given given(LoopBody loop) {
        return given.inside(loop, this);
    }

    /// The weights that the body of a loop streams lie as it wants them, and what it gives lies as it makes it.
    private void loop(LoopBody loop) {
        var inside = Orders.of(loop.entry(), given(loop));
        for (int i = 0; i < loop.scan().constants().size(); i++) {
            var view = View.of(loop.scan().constants().get(i));
            var port = loop.constant(i);
            if (view.isIdentity() && weightsOnly.contains(view.base())) inside.settled(port).ifPresent(o -> orders.putIfAbsent(view.base(), o));
        }
        for (var result : loop.results()) {
            var end = loop.entry().outputs().get(loop.end(result)).value();
            if (View.of(end).isIdentity()) inside.settled(View.of(end).base()).ifPresent(o -> orders.putIfAbsent(result, loop.isStacked(result) ? o.stacked() : o.plain()));
        }
    }

    /// What weights multiply is streamed in the forward pass: the first contraction that has a weight for its columns decides how that weight lies.
    private void weights() {
        for (var v : live) {
            if (v.op() instanceof WinogradFilter filter) {
                orders.putIfAbsent(v, new Order(List.of(0, 1, 2), true));
                if (weightsOnly.contains(View.of(filter.w()).base())) vote(filter.w(), new Order(List.of(filter.places().get(2), filter.places().get(3), filter.places().get(1), filter.places().get(0)), true));
            }
            if (!(v.op() instanceof Contract)) continue;
            var roles = roles(v);
            if (roles.column() >= 0 && weightsOnly.contains(roles.b()) && roles.b().type().shape().size() > 1) orders.putIfAbsent(roles.b(), roles.orderOfB(of(roles.a())));
        }
    }

    private void images(boolean operandsOnly) {
        for (var v : live) {
            switch (v.op()) {
                case Contract _ -> {
                    var roles = roles(v);
                    roles.orderOfA().ifPresent(o -> vote(roles.a(), o));
                    if (operandsOnly || roles.column() < 0) continue;
                    int rank = roles.out().size();
                    vote(v, Order.inner(rank, roles.out().indexOf(roles.column())));
                    if (!weightsOnly.contains(roles.b())) vote(roles.b(), Order.inner(roles.ofB().dims().size(), roles.columnDimOfB()));
                }
                case Winograd w -> {
                    vote(w.x(), Order.inner(w.in().size(), w.in().get(1)));
                    if (!operandsOnly) vote(v, Order.inner(w.out().size(), w.out().get(1)));
                }
                case WindowMax w -> vote(w.x(), v, channelsLast(v, w.slides().stream().map(Slide::axis).toList()));
                case WindowMaxGrad w -> {
                    var order = channelsLast(v, w.slides().stream().map(Slide::axis).toList());
                    vote(w.x(), v, order);
                    vote(w.dy(), order);
                }
                default -> {}
            }
        }
    }

    private static Order channelsLast(Value v, List<Integer> windowed) {
        int rank = v.type().shape().size();
        for (int i = rank - 1; i > 0; i--) if (!windowed.contains(i)) return Order.inner(rank, i);
        return Order.logical(rank);
    }

    private void vote(Value a, Value b, Order order) {
        vote(a, order);
        vote(b, order);
    }

    private void vote(Value v, Order order) {
        orders.putIfAbsent(View.of(v).isIdentity() ? View.of(v).base() : v, order);
    }

    /// Pointwise neighbours of one shape share their order, in both directions, until nothing changes.
    private void spread() {
        var pointwise = live.stream().filter(Orders::isPointwise).toList();
        for (boolean changed = true; changed; ) {
            changed = false;
            for (var v : pointwise) changed |= share(v);
            for (var v : pointwise.reversed()) changed |= share(v);
            for (var state : carried) changed |= share(List.of(state.port(), state.next()));
        }
    }

    private static boolean isPointwise(Value v) {
        return v.op() instanceof Map || v.op() instanceof Cast;
    }

    private boolean share(Value v) {
        var group = new ArrayList<Value>();
        group.add(v);
        for (var operand : v.op().operands()) {
            var view = View.of(operand);
            if (view.isIdentity()) group.add(view.base());
        }
        return share(group);
    }

    private boolean share(List<Value> group) {
        var order = group.stream().map(orders::get).filter(o -> o != null).findFirst();
        if (order.isEmpty()) return false;
        boolean changed = false;
        for (var member : group) changed |= orders.putIfAbsent(member, order.get()) == null;
        return changed;
    }
}
