package dev.kiln.compiler.schedule;

import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.schedule.Action.Move;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Puts zeros around a value whose inside somebody else writes. Axis by axis, outermost first: what lies before and after the live places of an axis, for every live
/// place of the axes around it, is one run of floats.
final class Borders {
    private Borders() {}

    static Step zeros(String name, Optional<Origin> origin, List<Dim> shape, Storage to) {
        var actions = new ArrayList<Action>();
        for (int i = 0; i < to.order().size(); i++) {
            int axis = to.order().get(i);
            var halo = to.halo().get(axis);
            var stride = to.strides().get(axis);
            var around = to.order().subList(0, i).stream().filter(a -> !shape.get(a).is(1)).toList();
            var start = to.base();
            for (int inner : to.order().subList(i, to.order().size())) start = start.minus(to.strides().get(inner).times(to.halo().get(inner).low()));
            if (halo.low() > 0) actions.add(runs(to, start, stride.times(halo.low()), shape, around));
            if (halo.high() > 0) actions.add(runs(to, start.plus(stride.times(shape.get(axis).plus(halo.low()))), stride.times(halo.high()), shape, around));
        }
        return new Step("zeros around " + name, origin, IndexExpr.number(1), IndexExpr.number(1), actions);
    }

    /// `count` zeros from `start` on at every place of the axes around.
    private static Action runs(Storage to, Dim start, Dim count, List<Dim> shape, List<Integer> around) {
        var place = IndexExpr.size(start);
        for (int axis : around.subList(0, Math.max(0, around.size() - 1))) place = place.plus(Loops.at(loop(axis, shape)).times(IndexExpr.size(to.strides().get(axis))));
        var rows = around.isEmpty() ? Dim.ONE : shape.get(around.getLast());
        var row = around.isEmpty() ? Dim.ZERO : to.strides().get(around.getLast());
        Action action = new Move("fill", List.of(new Place(to.buffer(), place), Argument.of(IndexExpr.size(row)), Argument.of(1), Argument.of(IndexExpr.size(rows)), Argument.of(IndexExpr.size(count)), new Argument.Real(0)));
        for (int axis : around.subList(0, Math.max(0, around.size() - 1)).reversed()) action = new Action.Loop(loop(axis, shape).variable(), loop(axis, shape).count(), List.of(action));
        return action;
    }

    private static Loops.Axis loop(int axis, List<Dim> shape) {
        return new Loops.Axis("i" + axis, IndexExpr.size(shape.get(axis)));
    }
}
