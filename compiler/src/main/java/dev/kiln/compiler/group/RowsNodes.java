package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.kernel.Node;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Iota;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Random;
import dev.kiln.compiler.op.Size;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;

/// The members of a `Rows` group as the nodes of one kernel body, in their order, what they read right before the first that reads it.
public final class RowsNodes {
    /// What a body reads: numbers of its ports.
    public interface Ports {
        /// A value in memory, seen from the axes of the space.
        int tensor(DType type, Value base, List<Term> at);

        /// `base + Σ axis · step`
        int count(Dim base, List<Dim> steps);

        int whole(Dim size);

        /// One word of the key of a draw.
        int key(int word, String place);
    }

    private final Group.Rows group;
    private final Ports ports;
    private final List<Node> nodes = new ArrayList<>();
    private final java.util.Map<Value, Integer> byMember = new HashMap<>();
    private final java.util.Map<Node, Integer> known = new HashMap<>();

    public RowsNodes(Group.Rows group, Ports ports) {
        this.group = group;
        this.ports = ports;
        for (var member : group.members()) byMember.put(member, build(member));
    }

    public List<Node> nodes() {
        return nodes;
    }

    public int node(Value member) {
        return byMember.get(member);
    }

    private int build(Value v) {
        return switch (v.op()) {
            case Map m -> node(new Node.Apply(m.fn(), m.operands().stream().map(o -> operand(v, o)).toList()));
            case Cast c -> cast(operand(v, c.x()), c.x().type().dtype(), c.dtype());
            case Sum s -> reduce(v, s.x(), Node.Reduction.SUM);
            case Max m -> reduce(v, m.x(), Node.Reduction.MAX);
            default -> source(v, group.at(v));
        };
    }

    private int reduce(Value v, Value x, Node.Reduction reduction) {
        int operand = operand(v, x);
        int missing = (int) group.before().get(v).stream().filter(a -> a >= 0 && !group.axes().get(v).contains(a)).count();
        if (missing == 0) return operand;
        return node(group.reduction() == Group.Rows.Reduction.ROWS ? new Node.RowReduce(reduction, operand) : new Node.ColumnReduce(reduction, operand));
    }

    private int operand(Value reader, Value operand) {
        var view = View.of(operand);
        if (byMember.containsKey(view.base())) return byMember.get(view.base());
        var axes = group.before().get(reader);
        var at = view.dims().stream().map(t -> t.axis() < 0 || axes.get(t.axis()) < 0 ? new Term(-1, 0, t.offset()) : new Term(axes.get(t.axis()), t.coefficient(), t.offset())).toList();
        return Sources.inline(view.base()) ? source(view.base(), at) : node(new Node.Read(ports.tensor(operand.type().dtype(), view.base(), at)));
    }

    private int source(Value v, List<Term> at) {
        return switch (v.op()) {
            case Const c -> node(new Node.Literal(c.data().getFirst(), c.type().dtype()));
            case Size s -> cast(node(new Node.Read(ports.whole(s.dim()))), DType.i32, DType.f32);
            case Iota i -> node(new Node.Read(count(at, d -> d == i.axis() ? Dim.ONE : Dim.ZERO)));
            case Random r -> {
                var shape = r.type().shape();
                int low = node(new Node.Read(ports.key(0, r.key())));
                int high = node(new Node.Read(ports.key(1, r.key())));
                int index = node(new Node.Read(count(at, d -> product(shape.subList(d + 1, shape.size())))));
                yield node(new Node.Draw(low, high, index));
            }
            default -> throw new IllegalStateException("no node for " + v.op().spec().name());
        };
    }

    private static Dim product(List<Dim> dims) {
        return dims.stream().reduce(Dim.ONE, Dim::times);
    }

    private int count(List<Term> at, java.util.function.IntFunction<Dim> weight) {
        var base = Dim.ZERO;
        var steps = new ArrayList<>(zeros());
        for (int d = 0; d < at.size(); d++) {
            var t = at.get(d);
            base = base.plus(weight.apply(d).times(t.offset()));
            if (t.axis() >= 0) steps.set(t.axis(), steps.get(t.axis()).plus(weight.apply(d).times(t.coefficient())));
        }
        return ports.count(base, steps);
    }

    private List<Dim> zeros() {
        return Collections.nCopies(group.space().size(), Dim.ZERO);
    }

    private int cast(int node, DType from, DType to) {
        return from == to ? node : node(new Node.Cast(node, to));
    }

    private int node(Node node) {
        return known.computeIfAbsent(node, n -> {
            nodes.add(n);
            return nodes.size() - 1;
        });
    }
}
