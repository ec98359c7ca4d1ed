package dev.kiln.compiler.schedule;

import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.List;

/// The loops of a `Rows` group, slowest first: for each its extent, whether it is reduced, and how far every port moves along it.
/// Neighbours through which all ports run evenly merge into one.
record Nest(List<Level> levels) {
    record Level(Dim extent, boolean reduced, List<Dim> strides) {
        Level {
            strides = List.copyOf(strides);
        }
    }

    /// @param keepInner the innermost level stays as it is: a row is reduced along it
    Nest merged(boolean keepInner) {
        var merged = new ArrayList<Level>();
        for (int i = levels.size() - 1; i >= 0; i--) {
            var outer = levels.get(i);
            if (outer.extent().is(1)) continue;
            boolean first = merged.isEmpty() || (keepInner && merged.size() == 1);
            if (first || !even(outer, merged.getFirst())) merged.addFirst(outer);
            else {
                var inner = merged.removeFirst();
                merged.addFirst(new Level(outer.extent().times(inner.extent()), inner.reduced(), inner.strides()));
            }
        }
        return new Nest(merged);
    }

    private static boolean even(Level outer, Level inner) {
        if (outer.reduced() != inner.reduced()) return false;
        for (int p = 0; p < outer.strides().size(); p++) if (!outer.strides().get(p).equals(inner.strides().get(p).times(inner.extent()))) return false;
        return true;
    }

    /// The innermost level runs to the next multiple of 16 where every port that moves along it has room for that and nobody reduces along it.
    Nest throughPads(List<Dim> room) {
        if (levels.isEmpty()) return this;
        var inner = levels.getLast();
        if (!inner.extent().isConstant() || inner.extent().toInt() % 16 == 0 || inner.extent().toInt() < 8) return this;
        var padded = inner.extent().plus(15).floorDiv(16).times(16);
        for (int p = 0; p < room.size(); p++) {
            if (inner.strides().get(p).is(0)) continue;
            if (!room.get(p).isConstant() || room.get(p).toInt() < padded.toInt()) return this;
        }
        var all = new ArrayList<>(levels);
        all.set(all.size() - 1, new Level(padded, inner.reduced(), inner.strides()));
        return new Nest(all);
    }
}
