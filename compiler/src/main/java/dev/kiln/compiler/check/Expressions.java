package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Callable;
import dev.kiln.compiler.check.Item.Kind;
import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Real;
import dev.kiln.compiler.check.Item.Truth;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Origin;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Vocabulary;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/// What an expression stands for.
final class Expressions {
    private final Elaboration in;
    private final Conditions conditions;

    Expressions(Elaboration in) {
        this.in = in;
        this.conditions = new Conditions(in);
    }

    Item evaluate(Expr e, Site site) {
        return switch (e) {
            case Expr.Whole w -> Ratio.of(w.value());
            case Expr.Real r -> new Real(r.value());
            case Expr.Text t -> new Item.Text(t.value());
            case Expr.Truth t -> new Truth(t.value());
            case Expr.Reference r -> reference(r, site);
            case Expr.Axes a -> row(a, site);
            case Expr.Tuple t -> many(t.items(), site);
            case Expr.Items t -> many(t.items(), site);
            case Expr.Choose c -> choose(c, site);
            case Expr.Chain c -> chain(c, site);
            case Expr.Unary u -> unary(u, site);
            case Expr.Binary b -> binary(b, site);
            case Expr.Call c -> call(c, Optional.empty(), site);
            case Expr.At a -> in.formulas().at(a, site);
            case Expr.Member m -> member(m, site);
            case Expr.Fresh f -> fresh(f, site);
            case Expr.Range r -> in.fail(new CheckProblem.TypeMismatch(site.place(r.span()), "a value", "a range"));
            case Expr.Ragged r -> in.fail(new CheckProblem.TypeMismatch(site.place(r.span()), "a value", "a ragged axis"));
        };
    }

    /// A whole number or dim; what else it may be is reported.
    Optional<Dim> dim(Expr e, Site site) {
        Item item = evaluate(e, site);
        Optional<Dim> whole = Numbers.whole(item);
        if (whole.isEmpty() && !(item instanceof Item.Poison))
            in.fail(item instanceof Ratio r ? new CheckProblem.NotWhole(site.place(e.span()), r.toString(), origins(e, site)) : new CheckProblem.TypeMismatch(site.place(e.span()), "a whole number", item.describe()));
        return whole;
    }

    /// A number known now.
    Optional<Double> number(Expr e, String what, Site site) {
        Item item = evaluate(e, site);
        var value = Numbers.value(item);
        if (value.isPresent()) return Optional.of(value.getAsDouble());
        if (!(item instanceof Item.Poison)) in.fail(new CheckProblem.TypeMismatch(site.place(e.span()), what, item.describe()));
        return Optional.empty();
    }

    Item condition(Expr e, Site site) {
        return conditions.truth(evaluate(e, site), e, site);
    }

    private Item reference(Expr.Reference r, Site site) {
        String name = r.primed() ? r.name() + "'" : r.name();
        var bound = site.scope().find(name);
        if (bound.isPresent() && bound.get().item() instanceof Item.Slices part) return in.sliceWrites().missing(part, r.span(), site);
        if (bound.isPresent()) return bound.get().item();
        if (r.primed()) return in.cellStates().after(r, site).orElseGet(() -> in.fail(new CheckProblem.PrimeUnknown(site.place(r.span()), r.name())));
        var declared = site.frame().home().find(name);
        if (declared.isPresent()) return declaration(declared.get(), r, site);
        return in.intrinsics().named(name).orElseGet(() -> unknown(name, r.span(), site));
    }

    private Item unknown(String name, Span span, Site site) {
        var known = new LinkedHashSet<>(site.scope().visible());
        known.addAll(site.frame().home().own().keySet());
        known.addAll(site.frame().home().visible().keySet());
        known.addAll(in.intrinsics().names());
        return in.fail(new CheckProblem.UnknownName(site.place(span), name, Names.similar(name, known)));
    }

    private Item declaration(Module.Visible visible, Expr.Reference r, Site site) {
        return switch (visible.declaration()) {
            case Ast.Constant c -> constant(c, visible.home(), site);
            case Ast.Function f -> new Callable(f, visible.home(), Map.of());
            case Ast.Block b when b.kind() != Ast.BlockKind.NETWORK -> new Kind(b, visible.home());
            case Ast.Block _ -> in.fail(new CheckProblem.NetworkAsLayer(site.place(r.span()), r.name()));
            case Ast.Use _, Ast.Train _, Ast.Proof _, Ast.Broken _ -> Item.Poison.MISTAKE;
        };
    }

