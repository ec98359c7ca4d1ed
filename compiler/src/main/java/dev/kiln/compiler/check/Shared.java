package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.runtime.Vocabulary;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Supplier;

/// What all entries of a network share: its parameters, the checks at its door, and the problems found.
final class Shared {
    private final Problems problems;
    private final Set<Ast.Declaration> used;
    private final Map<String, Declared> parameters = new LinkedHashMap<>();
    private final IdentityHashMap<Ast.Constant, Vocabulary> vocabularies = new IdentityHashMap<>();
    private final Map<String, String> texts = new TreeMap<>();
    private final Set<DoorCheck> checks = new LinkedHashSet<>();
    private final Equalities equalities;

    /// @param decay  the factor that weight decay has for it
    /// @param sparse whether rows without a gradient rest in an update
    record Declared(Parameter parameter, double decay, boolean sparse, Span place) {}

    Shared(Problems problems, Set<Ast.Declaration> used, Equalities equalities) {
        this.problems = problems;
        this.used = used;
        this.equalities = equalities;
    }

    /// The functions and layers that were elaborated.
    Set<Ast.Declaration> used() {
        return used;
    }

    /// What holds between dims because the door checks it.
    Equalities equalities() {
        return equalities;
    }

    Problems problems() {
        return problems;
    }

    Map<String, Declared> parameters() {
        return parameters;
    }

    /// A constant is read from data once for all entries.
    Optional<Vocabulary> vocabulary(Ast.Constant constant, Supplier<Optional<Vocabulary>> read) {
        if (!vocabularies.containsKey(constant)) read.get().ifPresent(v -> vocabularies.put(constant, v));
        return Optional.ofNullable(vocabularies.get(constant));
    }

    /// By name, so that equal texts give equal jars.
    List<Vocabulary> vocabularies() {
        return vocabularies.values().stream().sorted(Comparator.comparing(Vocabulary::name)).toList();
    }

    /// The inputs and outputs that are text to a caller, each with the name of its vocabulary.
    Map<String, String> texts() {
        return texts;
    }

    Set<DoorCheck> checks() {
        return checks;
    }
}
