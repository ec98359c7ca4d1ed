package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.group.Group;
import dev.kiln.compiler.group.Sources;
import dev.kiln.compiler.group.View;
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

/// Turns the members of a `Rows` group into the nodes of one kernel body and the ports it needs.
final class RowsBuilder {
    private final Group.Rows group;
    private final Scheduling scheduling;
    final List<RowsPort> ports = new ArrayList<>();
    final List<Node> nodes = new ArrayList<>();
    private final java.util.Map<Value, Integer> byMember = new HashMap<>();
    private final java.util.Map<Node, Integer> known = new HashMap<>();

    RowsBuilder(Group.Rows group, Scheduling scheduling) {
        this.group = group;
        this.scheduling = scheduling;
        for (var member : group.members()) byMember.put(member, build(member));
    }

    int node(Value member) {
        return byMember.get(member);
    }

    private int build(Value v) {
        return switch (v.op()) {
            case Map m -> node(new Node.Apply(m.fn(), m.operands().stream().map(o -> operand(v, o)).toList()));
            case Cast c -> cast(operand(v, c.x()), c.x().type().dtype(), c.dtype());
            case Sum s -> reduce(v, s.x(), Node.Reduction.SUM);
            case Max m -> reduce(v, m.x(), Node.Reduction.MAX);
            default -> source(v, identityTerms(group.axes().get(v)));
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
        return Sources.inline(view.base()) ? source(view.base(), at) : node(new Node.Read(port(new RowsPort.Tensor(operand.type().dtype(), scheduling.readable("a read of " + view.base(), view.base().type().shape(), scheduling.storage(view.base()), at), at, false))));
    }

    private static List<Term> identityTerms(List<Integer> axes) {
        return axes.stream().map(a -> a < 0 ? new Term(-1, 0, 0) : new Term(a, 1, 0)).toList();
    }

    private int source(Value v, List<Term> at) {
        return switch (v.op()) {
            case Const c -> node(new Node.Literal(c.data().getFirst(), c.type().dtype()));
            case Size s -> cast(node(new Node.Read(port(new RowsPort.Whole(IndexExpr.size(s.dim()))))), DType.i32, DType.f32);
            case Iota i -> node(new Node.Read(port(count(at, d -> d == i.axis() ? Dim.ONE : Dim.ZERO))));
            case Random r -> {
                var shape = r.type().shape();
                int low = node(new Node.Read(port(new RowsPort.Key(0, r.key()))));
                int high = node(new Node.Read(port(new RowsPort.Key(1, r.key()))));
                int index = node(new Node.Read(port(count(at, d -> product(shape.subList(d + 1, shape.size()))))));
                yield node(new Node.Draw(low, high, index));
            }
            default -> throw new IllegalStateException("no node for " + v.op().spec().name());
        };
    }

    private static Dim product(List<Dim> dims) {
        return dims.stream().reduce(Dim.ONE, Dim::times);
    }

    private RowsPort.Count count(List<Term> at, java.util.function.IntFunction<Dim> weight) {
        var base = Dim.ZERO;
        var steps = new ArrayList<>(zeros());
        for (int d = 0; d < at.size(); d++) {
            var t = at.get(d);
            base = base.plus(weight.apply(d).times(t.offset()));
            if (t.axis() >= 0) steps.set(t.axis(), steps.get(t.axis()).plus(weight.apply(d).times(t.coefficient())));
        }
        return new RowsPort.Count(IndexExpr.size(base), steps);
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

    int port(RowsPort port) {
        int at = ports.indexOf(port);
        if (at >= 0) return at;
        ports.add(port);
        return ports.size() - 1;
    }
}