    private Item constant(Ast.Constant c, Module home, Site site) {
        Item known = in.constants().get(c);
        if (known != null) return known;
        in.constants().put(c, Item.Poison.MISTAKE);
        Item item = c.value() instanceof Expr.Call call && call.callee() instanceof Expr.Reference f && f.name().equals("vocabulary")
                ? in.shared().vocabulary(c, () -> new VocabularyReader(in, site).read(c.name().text(), call)).<Item>map(Item.Words::new).orElse(Item.Poison.MISTAKE)
                : evaluate(c.value(), new Site(new Scope(), new Frame(home, "", Optional.empty(), site.place(c.span()), site)));
        in.constants().put(c, item);
        return item;
    }

    private Item row(Expr.Axes a, Site site) {
        var bound = site.scope().find(a.name().text());
        if (bound.isPresent() && (bound.get().item() instanceof Item.Axes || bound.get().item() instanceof Item.Positions)) return bound.get().item();
        return unknown(a.name().text(), a.span(), site);
    }

    private Item many(List<Expr> items, Site site) {
        var all = items.stream().map(i -> evaluate(i, site)).toList();
        return all.contains(Item.Poison.MISTAKE) ? Item.Poison.MISTAKE : new Item.Many(all);
    }

    /// A condition known now picks code; one of elements picks elements.
    private Item choose(Expr.Choose c, Site site) {
        Item condition = condition(c.condition(), site);
        if (condition instanceof Truth(boolean holds)) return evaluate(holds ? c.then() : c.otherwise(), site);
        if (condition instanceof Item.Poison) return condition;
        Item a = evaluate(c.then(), site);
        Item b = evaluate(c.otherwise(), site);
        return in.arithmetic().map(Functions.SELECT, c.span(), site, condition, a, b);
    }

    private Item unary(Expr.Unary u, Site site) {
        Item operand = u.operator() == Expr.UnaryOperator.NOT ? condition(u.operand(), site) : evaluate(u.operand(), site);
        if (operand instanceof Item.Poison) return operand;
        if (u.operator() == Expr.UnaryOperator.NOT) return operand instanceof Truth(boolean b) ? new Truth(!b) : in.arithmetic().not(u.span(), site, operand);
        if (Numbers.isNumber(operand)) return Numbers.negate(operand);
        if (operand instanceof Item.Position(Coordinate c)) return new Item.Position(c.times(-1));
        return in.arithmetic().map(Functions.NEG, u.span(), site, operand);
    }

    private Item binary(Expr.Binary b, Site site) {
        return switch (b.operator()) {
            case AND, OR -> conditions.both(b, site);
            case LESS, LESS_EQUAL, GREATER, GREATER_EQUAL, EQUAL, NOT_EQUAL -> conditions.compare(b, evaluate(b.left(), site), evaluate(b.right(), site), site);
            case MATRIX -> in.intrinsics().matrix(evaluate(b.left(), site), evaluate(b.right(), site), b, site);
            case POWER, MULTIPLY, DIVIDE, REMAINDER, ADD, SUBTRACT -> in.arithmetic().binary(b.operator(), evaluate(b.left(), site), evaluate(b.right(), site), b.span(), site);
        };
    }

    /// Each stage gets what stands left of it as its first input.
    private Item chain(Expr.Chain chain, Site site) {
        Item value = evaluate(chain.first(), site);
        Span left = chain.first().span();
        for (Expr.Stage stage : chain.stages()) {
            in.from(site, stage.span(), site.frame().statement());
            var given = new Calls.Given(Optional.empty(), value, left);
            Item next;
            if (stage.step() instanceof Expr.Call c) {
                next = call(c, Optional.of(new Link(given, stage.as().map(Ast.Name::text))), site);
            } else {
                Item callee = evaluate(stage.step(), site);
                if (callee instanceof Kind k) callee = in.calls().make(k, List.of(), stage.span(), site, stage.as().map(Ast.Name::text));
                next = in.calls().call(callee, List.of(given), stage.span(), site);
            }
            value = next;
            left = stage.span();
            stage.as().ifPresent(as -> site.frame().lastMade().ifPresent(made -> site.scope().bind(as.text(), new Applicable(made, Map.of()), as.span())));
        }
        return value;
    }

