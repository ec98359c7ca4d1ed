package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// A contraction as a tile sees it: which operand is streamed (A), which one carries the columns (B), and what each axis is. Where B alone has no axis for the vector
/// and something slides, the vector is an axis that both operands and the result share, the channel of a depthwise convolution: it is then a batch and the column.
/// @param column the axis that becomes the vector, -1 where B has none that is read plainly and written plainly
public record Roles(Value a, Value b, Access ofA, Access ofB, List<Axis> axes, List<Integer> out, int column, List<Integer> rows, List<Integer> columns, List<Integer> batches, List<Integer> reduces) {

    /// Both ways round; the better one first.
    public static Roles of(Contract op, Optional<Order> outOrder, Set<Value> weightsOnly) {
        var straight = of(op.a(), op.b(), op.ofA(), op.ofB(), op, outOrder);
        var crossed = of(op.b(), op.a(), op.ofB(), op.ofA(), op, outOrder);
        return crossed.score(outOrder, weightsOnly) > straight.score(outOrder, weightsOnly) ? crossed : straight;
    }

    private static Roles of(Value a, Value b, Access ofA, Access ofB, Contract op, Optional<Order> outOrder) {
        var rows = new ArrayList<Integer>();
        var columns = new ArrayList<Integer>();
        var batches = new ArrayList<Integer>();
        var reduces = new ArrayList<Integer>();
        for (int axis = 0; axis < op.axes().size(); axis++) {
            boolean inOut = op.out().contains(axis);
            (inOut ? ofA.reads(axis) ? ofB.reads(axis) ? batches : rows : columns : reduces).add(axis);
        }
        int column = -1;
        for (int c : columns)
            if (plainDim(ofB, c) >= 0 && (column < 0 || better(c, column, op, outOrder))) column = c;
        boolean slides = !readsWhole(op, a, ofA) || !readsWhole(op, b, ofB);
        if (slides && (column < 0 || op.axes().get(column).extent().is(1)))
            for (int c : batches)
                if (plainDim(ofA, c) >= 0 && plainDim(ofB, c) >= 0 && (column < 0 || !batches.contains(column) || better(c, column, op, outOrder))) column = c;
        boolean ownA = batches.contains(column) && plainDim(resolved(a, ofA, op), column) < 0;
        boolean ownB = column >= 0 && plainDim(resolved(b, ofB, op), column) < 0;
        return new Roles(ownA ? a : base(a, ofA, op), ownB ? b : base(b, ofB, op), ownA ? ofA : resolved(a, ofA, op), ownB ? ofB : resolved(b, ofB, op), op.axes(), op.out(), column, rows, columns, batches, reduces);
    }

    /// A sum over many places (the weight gradient of a convolution) is gathered call by call in the result itself: nothing can be fused to its start or end.
    boolean gathers() {
        return reduces.size() > 3 || (reduces.size() == 3 && reduces.stream().anyMatch(r -> !axes.get(r).extent().isConstant()));
    }

    /// Whether the column runs through both operands.
    public boolean isChannel() {
        return batches.contains(column);
    }

    /// Whether every dim of an operand is an axis of its own, from end to end.
    static boolean readsWhole(Contract op, Value operand, Access access) {
        var shape = operand.type().shape();
        return access.dims().stream().allMatch(Affine::isAxis) && access.dims().stream().distinct().count() == shape.size()
                && IntStream.range(0, shape.size()).allMatch(d -> op.axes().get(access.dims().get(d).axes().getFirst()).extent().equals(shape.get(d)));
    }

    private static boolean better(int candidate, int known, Contract op, Optional<Order> outOrder) {
        if (outOrder.isPresent()) return op.out().indexOf(candidate) == outOrder.get().last();
        return op.out().indexOf(candidate) > op.out().indexOf(known);
    }

    /// An operand that is a permuted or broadcast reading of another value is read from there.
    private static Value base(Value v, Access access, Contract op) {
        return isTransparent(v, access, op) ? View.of(v).base() : v;
    }

    private static Access resolved(Value v, Access access, Contract op) {
        if (!isTransparent(v, access, op)) return access;
        return new Access(View.of(v).dims().stream().map(t -> t.axis() < 0 ? Affine.constant(0) : access.dims().get(t.axis())).toList());
    }

