package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Origin;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.Dim;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One graph in the making, its mode fixed, and the parts that make it.
final class Elaboration {
    private final Shared shared;
    private final Mode mode;
    private final Graph graph = new Graph();
    private final Tensors tensors = new Tensors(graph);
    private final Arithmetic arithmetic = new Arithmetic(this);
    private final Formulas formulas = new Formulas(this);
    private final Contractions contractions = new Contractions(this);
    private final Reductions reductions = new Reductions(this);
    private final Expressions expressions = new Expressions(this);
    private final Intrinsics intrinsics = new Intrinsics(this);
    private final Signatures signatures = new Signatures(this);
    private final Calls calls = new Calls(this);
    private final Statements statements = new Statements(this);
    private final Owners owners = new Owners(this);
    private final SliceWrites sliceWrites = new SliceWrites(this);
    private final Cells cells = new Cells(this);
    private final CellStates cellStates = new CellStates(this);
    private final Sequences sequences = new Sequences(this);
    private final Unfolds unfolds = new Unfolds(this);
    private final Rows rows = new Rows(this);
    private final Ragged ragged = new Ragged(this);
    private final Texts texts = new Texts(this);
    private Optional<Loop> loop = Optional.empty();
    private final Map<String, Value> states = new HashMap<>();
    private final Map<String, Value> updates = new LinkedHashMap<>();
    private final IdentityHashMap<Object, Item> constants = new IdentityHashMap<>();

    /// Statistics move when `training`, masks are drawn when `sampling`.
    record Mode(boolean training, boolean sampling) {}

    Elaboration(Shared shared, Mode mode) {
        this.shared = shared;
        this.mode = mode;
    }

    Shared shared() {
        return shared;
    }

    Mode mode() {
        return mode;
    }

    Graph graph() {
        return graph;
    }

    Tensors tensors() {
        return tensors;
    }

    Arithmetic arithmetic() {
        return arithmetic;
    }

    Formulas formulas() {
        return formulas;
    }

    Contractions contractions() {
        return contractions;
    }

    Reductions reductions() {
        return reductions;
    }

    Expressions expressions() {
        return expressions;
    }

    Intrinsics intrinsics() {
        return intrinsics;
    }

    Signatures signatures() {
        return signatures;
    }

    Calls calls() {
        return calls;
    }

    Statements statements() {
        return statements;
    }

    Owners owners() {
        return owners;
    }

    SliceWrites sliceWrites() {
        return sliceWrites;
    }

    Cells cells() {
        return cells;
    }

    CellStates cellStates() {
        return cellStates;
    }

    Sequences sequences() {
        return sequences;
    }

    Unfolds unfolds() {
        return unfolds;
    }

    Rows rows() {
        return rows;
    }

    Ragged ragged() {
        return ragged;
    }

    Texts texts() {
        return texts;
    }

    /// The loop over time whose body is elaborated now.
    Optional<Loop> loop() {
        return loop;
    }

    void enter(Optional<Loop> loop) {
        this.loop = loop;
    }

    /// A parameter or state has this value when the run ends.
    void move(String path, Value value) {
        states.put(path, value);
        updates.put(path, value);
    }

    /// The present value of each state: what it was, or what this run has made of it.
    Map<String, Value> states() {
        return states;
    }

    /// The new values of parameters and states, by name.
    Map<String, Value> updates() {
        return updates;
    }

    /// The values of `const` declarations, each made once.
    Map<Object, Item> constants() {
        return constants;
    }

    /// Two shapes that ought to be equal and are not as yet. True where only the sizes of a run can tell: the door checks it then, and this elaboration is
    /// given up, without a problem, for one that knows them to be equal.
    boolean together(List<Dim> a, List<Dim> b, Span span, Site site) {
        return shared.equalities().assume(a, b, site.place(span));
    }

    Item.Poison fail(CheckProblem problem) {
        shared.problems().add(problem);
        return Item.Poison.MISTAKE;
    }

    /// From now on values come from this place, if it is the user's.
    void from(Site site, Span span, String name) {
        if (!site.frame().home().isLibrary()) graph.at(new Origin(span.file().name(), span.line(), name));
    }
}
