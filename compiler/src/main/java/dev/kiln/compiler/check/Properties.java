package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.check.PropertyCase.Choice;
import dev.kiln.compiler.check.PropertyCase.Door;
import dev.kiln.compiler.check.PropertyCase.Drawing;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Problem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One elaboration of a property, at one choice of its sizes. It finds the choices as it goes: those that nothing was chosen for take their smallest number.
final class Properties {
    private static final double USUAL = 2;
    private final Shared shared;
    private final Elaboration in;
    private final Site site;
    private final List<Long> chosen;
    private final List<Choice> choices = new ArrayList<>();
    private final List<Door> doors = new ArrayList<>();
    private final Map<String, Integer> names = new HashMap<>();
    private final Set<String> ofRows = new HashSet<>();
    private final Map<String, Long> sizes = new HashMap<>();
    private final Map<String, Dim> lengths = new HashMap<>();
    private final List<TestCase.Expectation> expectations = new ArrayList<>();
    private final List<PropertyCase.Gradient> gradients = new ArrayList<>();

    Properties(Module module, Shared shared, Span span, boolean inTraining, List<Long> chosen) {
        this.shared = shared;
        this.in = new Elaboration(shared, new Elaboration.Mode(inTraining, inTraining));
        this.site = new Site(new Scope(), new Frame(Frame.Kind.NETWORK, module, "", Optional.empty(), span));
        this.chosen = chosen;
    }

    /// What is elaborated at a choice.
    @FunctionalInterface
    interface Part {
        void elaborate(Properties run);
    }

    /// The case of `part`: elaborated for the smallest sizes and the largest, so that its mistakes are told.
    static PropertyCase of(Module module, Shared shared, Span span, String title, boolean inTraining, Part part) {
        var smallest = new Properties(module, new Shared(shared.problems(), shared.used(), new Equalities()), span, inTraining, List.of());
        part.elaborate(smallest);
        if (shared.problems().isEmpty()) part.elaborate(new Properties(module, new Shared(shared.problems(), shared.used(), new Equalities()), span, inTraining, smallest.choices.stream().map(Choice::high).toList()));
        return new PropertyCase(span, title, smallest.choices, numbers -> {
            var run = new Properties(module, new Shared(new Problems(), shared.used(), new Equalities()), span, inTraining, numbers);
            part.elaborate(run);
            return run.drawing();
        });
    }

    private Drawing drawing() {
        var parameters = new Parameters(shared.parameters().values().stream().map(Shared.Declared::parameter).toList());
        return new Drawing(in.graph(), parameters, doors, expectations, gradients, shared.problems().all().stream().map(Problem::code).toList(), sizes, lengths);
    }

    void statements(List<Ast.Statement> body) {
        body.forEach(this::rows);
        for (Ast.Statement s : body) statement(s);
    }

    /// The numbers that are axes of rows which end early: these axes have names, so that no other axis of the same size is taken for them.
    private void rows(Ast.Statement s) {
        List<Ast.Drawn> all = s instanceof Ast.GradCheck g ? g.over() : s instanceof Ast.ForAll f ? f.drawn() : List.of();
        for (Ast.Drawn d : all) d.type().ifPresent(t -> t.dims().subList(0, named(t)).forEach(dim -> Names.references(dim, ofRows::add)));
        if (s instanceof Ast.ForAll f) f.body().forEach(this::rows);
    }

    /// How many axes of a type have names: those up to the last ragged one.
    private static int named(Expr.TypeName type) {
        int count = type.dims().size();
        while (count > 0 && !(type.dims().get(count - 1) instanceof Expr.Ragged)) count--;
        return count;
    }

    private Dim named(String name, long size) {
        sizes.put(name, size);
        return Dim.variable(name);
    }

    private void statement(Ast.Statement s) {
        switch (s) {
            case Ast.Expect e -> Proofs.expect(e, in, site).ifPresent(expectations::add);
            case Ast.GradCheck g -> {
                g.over().forEach(this::draw);
                in.from(site, g.span(), "");
                site.frame().enter("gradcheck", Optional.empty());
                claim(in.expressions().evaluate(g.value(), site), g.span(), g.value().span());
            }
            case Ast.ForAll f -> {
                f.drawn().forEach(this::draw);
                statements(f.body());
            }
            default -> in.statements().elaborate(s, site);
        }
    }

