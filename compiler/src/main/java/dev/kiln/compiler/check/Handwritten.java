package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Many;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Cotangent;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.WithGradient;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/// `gradient(dy) { … }` of a function: its body sees the inputs, everything that the function itself binds, and for each result what flows into it. It returns what flows into each f32 input, in their order.
/// Of several results each is differentiated on its own, with zeros flowing into the others: a gradient is linear in what flows.
final class Handwritten {
    private final Elaboration in;
    private final Ast.Function function;
    private final Ast.Gradient gradient;
    private final Site owner;
    private final List<Ast.Input> inputs;

    /// @param owner the body of the function, elaborated
    Handwritten(Elaboration in, Ast.Function function, Ast.Gradient gradient, Site owner) {
        this.in = in;
        this.function = function;
        this.gradient = gradient;
        this.owner = owner;
        this.inputs = function.inputs().stream().filter(i -> i.type().name().text().equals(DType.f32.name())).toList();
    }

    Item attach(Item results) {
        if (results instanceof Item.Poison) return results;
        List<Item> items = results instanceof Many(List<Item> several) ? several : List.of(results);
        if (items.size() != gradient.names().size()) return in.fail(new CheckProblem.ResultCount(owner.place(gradient.span()), "gradient(…) of " + function.name(), items.size(), gradient.names().size()));
        var values = new ArrayList<Value>();
        for (Item item : items) {
            if (!(item instanceof Tensor(Value v)) || v.type().dtype() != DType.f32) return in.fail(new CheckProblem.TypeMismatch(owner.place(gradient.span()), "f32 results where a gradient is written", item.describe()));
            values.add(v);
        }
        List<Value> x = inputs.stream().map(this::input).toList();
        if (!closed(values, x)) return Item.Poison.MISTAKE;
        var attached = new ArrayList<Item>();
        for (int k = 0; k < values.size(); k++) {
            Optional<Item> one = attach(values, k, x);
            if (one.isEmpty()) return Item.Poison.MISTAKE;
            attached.add(one.get());
        }
        return attached.size() == 1 ? attached.getFirst() : new Many(attached);
    }

    private Value input(Ast.Input input) {
        return owner.scope().find(input.name().text()).map(Scope.Binding::item).filter(Tensor.class::isInstance).map(t -> ((Tensor) t).value()).orElseThrow();
    }

    /// A weight that the body reads beside its inputs would get no gradient at all.
    private boolean closed(List<Value> results, List<Value> x) {
        var seen = new HashSet<>(x);
        var open = new ArrayList<>(results);
        while (!open.isEmpty()) {
            Value v = open.removeLast();
            if (!seen.add(v)) continue;
            boolean moves = v.op() instanceof Param || (v.op() instanceof Input && v.type().dtype() == DType.f32);
            if (moves) {
                in.fail(new CheckProblem.GradientIncomplete(owner.place(gradient.span()), function.name().text(), v.op().attributes()));
                return false;
            }
            open.addAll(v.op().operands());
        }
        return true;
    }

    private Optional<Item> attach(List<Value> results, int which, List<Value> x) {
        Value y = results.get(which);
        var scope = new Scope(owner.scope());
        Value dy = in.graph().add(new Cotangent("%s of %s(%s)".formatted(gradient.names().get(which), function.name(), String.join(", ", x.stream().map(Value::toString).toList())), y.type()));
        for (int k = 0; k < results.size(); k++) {
            Ast.Name name = gradient.names().get(k);
            scope.bind(name.text(), new Tensor(k == which ? dy : Ops.fill(in.graph(), 0, results.get(k).type().shape())), name.span());
        }
        var site = new Site(scope, new Frame(owner.frame().home(), owner.frame().path(), Optional.empty(), owner.frame().call(), owner));
        in.statements().elaborate(gradient.body(), site);
        Optional<List<Value>> declared = declared(site, x);
        var here = in.graph().here();
        in.from(owner, gradient.span(), function.name().text());
        Optional<Item> result = declared.map(d -> new Tensor(in.graph().add(new WithGradient(function.name().text(), y, dy, inputs.stream().map(i -> i.name().text()).toList(), x, d))));
        in.graph().at(here);
        return result;
    }

    private Optional<List<Value>> declared(Site site, List<Value> x) {
        List<Item> returned = site.frame().result().orElse(List.of());
        if (returned.contains(Item.Poison.MISTAKE)) return Optional.empty();
        Span place = owner.place(gradient.span());
        if (returned.size() != x.size()) {
            in.fail(new CheckProblem.ResultCount(place, "the gradient of " + function.name(), x.size(), returned.size()));
            return Optional.empty();
        }
        var declared = new ArrayList<Value>();
        for (int i = 0; i < x.size(); i++) {
            Optional<Value> v = in.arithmetic().tensor(returned.get(i), place, site);
            if (v.isEmpty()) return Optional.empty();
            var shape = x.get(i).type().shape();
            Value spread = v.get().type().isScalar() ? in.tensors().broadcast(in.tensors().cast(v.get(), DType.f32), shape, List.of()) : v.get();
            if (!spread.type().equals(x.get(i).type())) {
                in.fail(new CheckProblem.ShapeMismatch(place, "the gradient of " + inputs.get(i).name(), x.get(i).type().toString(), spread.type().toString(), List.of()));
                return Optional.empty();
            }
            declared.add(spread);
        }
        return Optional.of(declared);
    }
}
