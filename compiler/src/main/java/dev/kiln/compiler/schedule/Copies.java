package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.group.View.Term;
import dev.kiln.compiler.layout.Space;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.schedule.Action.Move;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// Steps that copy a tensor, or part of one, from one storage to another. Both sides are read as affine functions of one space of axes; a panelled axis is walked panel by panel.
final class Copies {
    private static final IndexExpr PANEL = IndexExpr.number(Storage.PANEL);
    /// Floats copied in a nanosecond, about: where both sides go from one to the next, and where one side leaps.
    private static final int STRAIGHT = 12;
    private static final int TURNED = 3;

    /// One axis of the walk: how far each side moves, and how many places there are (which may depend on an outer variable).
    private record Walk(String variable, IndexExpr count, IndexExpr to, IndexExpr from) {
        Loops.Axis loop() {
            return new Loops.Axis(variable, count);
        }
    }

    static List<Term> identity(int rank) {
        return IntStream.range(0, rank).mapToObj(i -> new Term(i, 1, 0)).toList();
    }

    /// `to[at to] = from[at from]` for all places of the space `extents`.
    static Step copy(String name, Optional<Origin> origin, List<Dim> extents, Storage to, List<Term> atTo, Storage from, List<Term> atFrom) {
        var walks = new ArrayList<Walk>();
        for (int a = 0; a < extents.size(); a++) {
            if (extents.get(a).is(1)) continue;
            boolean panelTo = panelled(to, atTo, a);
            boolean panelFrom = panelled(from, atFrom, a);
            var extent = IndexExpr.size(extents.get(a));
            if (!panelTo && !panelFrom) {
                walks.add(new Walk("i" + a, extent, stride(to, atTo, a), stride(from, atFrom, a)));
                continue;
            }
            var outer = "p" + a;
            walks.addFirst(new Walk(outer, extent.parts(Storage.PANEL), panelStride(to, atTo, a, panelTo), panelStride(from, atFrom, a, panelFrom)));
            var left = extent.minus(PANEL.times(Loops.at(walks.getFirst().loop())));
            boolean even = extents.get(a).isConstant() && extents.get(a).toInt() % Storage.PANEL == 0;
            walks.add(new Walk("l" + a, even ? PANEL : PANEL.minimum(left), panelTo ? IndexExpr.number(1) : stride(to, atTo, a), panelFrom ? IndexExpr.number(1) : stride(from, atFrom, a)));
        }
        return step(name, origin, walks, to, base(to, atTo), from, base(from, atFrom));
    }

    private static Step step(String name, Optional<Origin> origin, List<Walk> walks, Storage to, IndexExpr toBase, Storage from, IndexExpr fromBase) {
        var column = pick(walks, w -> w.to().isNumber(1)).or(() -> pick(walks, w -> w.from().isNumber(1))).or(() -> pick(walks.reversed(), _ -> true));
        var rest = new ArrayList<>(walks);
        column.ifPresent(rest::remove);
        var row = pick(rest, w -> w.from().isNumber(1)).or(() -> pick(rest.reversed(), _ -> true));
        row.ifPresent(rest::remove);
        var outer = new ArrayList<Loops.Axis>();
        for (var w : rest) {
            outer.add(w.loop());
            toBase = toBase.plus(Loops.at(w.loop()).times(w.to()));
            fromBase = fromBase.plus(Loops.at(w.loop()).times(w.from()));
        }
        var one = new Walk("", IndexExpr.number(1), IndexExpr.number(0), IndexExpr.number(0));
        var r = row.orElse(one);
        var c = column.orElse(one);
        var method = from.buffer().space() == Space.INTS_IN ? "copyFromInts" : to.buffer().space() == Space.INTS_OUT ? "copyToInts" : "copy";
        List<Action> body = List.of(new Move(method, List.of(
                new Place(to.buffer(), toBase), Argument.of(r.to()), Argument.of(c.to()),
                new Place(from.buffer(), fromBase), Argument.of(r.from()), Argument.of(c.from()),
                Argument.of(r.count()), Argument.of(c.count()))));
        boolean turns = !c.to().isNumber(1) || !c.from().isNumber(1);
        var cost = r.count().atMost().times(c.count().atMost()).quotient(IndexExpr.number(turns ? TURNED : STRAIGHT)).plus(IndexExpr.number(10));
        return new Loops(outer).step(name, origin, cost, body);
    }

    /// Panels are walked outside: how long the last one is depends on which it is.
    private static Optional<Walk> pick(List<Walk> walks, java.util.function.Predicate<Walk> test) {
        return walks.stream().filter(w -> !w.variable().startsWith("p")).filter(test).findFirst();
    }

    static IndexExpr base(Storage s, List<Term> at) {
        var base = s.base();
        for (int d = 0; d < at.size(); d++) base = base.plus(s.strides().get(d).times(at.get(d).offset()));
        return IndexExpr.size(base);
    }

    private static boolean panelled(Storage s, List<Term> at, int axis) {
        return s.panelled() && at.get(s.panelAxis()).axis() == axis;
    }

    private static IndexExpr stride(Storage s, List<Term> at, int axis) {
        var stride = Dim.ZERO;
        for (int d = 0; d < at.size(); d++) if (at.get(d).axis() == axis) stride = stride.plus(s.strides().get(d).times(at.get(d).coefficient()));
        return IndexExpr.size(stride);
    }

    private static IndexExpr panelStride(Storage s, List<Term> at, int axis, boolean panelled) {
        return panelled ? IndexExpr.size(s.panelStride()) : stride(s, at, axis).times(PANEL);
    }

    private Copies() {}
}
