package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Value;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/// A tensor read in an index formula: a coordinate for each of its dims, and the value outside when the text gives one.
record Read(Value tensor, List<Coordinate> coordinates, OptionalDouble outside) {
    Read {
        coordinates = List.copyOf(coordinates);
        if (coordinates.size() != tensor.type().rank()) throw new IllegalArgumentException("a coordinate for each dim");
    }

    /// A tensor whose axes are just these indices.
    static Read plain(Value tensor, List<IndexVariable> axes) {
        return new Read(tensor, axes.stream().map(Coordinate::of).toList(), OptionalDouble.empty());
    }

    /// All indices read, in the order of the text.
    List<IndexVariable> variables() {
        var all = new LinkedHashSet<IndexVariable>();
        for (Coordinate c : coordinates) all.addAll(c.variables());
        return List.copyOf(all);
    }

    /// The axes in order, when every dim is read whole by an index of its own.
    Optional<List<IndexVariable>> axes() {
        var axes = new ArrayList<IndexVariable>();
        for (Coordinate c : coordinates) {
            Optional<IndexVariable> alone = c.alone();
            if (alone.isEmpty() || axes.contains(alone.get())) return Optional.empty();
            if (!alone.get().extent().equals(Optional.of(tensor.type().dim(axes.size())))) return Optional.empty();
            axes.add(alone.get());
        }
        return Optional.of(axes);
    }

    boolean isPlain() {
        return axes().isPresent();
    }
}
