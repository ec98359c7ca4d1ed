package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// One elaboration of one body: the names of what is made in it, and what it returns.
final class Frame {
    private final Kind kind;
    private final Optional<Site> caller;
    private final Module home;
    private final String path;
    private final Optional<Instance> instance;
    private final Span call;
    private final Map<String, Integer> counts = new HashMap<>();
    private final Set<String> taken = new HashSet<>();
    private String statement = "";
    private final Map<String, String> states = new HashMap<>();
    private final Map<String, Item.Slices> slices = new LinkedHashMap<>();
    private int rounds;
    private Optional<Frame> namer = Optional.empty();
    private boolean refused;
    private Optional<Span> whole = Optional.empty();
    private final Map<String, Item> starts = new HashMap<>();
    private Optional<Instance> lastMade = Optional.empty();
    private Optional<List<Item>> result = Optional.empty();
    private final IdentityHashMap<Object, Item> evaluated = new IdentityHashMap<>();
    private final IdentityHashMap<Object, Scope> scopes = new IdentityHashMap<>();
    private final List<Supplier<List<IndexVariable>>> indices = new ArrayList<>();

    /// What the body belongs to.
    enum Kind { BODY, CELL, NETWORK, OPTIMIZER }

    /// A body that is called from `caller`.
    Frame(Module home, String path, Optional<Instance> instance, Span call, Site caller) {
        this(Kind.BODY, home, path, instance, call, Optional.of(caller));
    }

    /// The standard values of settings: layers made there are named where the settings are used.
    static Frame ofSettings(Module home, Span call, Site caller) {
        var frame = new Frame(Kind.BODY, home, "", Optional.empty(), call, Optional.of(caller));
        frame.namer = Optional.of(caller.frame());
        return frame;
    }

    /// One step of a cell.
    static Frame ofCell(Instance cell, Map<String, Item> starts, Span call, Site caller) {
        var frame = new Frame(Kind.CELL, cell.home(), cell.path(), Optional.of(cell), call, Optional.of(caller));
        frame.starts.putAll(starts);
        return frame;
    }

    Frame(Kind kind, Module home, String path, Optional<Instance> instance, Span call) {
        this(kind, home, path, instance, call, Optional.empty());
    }

    private Frame(Kind kind, Module home, String path, Optional<Instance> instance, Span call, Optional<Site> caller) {
        this.kind = kind;
        this.caller = caller;
        this.home = home;
        this.path = path;
        this.instance = instance;
        this.call = call;
    }

    boolean isNetwork() {
        return kind == Kind.NETWORK;
    }

    boolean isOptimizer() {
        return kind == Kind.OPTIMIZER;
    }

    boolean isCell() {
        return kind == Kind.CELL;
    }

    /// What the call gave the states of a cell to begin with.
    Map<String, Item> starts() {
        return starts;
    }

    /// A layer's state lies beside its parameters, an optimizer's under its own name: `optimizer.m.logits.W`.
    String statePath(String name) {
        return isOptimizer() ? "optimizer." + name + "." + path : join(name);
    }

    Module home() {
        return home;
    }

    String path() {
        return path;
    }

    Optional<Instance> instance() {
        return instance;
    }

    /// Whose expression called the body.
    Optional<Site> caller() {
        return caller;
    }

    /// Where the body was called from, in the text of its user.
    Span call() {
        return call;
    }

    /// A `require` failed: what follows would only repeat it.
    void refuse() {
        refused = true;
    }

    boolean isRefused() {
        return refused;
    }

    Optional<List<Item>> result() {
        return result;
    }

    void returns(List<Item> items) {
        result = Optional.of(items);
    }

    /// The statement that is elaborated now. @param whole its value: the layer that this makes has the name of the statement
    void enter(String target, Optional<Span> whole) {
        statement = target;
        this.whole = whole;
        evaluated.clear();
        scopes.clear();
        indices.clear();
    }

    /// What a formula has evaluated already: its tensors are looked at first for their shapes.
    Map<Object, Item> evaluated() {
        return evaluated;
    }

    /// The indices that each `over` binds.
    Map<Object, Scope> scopes() {
        return scopes;
    }

    /// The indices of the formula, in the order they were bound; those of rows are known late.
    void add(Supplier<List<IndexVariable>> bound) {
        indices.add(bound);
    }

    /// Whether a loop is being unrolled: then a prime is the value in the next round.
    boolean inRound() {
        return rounds > 0;
    }

    void round(int step) {
        rounds += step;
    }

    /// The states declared here, with their paths.
    Map<String, String> states() {
        return states;
    }

    /// The states whose next values are written in part.
    Map<String, Item.Slices> slices() {
        return slices;
    }

    /// The layer that the statement made last, for `as`.
    Optional<Instance> lastMade() {
        return lastMade;
    }

    void made(Instance made) {
        lastMade = Optional.of(made);
    }

    /// All of these axes, each once, in the order of binding: formulas then need few permutations.
    List<IndexVariable> inOrder(List<List<IndexVariable>> axes) {
        var all = new LinkedHashSet<IndexVariable>();
        for (List<IndexVariable> a : axes) all.addAll(a);
        List<IndexVariable> order = indices.stream().flatMap(i -> i.get().stream()).toList();
        return all.stream().sorted(Comparator.comparingInt(i -> order.contains(i) ? order.indexOf(i) : order.size())).toList();
    }

    String statement() {
        return statement;
    }

    /// The path of a layer made here: `logits.dense_1`, or `enc` when the statement is `enc = Encoder(128)`, or the name that `as` gives.
    String childPath(String kind, Optional<String> as, Span made) {
        if (namer.isPresent()) return namer.get().childPath(kind, as, made);
        if (as.isPresent()) return unique(as.get());
        if (whole.equals(Optional.of(made)) && !statement.isEmpty()) return unique(statement);
        String stem = (statement.isEmpty() ? "" : statement + ".") + snake(kind);
        return join(stem + "_" + counts.merge(stem, 1, Integer::sum));
    }

    /// The path of a parameter: in a loop that is unrolled each round has its own.
    String parameterPath(String name) {
        return join(inRound() ? name + "_" + counts.merge(name + "'", 1, Integer::sum) : name);
    }

    private String unique(String name) {
        String candidate = name;
        for (int n = 2; !taken.add(candidate); n++) candidate = name + "_" + n;
        return join(candidate);
    }

    String join(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    /// `BatchNorm` is `batch_norm`, `Conv2d` `conv2d`.
    static String snake(String kind) {
        return kind.replaceAll("([a-z0-9])([A-Z])", "$1_$2").toLowerCase(Locale.ROOT);
    }
}
