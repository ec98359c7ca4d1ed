package dev.kiln.compiler.graph;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The parameters all entries of a program share, in the order of the text. Names are unique.
public record Parameters(List<Parameter> all) {
    public Parameters {
        all = List.copyOf(all);
        var names = new LinkedHashMap<String, Parameter>();
        for (var p : all)
            if (names.put(p.name(), p) != null) throw new IllegalArgumentException("two parameters are called " + p.name());
    }

    public Optional<Parameter> find(String name) {
        return all.stream().filter(p -> p.name().equals(name)).findFirst();
    }

    public Map<String, Parameter> byName() {
        var map = new LinkedHashMap<String, Parameter>();
        for (var p : all) map.put(p.name(), p);
        return map;
    }
}