    /// The gradient of every result of `fn`, on inputs as its signature says.
    void handwritten(Ast.Function fn, Module home) {
        var given = fn.inputs().stream().filter(i -> i.standard().isEmpty() || isTensor(i)).map(i -> new Calls.Given(Optional.of(i.name()), argument(i), i.span())).toList();
        Item result = in.calls().call(new Item.Callable(fn, home, Map.of()), given, fn.span(), site);
        if (result instanceof Item.Many(List<Item> items)) items.forEach(item -> claim(item, fn.span(), fn.span()));
        else claim(result, fn.span(), fn.span());
    }

    /// Whether numbers alone make a call of `fn`: it takes no layers, functions or words.
    static boolean isClosed(Ast.Function fn) {
        return fn.inputs().stream().allMatch(i -> i.standard().isPresent() || isTensor(i) || List.of("int", "float", "bool").contains(i.type().name().text()));
    }

    private static boolean isTensor(Ast.Input input) {
        return Signatures.dtype(input.type().name().text()).isPresent() && !input.type().name().text().equals(DType.bool.name());
    }

    private Item argument(Ast.Input input) {
        String type = input.type().name().text();
        if (type.equals("int")) return Ratio.of((long) USUAL);
        if (type.equals("float")) return new Item.Real(0.7);
        if (type.equals("bool")) return new Item.Truth(true);
        var shape = new ArrayList<Dim>();
        for (Expr d : input.type().dims()) shape.addAll(dims(d, input.name().text()));
        return door(input.name().text(), new TensorType(Signatures.dtype(type).orElseThrow(), shape), Optional.empty());
    }

    /// Names that a signature shows for the first time are sizes to choose; `S..` is two axes.
    private List<Dim> dims(Expr d, String of) {
        if (d instanceof Expr.Axes(_, var name)) {
            Item bound = site.scope().find(name.text()).map(Scope.Binding::item).orElse(Item.Poison.MISTAKE);
            if (bound instanceof Item.Axes(List<Dim> known)) return known;
            var dims = List.of(Dim.of(choose(name + "..", 1, 3)), Dim.of(choose(name + "..", 1, 3)));
            site.scope().bind(name.text(), new Item.Axes(dims), name.span());
            return dims;
        }
        for (String name : in.signatures().unknown(d, site)) site.scope().bind(name, Ratio.of(choose(name, 1, 4)), d.span());
        return in.expressions().dim(d, site).map(List::of).orElse(List.of(Dim.of(choose("an axis of " + of, 1, 3))));
    }

    /// What a proof draws: a whole number to choose, a real one, or a tensor whose ranges are sizes to choose.
    private void draw(Ast.Drawn d) {
        String name = d.name().text();
        in.from(site, d.span(), name);
        if (d.type().isEmpty()) {
            Expr.Range range = (Expr.Range) d.spread().orElseThrow();
            Item item = range.low() instanceof Expr.Whole(_, long low) && range.high() instanceof Expr.Whole(_, long high)
                    ? Ratio.of(ofRows.contains(name) ? named(name, choose(name, low, high)) : Dim.of(choose(name, low, high)))
                    : door(name, TensorType.scalar(DType.f32), Optional.of(range));
            site.scope().bind(name, item, d.span());
            return;
        }
        Expr.TypeName type = d.type().get();
        Optional<DType> dtype = Signatures.dtype(type.name().text());
        site.scope().bind(name, Item.Poison.MISTAKE, d.span());
        if (dtype.isEmpty()) {
            in.fail(new CheckProblem.UnknownType(type.name().span(), type.name().text()));
            return;
        }
        var shape = new ArrayList<Dim>();
        for (int axis = 0; axis < type.dims().size(); axis++) {
            Expr written = type.dims().get(axis) instanceof Expr.Ragged ragged ? ragged.axis() : type.dims().get(axis);
            Optional<Dim> dim = written instanceof Expr.Range r ? range(r, "axis %d of %s".formatted(axis, name), axis < named(type)) : in.expressions().dim(written, site);
            if (dim.isEmpty()) return;
            shape.add(dim.get());
        }
        for (int axis = 0; axis < shape.size(); axis++) if (type.dims().get(axis) instanceof Expr.Ragged r && !ends(r, shape.subList(0, axis), shape.get(axis))) return;
        Tensor drawn = door(name, new TensorType(dtype.get(), shape), d.spread().map(s -> (Expr.Range) s));
        site.scope().bind(name, new Tensor(in.ragged().masked(drawn.value(), 0)), d.span());
    }