    /// A dim that the base does not have, or has more of, may be left out only where it is never read outside: there it is zero.
    private static boolean isTransparent(Value v, Access access, Contract op) {
        var view = View.of(v);
        if (!view.isPlainPart()) return false;
        for (int d = 0; d < view.rank(); d++) {
            int dim = d;
            boolean whole = IntStream.range(0, view.dims().size()).anyMatch(i -> view.dims().get(i).axis() == dim && view.base().type().shape().get(i).equals(view.shape().get(dim)));
            if (whole) continue;
            var index = access.dims().get(d);
            if (!index.isAxis() || !op.axes().get(index.axes().getFirst()).extent().equals(view.shape().get(d))) return false;
        }
        return true;
    }

    /// Windows belong to A; a column must exist; where the result's order is settled, the column is its last axis; a parameter likes to be B.
    private int score(Optional<Order> outOrder, Set<Value> weightsOnly) {
        int score = 0;
        if (column < 0) score -= 100;
        else if (outOrder.isPresent() && out.indexOf(column) != outOrder.get().last()) score -= 50;
        if (windowed(ofB)) score -= 20;
        if (weightsOnly.contains(b) && !weightsOnly.contains(a)) score += 10;
        return score;
    }

    static boolean windowed(Access access) {
        return access.dims().stream().anyMatch(d -> !d.isAxis() && !d.axes().isEmpty());
    }

    /// The dim that is just `axis`, if no other dim is read by it, or -1.
    static int plainDim(Access access, int axis) {
        int found = -1;
        for (int i = 0; i < access.dims().size(); i++) {
            var d = access.dims().get(i);
            if (d.coefficient(axis) == 0) continue;
            if (found >= 0 || !d.isAxis()) return -1;
            found = i;
        }
        return found;
    }

    /// The dim of an access whose index contains `axis`, or -1.
    public static int dimOf(Access access, int axis) {
        for (int i = 0; i < access.dims().size(); i++) if (access.dims().get(i).coefficient(axis) != 0) return i;
        return -1;
    }

    public int columnDimOfA() {
        return plainDim(ofA, column);
    }

    public int columnDimOfB() {
        return plainDim(ofB, column);
    }

    /// The order of B that lets a tile run through it: reduced axes as A has them, slowest first, the column last.
    Order orderOfB(Order orderOfA) {
        int columnDim = columnDimOfB();
        var place = new HashMap<Integer, Integer>();
        for (int d = 0; d < ofB.dims().size(); d++) {
            var axesRead = ofB.dims().get(d).axes();
            int dimOfA = axesRead.isEmpty() ? -1 : dimOf(ofA, axesRead.getFirst());
            place.put(d, dimOfA < 0 ? -1 : orderOfA.axes().indexOf(dimOfA));
        }
        var dims = new ArrayList<Integer>();
        for (int d = 0; d < ofB.dims().size(); d++) if (d != columnDim) dims.add(d);
        dims.sort((x, y) -> Integer.compare(place.get(x), place.get(y)));
        dims.add(columnDim);
        return new Order(dims, true);
    }

    /// The order of A in which the axes that are summed over follow each other as in B, so that the sum is one run; none where they do, and none where one is read by more than a dim of its own.
    public Optional<Order> alongB(List<Integer> orderOfA, List<Integer> orderOfB) {
        var summed = reduces.stream().filter(axis -> !axes.get(axis).extent().is(1)).toList();
        if (summed.stream().anyMatch(axis -> plainDim(ofA, axis) < 0 || plainDim(ofB, axis) < 0)) return Optional.empty();
        var dims = summed.stream().sorted(Comparator.comparingInt(axis -> orderOfB.indexOf(plainDim(ofB, axis)))).map(axis -> plainDim(ofA, axis)).iterator();
        var order = new Order(orderOfA.stream().map(dim -> summed.stream().anyMatch(axis -> plainDim(ofA, axis) == dim) ? dims.next() : dim).toList(), false);
        return order.axes().equals(orderOfA) ? Optional.empty() : Optional.of(order);
    }

    /// The order of A: its channels, that is the last dim without a window, lie together.
    Optional<Order> orderOfA() {
        if (isChannel()) return Optional.of(Order.inner(ofA.dims().size(), columnDimOfA()));
        return channelsLast(ofA);
    }

    /// The last dim that is read without a window holds the channels; the first dim never does, it is the batch.
    static Optional<Order> channelsLast(Access access) {
        if (!windowed(access)) return Optional.empty();
        for (int i = access.dims().size() - 1; i > 0; i--) if (access.dims().get(i).isAxis()) return Optional.of(Order.inner(access.dims().size(), i));
        return Optional.empty();
    }
}