    /// A stage of a chain: what comes from the left, and the name that `as` gives.
    private record Link(Calls.Given left, Optional<String> as) {}

    private Item call(Expr.Call c, Optional<Link> link, Site site) {
        if (!c.over().isEmpty()) return in.reductions().over(c, site);
        Item callee = callee(c.callee(), site);
        if (callee instanceof Item.Intrinsic(String name) && name.equals("vocabulary")) return in.fail(new CheckProblem.VocabularyOutsideConst(site.place(c.span()), c.span().text()));
        if (callee instanceof Item.Poison) {
            for (Expr.Argument a : c.arguments()) evaluate(a.value(), site);
            return callee;
        }
        if (callee instanceof Kind k) {
            Item made = in.calls().make(k, c.arguments(), c.span(), site, link.flatMap(Link::as));
            return link.isEmpty() ? made : in.calls().call(made, List.of(link.get().left()), c.span(), site);
        }
        var given = new ArrayList<Calls.Given>();
        link.ifPresent(l -> given.add(l.left()));
        for (Expr.Argument a : c.arguments()) given.add(new Calls.Given(a.name(), argument(a, callee, site), a.span()));
        return in.calls().call(callee, given, c.span(), site);
    }

    /// A name that is called stands for something that can be: `max(z, 0)` is the function beside a setting `max`.
    Item callee(Expr e, Site site) {
        if (e instanceof Expr.Reference r && !r.primed() && site.scope().find(r.name()).isPresent() && Numbers.isNumber(site.scope().find(r.name()).get().item())) {
            var declared = site.frame().home().find(r.name());
            if (declared.isPresent()) return declaration(declared.get(), r, site);
            if (in.intrinsics().named(r.name()).isPresent()) return in.intrinsics().named(r.name()).get();
        }
        return evaluate(e, site);
    }

    /// Words that an input offers need no declaration.
    private Item argument(Expr.Argument a, Item callee, Site site) {
        if (a.value() instanceof Expr.Reference r && site.scope().find(r.name()).isEmpty() && callee instanceof Callable f
                && f.function().inputs().stream().anyMatch(i -> i.type().name().text().equals(r.name()))) return new Item.Word(r.name());
        return evaluate(a.value(), site);
    }

    private Item member(Expr.Member m, Site site) {
        Item whole = isInside(m.owner(), site) ? new Item.Inside(path(m.owner(), site).orElseThrow()) : evaluate(m.owner(), site);
        Item owner = in.unfolds().last(whole).orElse(whole);
        if (owner instanceof Item.Poison) return owner;
        if (owner instanceof Applicable cell && cell.isCell() && CellStates.names(cell.instance().block()).contains(m.name().text())) return in.cellStates().read(cell, m, site);
        if (owner instanceof Item.States s) return s.members().containsKey(m.name().text()) ? s.members().get(m.name().text()) : in.fail(new CheckProblem.UnknownMember(site.place(m.span()), s.cell(), m.name().text(), Names.similar(m.name().text(), s.members().keySet())));
        if (owner instanceof Item.Words(Vocabulary v)) return words(v, m, site);
        Optional<Item> inner = inside(m, site);
        if (inner.isPresent()) return inner.get();
        if (owner instanceof Item.Inside(String path)) return in.fail(new CheckProblem.UnknownMember(site.place(m.span()), path, m.name().text(), Names.similar(m.name().text(), below(path))));
        if (!(owner instanceof Applicable(Instance instance, _))) return in.fail(new CheckProblem.NoMembers(site.place(m.span()), owner.describe(), m.name().text()));
        Item found = instance.members().get(m.name().text());
        if (found != null) return found;
        var known = new LinkedHashSet<>(instance.members().keySet());
        known.addAll(below(instance.path()));
        if (known.isEmpty()) return in.fail(new CheckProblem.ReadBeforeUse(site.place(m.span()), instance.block().name().text(), m.name().text()));
        return in.fail(new CheckProblem.UnknownMember(site.place(m.span()), instance.block().name().text(), m.name().text(), Names.similar(m.name().text(), known)));
    }

