package dev.kiln.compiler.schedule;

import dev.kiln.compiler.layout.Storage;
import dev.kiln.compiler.schedule.Action.Move;
import dev.kiln.compiler.schedule.Argument.Place;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// Zeros around a value, as part of the step that writes its inside: whoever runs some of its tasks writes as large a part of the border, beside its own rows. In a step of their own, zeros
/// would be written by one thread over what the other has read, which costs that thread ten times as much as lines of its own.
///
/// Axis by axis, outermost first: what lies before and after the live places of an axis, for every live place of the axes around it, is one run of floats.
final class Borders {
    /// Axes whose places a run of tasks has its share of; those around them are walked by every run.
    private static final int SHARED = 2;

    private Borders() {}

    /// What a run of tasks begins with, see [Step#opening].
    static List<Action> zeros(List<Dim> shape, Storage to) {
        return zeros(shape, to, List.of(Argument.of(Step.FROM), Argument.of(Step.TO), Argument.of(Step.TASKS)));
    }

    /// All of them at once.
    static List<Action> all(List<Dim> shape, Storage to) {
        return zeros(shape, to, List.of(Argument.of(0), Argument.of(1), Argument.of(1)));
    }

    /// @param share the first task whose part of them it is, the one behind the last, and how many there are
    private static List<Action> zeros(List<Dim> shape, Storage to, List<Argument> share) {
        var actions = new ArrayList<Action>();
        for (int i = 0; i < to.order().size(); i++) {
            int axis = to.order().get(i);
            var halo = to.halo().get(axis);
            var stride = to.strides().get(axis);
            var around = to.order().subList(0, i).stream().filter(a -> !shape.get(a).is(1)).toList();
            var start = to.base();
            for (int inner : to.order().subList(i, to.order().size())) start = start.minus(to.strides().get(inner).times(to.halo().get(inner).low()));
            if (halo.low() > 0) actions.add(runs(to, start, stride.times(halo.low()), shape, around, share, false));
            if (halo.high() > 0) actions.add(runs(to, start.plus(stride.times(shape.get(axis).plus(halo.low()))), stride.times(halo.high()), shape, around, share, true));
        }
        return actions;
    }

    /// `count` zeros from `start` on at every place of the axes around.
    private static Action runs(Storage to, Dim start, Dim count, List<Dim> shape, List<Integer> around, List<Argument> share, boolean behind) {
        int whole = Math.max(0, around.size() - SHARED);
        var place = IndexExpr.size(start);
        for (int axis : around.subList(0, whole)) place = place.plus(Loops.at(loop(axis, shape)).times(IndexExpr.size(to.strides().get(axis))));
        var arguments = new ArrayList<>(List.of(new Place(to.buffer(), place), Argument.of(IndexExpr.size(count))));
        arguments.addAll(share);
        arguments.add(Argument.of(behind ? 1 : 0));
        for (int i = around.size() - SHARED; i < around.size(); i++) {
            arguments.add(Argument.of(i < 0 ? IndexExpr.number(1) : IndexExpr.size(shape.get(around.get(i)))));
            arguments.add(Argument.of(i < 0 ? IndexExpr.number(0) : IndexExpr.size(to.strides().get(around.get(i)))));
        }
        Action action = new Move("border", arguments);
        for (int axis : around.subList(0, whole).reversed()) action = new Action.Loop(loop(axis, shape).variable(), loop(axis, shape).count(), List.of(action));
        return action;
    }

    private static Loops.Axis loop(int axis, List<Dim> shape) {
        return new Loops.Axis("i" + axis, IndexExpr.size(shape.get(axis)));
    }
}