    /// `t~len` draws `len`, which another tensor over the same rows may share.
    private boolean ends(Expr.Ragged r, List<Dim> rows, Dim axis) {
        String name = r.length().text();
        Optional<Scope.Binding> before = site.scope().find(name);
        if (before.isPresent() && axis.equals(lengths.get(name)) && before.get().item() instanceof Tensor(Value v) && v.type().shape().equals(rows)) return true;
        if (before.isPresent()) in.fail(new CheckProblem.DuplicateName(r.length().span(), name, before.get().place()));
        else if (rows.isEmpty() || axis.isConstant() || in.ragged().isDeclared(axis)) in.fail(new CheckProblem.RaggedAxis(r.span(), "a tensor that says otherwise", r.axis().span().text()));
        if (before.isPresent() || rows.isEmpty() || axis.isConstant() || in.ragged().isDeclared(axis)) return false;
        Value given = in.graph().add(new Input(name, new TensorType(DType.i32, rows)));
        doors.add(new Door(given, 0, axis.evaluate(sizes::get)));
        lengths.put(name, axis);
        in.ragged().ends(axis, given);
        site.scope().bind(name, new Tensor(given), r.length().span());
        return true;
    }

    private Optional<Dim> range(Expr.Range r, String what, boolean named) {
        Optional<Dim> low = in.expressions().dim(r.low(), site);
        Optional<Dim> high = in.expressions().dim(r.high(), site);
        if (low.isEmpty() || high.isEmpty()) return Optional.empty();
        if (!low.get().isConstant() || !high.get().isConstant() || low.get().toInt() < 1 || high.get().toInt() < low.get().toInt()) {
            in.fail(new CheckProblem.ValueOutOfRange(r.span(), "a range of sizes", low.get() + ".." + high.get(), "from 1 on, the smaller first"));
            return Optional.empty();
        }
        long size = choose(what, low.get().toInt(), high.get().toInt());
        return Optional.of(named ? named(what, size) : Dim.of(size));
    }

    private long choose(String what, long low, long high) {
        int index = choices.size();
        choices.add(new Choice(what, low, high));
        return index < chosen.size() ? Math.clamp(chosen.get(index), low, high) : low;
    }

    private Tensor door(String name, TensorType type, Optional<Expr.Range> spread) {
        boolean real = type.dtype() == DType.f32;
        double low = spread.flatMap(s -> in.expressions().number(s.low(), "the end of a range", site)).orElse(real ? -USUAL : 0);
        double high = spread.flatMap(s -> in.expressions().number(s.high(), "the end of a range", site)).orElse(real ? USUAL : 1);
        int drawn = names.merge(name, 1, Integer::sum);
        Value input = in.graph().add(new Input(drawn == 1 ? name : name + "." + drawn, type));
        doors.add(new Door(input, low, high));
        return new Tensor(input);
    }

    private void claim(Item item, Span span, Span place) {
        if (item instanceof Item.Poison) return;
        in.arithmetic().tensor(item, place, site).ifPresent(value -> {
            if (!in.unfolds().derives(value, place)) return;
            if (value.type().dtype() == DType.f32) gradients.add(new PropertyCase.Gradient(span, value));
            else in.fail(new CheckProblem.WrongElementType(place, "gradcheck", value.type().dtype().toString()));
        });
    }
}
