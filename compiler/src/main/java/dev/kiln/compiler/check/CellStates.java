package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// What cells remember from step to step.
final class CellStates {
    private final Elaboration in;

    CellStates(Elaboration in) {
        this.in = in;
    }

    /// The names of a cell's states: what a call gives them is what they begin with.
    static List<String> names(Ast.Block cell) {
        return declared(cell.body()).stream().flatMap(s -> s.names().stream()).map(Ast.Name::text).toList();
    }

    private static List<Ast.State> declared(List<Ast.Statement> body) {
        var all = new ArrayList<Ast.State>();
        for (Ast.Statement s : body) {
            if (s instanceof Ast.State state) all.add(state);
            if (s instanceof Ast.If i) {
                all.addAll(declared(i.then()));
                all.addAll(declared(i.otherwise()));
            }
        }
        return all;
    }

    /// `state h, c: f32[N, hidden] = 0`
    void declare(Ast.State s, Site site) {
        if (site.frame().instance().orElseThrow().block().inputs().isEmpty()) rows(s, site, in.loop().orElseThrow());
        for (Ast.Name name : s.names()) {
            site.scope().bind(name.text(), Item.Poison.MISTAKE, name.span());
            carried(s, name.text(), site).ifPresent(before -> {
                site.frame().states().put(name.text(), site.frame().join(name.text()));
                site.scope().bind(name.text(), new Tensor(before), name.span());
            });
        }
    }

    /// `unit.h` is the state before the step, `unit.h'` the one after it.
    Item read(Applicable cell, Expr.Member m, Site site) {
        String name = m.name().text();
        String owner = cell.instance().block().name().text();
        if (in.loop().isEmpty()) return in.fail(new CheckProblem.CellWithoutTime(site.place(m.span()), owner));
        Loop.Carried known = in.loop().get().states().get(cell.instance().path() + "." + name);
        if (m.primed()) return known != null && known.after().isPresent() ? new Tensor(known.after().get()) : in.fail(new CheckProblem.PrimeUnknown(site.place(m.span()), m.span().text().replace("'", "")));
        if (known != null) return new Tensor(known.before());
        Optional<Value> ahead = ahead(cell, name, in.loop().get(), site.place(m.span()), site);
        return ahead.isPresent() ? new Tensor(ahead.get()) : in.fail(new CheckProblem.ReadBeforeUse(site.place(m.span()), owner, name));
    }

    /// A state read before its cell stepped: the first axis of the cell's input is taken for that of the cell that reads it, or for the batch of the loop. The step then holds it to that.
    private Optional<Value> ahead(Applicable cell, String name, Loop loop, Span span, Site site) {
        Instance instance = cell.instance();
        Optional<Ast.State> state = declared(instance.block().body()).stream().filter(s -> s.names().stream().anyMatch(n -> n.text().equals(name))).findFirst();
        if (state.isEmpty() || instance.block().inputs().isEmpty()) return Optional.empty();
        var owner = new Site(new Scope(), new Frame(Frame.Kind.CELL, instance.home(), instance.path(), Optional.of(instance), span));
        instance.settings().forEach((n, b) -> owner.scope().bind(n, b.item(), b.place()));
        List<Expr> dims = instance.block().inputs().getFirst().type().dims();
        if (!dims.isEmpty() && dims.getFirst() instanceof Expr.Reference r && owner.scope().find(r.name()).isEmpty()) owner.scope().bind(r.name(), Ratio.of(rows(site, loop)), span);
        if (state.get().type().dims().stream().anyMatch(d -> !in.signatures().unknown(d, owner).isEmpty())) return Optional.empty();
        owner.frame().starts().putAll(cell.fixed());
        return carried(state.get(), name, owner);
    }

