package dev.kiln.compiler.graph;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The side table of a graph that remembers where its values come from. A value keeps its first origin: when two places ask for equal values, the earlier one is named.
public final class Origins {
    private final List<Optional<Origin>> byId = new ArrayList<>();

    void put(int id, Optional<Origin> origin) {
        while (byId.size() <= id) byId.add(Optional.empty());
        byId.set(id, origin);
    }

    public Optional<Origin> of(Value value) {
        return value.id() < byId.size() ? byId.get(value.id()) : Optional.empty();
    }
}
