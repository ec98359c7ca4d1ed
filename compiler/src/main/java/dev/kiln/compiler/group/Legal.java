package dev.kiln.compiler.group;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.ArgMax;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.op.WindowMaxGrad;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Says with the kernel forms at hand what has no form of its own: a reduction over the innermost and other axes becomes one after the other; the place of a maximum becomes
/// the greatest of the negated positions that hold it; a contraction without columns becomes a product and a sum, or gets a channel; a maximum that slides along more than
/// two axes slides along one after the other. Exact but for the order of sums. Where the arithmetic may be fast, a convolution is computed by transforms.
final class Legal {
    private final Entry entry;
    private final Graph g;
    private final Orders orders;
    private final Arithmetic arithmetic;
    private final java.util.Map<Value, Value> now = new HashMap<>();

    static Entry of(Entry entry, Given given) {
        return new Legal(entry, Orders.of(entry, given), given.arithmetic()).run();
    }

    private Legal(Entry entry, Orders orders, Arithmetic arithmetic) {
        this.entry = entry;
        this.g = entry.graph();
        this.orders = orders;
        this.arithmetic = arithmetic;
    }

    private Entry run() {
        for (var v : entry.live()) {
            g.at(g.origin(v));
            var operands = v.op().operands().stream().map(now::get).toList();
            var same = operands.equals(v.op().operands()) ? v : g.add(v.op().withOperands(operands));
            now.put(v, legal(v, same));
        }
        var outputs = entry.outputs().stream().map(o -> o.with(now.get(o.value()))).toList();
        return new Entry(entry.name(), g, entry.inputs(), outputs);
    }

    private Value legal(Value old, Value v) {
        return switch (v.op()) {
            case Sum(var x, var axes) -> innerFirst(x, axes, orderOfOperand(old), (y, over) -> g.add(new Sum(y, over)));
            case Max(var x, var axes) -> innerFirst(x, axes, orderOfOperand(old), (y, over) -> g.add(new Max(y, over)));
            case ArgMax(var x, var axis) -> place(x, axis);
            case Contract c -> orders.roles(old).column() >= 0 ? fast(v, c) : Roles.readsWhole(c, c.a(), c.ofA()) && Roles.readsWhole(c, c.b(), c.ofB()) ? product(c) : Channels.of(g, c);
            case WindowMax(var x, var slides) when slides.size() > 2 -> new Slides(slides).maximum(g, x);
            case WindowMaxGrad(var x, _, var dy, var slides) when slides.size() > 2 -> new Slides(slides).gradient(g, x, dy);
            default -> v;
        };
    }

    private Value fast(Value v, Contract c) {
        return arithmetic == Arithmetic.FAST ? FastConvolution.of(g, c).orElse(v) : v;
    }

    private List<Integer> orderOfOperand(Value reduction) {
        var operand = reduction.op().operands().getFirst();
        var view = View.of(operand);
        return (view.isIdentity() ? orders.of(view.base()) : Order.logical(operand.type().shape().size())).axes();
    }

    /// Reduces the innermost axis alone as long as others are reduced with it.
    private static Value innerFirst(Value x, List<Integer> axes, List<Integer> order, BiFunction<Value, List<Integer>, Value> reduce) {
        var now = x;
        var over = axes;
        var lies = order;
        while (over.size() > 1) {
            var shape = now.type().shape();
            var inner = lies.reversed().stream().filter(a -> !shape.get(a).is(1)).findFirst();
            if (inner.isEmpty() || !over.contains(inner.get())) break;
            now = reduce.apply(now, List.of(inner.get()));
            over = without(over, inner.get());
            lies = without(lies, inner.get());
        }
        return reduce.apply(now, over);
    }

    /// The other axes, counted after `gone` is gone.
    private static List<Integer> without(List<Integer> axes, int gone) {
        return axes.stream().filter(a -> a != gone).map(a -> a > gone ? a - 1 : a).toList();
    }

    /// `-max(where x is its maximum: -position, elsewhere: -infinity)`. Where x is no number, it is the maximum.
    private Value place(Value x, int axis) {
        var shape = x.type().shape();
        var others = IntStream.range(0, shape.size()).filter(a -> a != axis).boxed().toList();
        var top = g.add(new Broadcast(g.add(new Max(x, List.of(axis))), shape, others));
        var position = g.add(new Cast(g.add(new Iota(new TensorType(DType.i32, shape), axis)), DType.f32));
        var isTop = g.add(new Map(Functions.EQUAL, List.of(x, top)));
        var isNumber = g.add(new Map(Functions.EQUAL, List.of(x, x)));
        var never = g.add(new Broadcast(g.add(new Const(new TensorType(DType.f32, List.of()), List.of(Double.NEGATIVE_INFINITY))), shape, List.of()));
        var back = g.add(new Map(Functions.NEG, List.of(position)));
        var places = g.add(new Map(Functions.SELECT, List.of(isNumber, g.add(new Map(Functions.SELECT, List.of(isTop, back, never))), back)));
        return g.add(new Cast(g.add(new Map(Functions.NEG, List.of(g.add(new Max(places, List.of(axis)))))), DType.i32));
    }

    /// An operand over all axes of a contraction.
    private Value spread(Value v, Access access, List<Dim> shape) {
        var axes = access.dims().stream().map(d -> d.axes().getFirst()).toList();
        var sorted = axes.stream().sorted().toList();
        return Ops.broadcast(g, Ops.permute(g, v, sorted.stream().map(axes::indexOf).toList()), shape, sorted);
    }

    private Value product(Contract c) {
        var shape = c.axes().stream().map(a -> a.extent()).toList();
        var a = spread(c.a(), c.ofA(), shape);
        var b = spread(c.b(), c.ofB(), shape);
        var sum = innerFirst(g.add(new Map(Functions.MUL, List.of(a, b))), c.reduced(), Order.logical(shape.size()).axes(), (y, over) -> g.add(new Sum(y, over)));
        var left = new ArrayList<>(IntStream.range(0, shape.size()).boxed().toList());
        left.removeAll(c.reduced());
        return left.equals(c.out()) ? sum : g.add(new dev.kiln.compiler.op.Permute(sum, c.out().stream().map(left::indexOf).toList()));
    }
}