    /// `unit'` is everything that the step of `unit` moved.
    Optional<Item> after(Expr.Reference r, Site site) {
        Optional<Loop> loop = in.loop();
        if (loop.isEmpty() || !(site.scope().find(r.name()).map(Scope.Binding::item).orElse(Item.Poison.MISTAKE) instanceof Applicable cell)) return Optional.empty();
        var states = new LinkedHashMap<String, Item>();
        for (String path : loop.get().movedBy(cell.instance().path())) states.put(path, new Tensor(loop.get().states().get(path).after().orElseThrow()));
        return states.isEmpty() ? Optional.empty() : Optional.of(new Item.States(cell.instance().block().name().text(), states));
    }

    /// `unit' = rows(unit', parent)`
    void replace(Item.States next, Ast.Target target, Site site) {
        Loop loop = in.loop().orElseThrow();
        next.members().forEach((path, item) -> {
            TensorType type = loop.states().get(path).before().type();
            if (item instanceof Tensor(Value v) && v.type().equals(type)) loop.next(path, v);
            else in.fail(new CheckProblem.ShapeMismatch(site.place(target.span()), "the next value of " + path, type.toString(), item.describe(), List.of()));
        });
    }

    /// A cell without inputs learns the number of rows from its loop.
    private static void rows(Ast.State s, Site site, Loop loop) {
        List<Expr> dims = s.type().dims();
        if (!dims.isEmpty() && dims.getFirst() instanceof Expr.Reference r && site.scope().find(r.name()).isEmpty()) site.scope().bind(r.name(), Ratio.of(loop.batch()), s.span());
    }

    private static Dim rows(Site reader, Loop loop) {
        List<Ast.Input> inputs = reader.frame().instance().map(i -> i.block().inputs()).orElse(List.of());
        if (inputs.isEmpty() || inputs.getFirst().type().dims().isEmpty() || !(inputs.getFirst().type().dims().getFirst() instanceof Expr.Reference r)) return loop.batch();
        return reader.scope().find(r.name()).flatMap(b -> Numbers.whole(b.item())).orElse(loop.batch());
    }

    private Optional<Value> carried(Ast.State s, String name, Site site) {
        Optional<DType> dtype = Signatures.dtype(s.type().name().text());
        if (dtype.isEmpty()) {
            in.fail(new CheckProblem.UnknownType(s.type().name().span(), s.type().name().text()));
            return Optional.empty();
        }
        Optional<List<Dim>> shape = in.signatures().shape(s.type(), site, false);
        if (shape.isEmpty()) return Optional.empty();
        var type = new TensorType(dtype.get(), shape.get());
        Loop loop = in.loop().orElseThrow();
        String path = site.frame().join(name);
        Loop.Carried known = loop.states().get(path);
        if (known == null) return initial(s, name, type, site).map(v -> loop.carry(path, v));
        if (known.before().type().equals(type)) return Optional.of(known.before());
        in.fail(new CheckProblem.ShapeMismatch(site.place(s.span()), "the state %s was read before this step".formatted(name), known.before().type().toString(), type.toString(), List.of()));
        return Optional.empty();
    }

    /// What the call gave, or what the declaration says; a single number fills the state.
    private Optional<Value> initial(Ast.State s, String name, TensorType type, Site site) {
        Item given = site.frame().starts().get(name);
        Item item = given != null ? given : in.expressions().evaluate(s.initial(), site);
        Span place = given != null ? site.frame().call() : s.initial().span();
        var number = Numbers.value(item);
        Optional<Value> value = number.isPresent() ? Optional.of(in.tensors().scalar(type.dtype(), number.getAsDouble())) : in.arithmetic().tensor(item, place, site);
        if (value.isEmpty()) return value;
        Value filled = value.get().type().isScalar() ? in.tensors().broadcast(value.get(), type.shape(), List.of()) : value.get();
        if (filled.type().equals(type)) return Optional.of(filled);
        in.fail(new CheckProblem.ShapeMismatch(site.place(place), "what %s begins with".formatted(name), type.toString(), filled.type().toString(), List.of()));
        return Optional.empty();
    }
}
