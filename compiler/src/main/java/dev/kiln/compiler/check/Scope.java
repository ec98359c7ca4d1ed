package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Names and what they stand for. A name with a prime is a name of its own, `h'`.
final class Scope {
    /// @param place where it got its value: the argument, the declaration, the statement
    record Binding(Item item, Span place) {}

    private final Optional<Scope> outer;
    private final Map<String, Binding> names = new LinkedHashMap<>();

    Scope() {
        this.outer = Optional.empty();
    }

    Scope(Scope outer) {
        this.outer = Optional.of(outer);
    }

    Optional<Binding> find(String name) {
        Binding here = names.get(name);
        if (here != null) return Optional.of(here);
        return outer.flatMap(o -> o.find(name));
    }

    /// Only what this scope itself binds.
    Map<String, Binding> own() {
        return names;
    }

    void bind(String name, Item item, Span place) {
        names.put(name, new Binding(item, place));
    }

    /// Gives a name its next value where it is bound.
    void rebind(String name, Item item, Span place) {
        if (names.containsKey(name) || outer.isEmpty()) names.put(name, new Binding(item, place));
        else outer.get().rebind(name, item, place);
    }

    /// Binds a name in the scope that binds another one.
    void bindBeside(String neighbour, String name, Item item, Span place) {
        if (names.containsKey(neighbour) || outer.isEmpty()) bind(name, item, place);
        else outer.get().bindBeside(neighbour, name, item, place);
    }

    Set<String> visible() {
        var all = new LinkedHashSet<>(names.keySet());
        outer.ifPresent(o -> all.addAll(o.visible()));
        return all;
    }
}
