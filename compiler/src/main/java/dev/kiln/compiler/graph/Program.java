package dev.kiln.compiler.graph;

import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Vocabulary;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/// A checked network: its entries over one set of parameters.
/// @param line where the text declares it
/// @param vocabularies what its text took from data, to travel with it
/// @param texts inputs and outputs that are text to a caller, each with the name of its vocabulary
/// @param dims the symbolic dims of its inputs, in the order of the text
/// @param lengths the inputs that say where rows end, each with the axis that ends there
public record Program(String name, int line, List<Entry> entries, Parameters parameters, List<String> dims, List<DoorCheck> checks, List<Vocabulary> vocabularies, Map<String, String> texts, Map<String, Dim> lengths) {
    public Program {
        entries = List.copyOf(entries);
        dims = List.copyOf(dims);
        checks = List.copyOf(checks);
        vocabularies = List.copyOf(vocabularies);
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        lengths = Collections.unmodifiableMap(new LinkedHashMap<>(lengths));
        var names = new LinkedHashMap<String, Entry>();
        for (var e : entries)
            if (names.put(e.name(), e) != null) throw new IllegalArgumentException("two entries are called " + e.name());
    }

    /// One whose rows are all full.
    public Program(String name, int line, List<Entry> entries, Parameters parameters, List<String> dims, List<DoorCheck> checks, List<Vocabulary> vocabularies, Map<String, String> texts) {
        this(name, line, entries, parameters, dims, checks, vocabularies, texts, Map.of());
    }

    public Optional<Entry> entry(String name) {
        return entries.stream().filter(e -> e.name().equals(name)).findFirst();
    }

    /// The same program with each entry replaced by what `step` makes of it.
    public Program map(UnaryOperator<Entry> step) {
        return new Program(name, line, entries.stream().map(step).toList(), parameters, dims, checks, vocabularies, texts, lengths);
    }
}
