package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// Gives a contraction that slides a channel to run along. An axis of the result that one operand alone reads will do, when the other one is repeated along it: a fixed kernel
/// over every channel, an average pool. Where there is none (both operands slide along every axis) each element becomes a channel of one: correct, and slow.
final class Channels {
    private Channels() {}

    static Value of(Graph g, Contract c) {
        var inA = channel(c, c.ofA(), c.ofB());
        if (inA.isPresent()) return repeated(g, c, inA.getAsInt(), false);
        var inB = channel(c, c.ofB(), c.ofA());
        return inB.isPresent() ? repeated(g, c, inB.getAsInt(), true) : single(g, c);
    }

    /// The axis that reads the last possible dim of one operand: the first dim is a batch, if others will do.
    private static OptionalInt channel(Contract c, Access ofOne, Access ofOther) {
        return IntStream.range(0, c.axes().size())
                .filter(axis -> c.out().contains(axis) && !ofOther.reads(axis) && Roles.plainDim(ofOne, axis) >= 0 && !c.axes().get(axis).extent().is(1))
                .reduce((p, q) -> Roles.plainDim(ofOne, q) > Roles.plainDim(ofOne, p) ? q : p);
    }

    private static Value repeated(Graph g, Contract c, int axis, boolean first) {
        var from = first ? c.a() : c.b();
        var shape = with(from.type().shape(), c.axes().get(axis).extent());
        var all = Ops.broadcast(g, from, shape, IntStream.range(0, shape.size() - 1).boxed().toList());
        return g.add(first
                ? new Contract(all, c.b(), c.axes(), along(c.ofA(), axis), c.ofB(), c.out())
                : new Contract(c.a(), all, c.axes(), c.ofA(), along(c.ofB(), axis), c.out()));
    }

    private static Value single(Graph g, Contract c) {
        var axes = with(c.axes(), new Axis("channel", Dim.ONE));
        int axis = c.axes().size();
        var result = g.add(new Contract(one(g, c.a()), one(g, c.b()), axes, along(c.ofA(), axis), along(c.ofB(), axis), with(c.out(), axis)));
        return Ops.reshape(g, result, c.type().shape());
    }

    private static Value one(Graph g, Value v) {
        return Ops.reshape(g, v, with(v.type().shape(), Dim.ONE));
    }

    private static Access along(Access access, int axis) {
        return new Access(with(access.dims(), Affine.axis(axis)));
    }

    private static <T> List<T> with(List<T> list, T last) {
        return Stream.concat(list.stream(), Stream.of(last)).toList();
    }
}