    /// `enc.hidden.W` and `logits.dense_1.W`: the weight of a layer inside a layer or a statement, by its path.
    private Optional<Item> inside(Expr.Member m, Site site) {
        Optional<String> path = m.primed() ? Optional.empty() : path(m, site);
        if (path.isEmpty()) return Optional.empty();
        Shared.Declared weight = in.shared().parameters().get(path.get());
        if (weight != null && weight.parameter().role() == Parameter.Role.WEIGHT) return Optional.of(new Item.Tensor(in.tensors().add(new Param(path.get(), weight.parameter().type()))));
        return isInside(m, site) ? Optional.of(new Item.Inside(path.get())) : Optional.empty();
    }

    /// The next names on the paths of the weights below a path.
    private List<String> below(String path) {
        return in.shared().parameters().keySet().stream().filter(p -> p.startsWith(path + ".")).map(p -> p.substring(path.length() + 1).replaceAll("\\..*", "")).distinct().toList();
    }

    /// Whether weights lie below the path that an expression spells.
    private boolean isInside(Expr e, Site site) {
        return e instanceof Expr.Member && path(e, site).filter(path -> !below(path).isEmpty()).isPresent();
    }

    private static Optional<String> path(Expr e, Site site) {
        return switch (e) {
            case Expr.Member m when !m.primed() -> path(m.owner(), site).map(owner -> owner + "." + m.name().text());
            case Expr.Reference r when !r.primed() -> site.scope().find(r.name()).map(b -> b.item() instanceof Applicable a ? a.instance().path() : site.frame().join(r.name()));
            default -> Optional.empty();
        };
    }

    private Item words(Vocabulary v, Expr.Member m, Site site) {
        List<String> known = v.isOpen() ? List.of("size", "unknown", "start", "end") : List.of("size");
        String name = m.name().text();
        if (!known.contains(name)) return in.fail(new CheckProblem.UnknownMember(site.place(m.span()), v.name(), name, v.isOpen() ? Names.similar(name, known) : Optional.of("size")));
        return Ratio.of(switch (name) {
            case "size" -> v.size();
            case "unknown" -> v.unknown();
            case "start" -> v.start();
            default -> v.end();
        });
    }

    private Item fresh(Expr.Fresh f, Site site) {
        Item item = evaluate(new Expr.Reference(f.span(), f.name().text(), false), site);
        if (item instanceof Kind k) return in.calls().make(k, List.of(), f.span(), site, Optional.empty());
        if (!(item instanceof Applicable(Instance i, Map<String, Item> fixed))) return item instanceof Item.Poison ? item : in.fail(new CheckProblem.TypeMismatch(site.place(f.span()), "a layer or cell after fresh", item.describe()));
        return new Applicable(new Instance(i.block(), i.home(), site.frame().childPath(i.block().name().text(), Optional.empty(), f.span()), i.settings(), f.span()), fixed);
    }

    /// Where the numbers come from that the names in `e` stand for: `- width = 6`.
    List<Origin> origins(Expr e, Site site) {
        var origins = new LinkedHashMap<String, Origin>();
        Names.references(e, name -> site.scope().find(name).ifPresent(b -> {
            if (Numbers.isNumber(b.item()) && !b.place().equals(e.span())) origins.put(name, new Origin(b.place(), name + " = " + Numbers.print(b.item())));
        }));
        return List.copyOf(origins.values());
    }

    /// The same for the text of a place: every number among the names visible there.
    List<Origin> origins(Span span, Site site) {
        var origins = new ArrayList<Origin>();
        String text = " " + site.place(span).text() + " ";
        if (site.frame().home().isLibrary()) return origins;
        for (String name : site.scope().visible()) {
            if (!text.matches("(?s).*[^A-Za-z0-9_.]" + Pattern.quote(name) + "[^A-Za-z0-9_:'].*")) continue;
            site.scope().find(name).ifPresent(b -> {
                if (Numbers.isNumber(b.item())) origins.add(new Origin(b.place(), name + " = " + Numbers.print(b.item())));
            });
        }
        return origins;
    }
}
