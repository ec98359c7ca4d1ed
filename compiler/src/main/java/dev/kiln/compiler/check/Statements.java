package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Pending;
import dev.kiln.compiler.check.Item.Truth;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Ast.Statement;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;

/// The statements of a body, one after the other, until one returns.
final class Statements {
    private static final int LONGEST = 100_000;
    private final Elaboration in;

    Statements(Elaboration in) {
        this.in = in;
    }

    void elaborate(List<Statement> body, Site site) {
        for (Statement s : body) {
            if (site.frame().isRefused() && !(s instanceof Ast.Require) && site.frame().result().isEmpty()) site.frame().returns(List.of(Item.Poison.MISTAKE));
            if (site.frame().result().isPresent()) return;
            elaborate(s, site);
        }
    }

    void elaborate(Statement s, Site site) {
        in.from(site, s.span(), target(s));
        site.frame().enter(target(s), s instanceof Ast.Bind b ? Optional.of(b.value().span()) : Optional.empty());
        switch (s) {
            case Ast.Bind b -> bind(b, site);
            case Ast.Param p -> in.owners().param(p, site);
            case Ast.State st -> in.owners().state(st, site);
            case Ast.Draw d -> in.owners().draw(d, site);
            case Ast.Require r -> require(r, site);
            case Ast.If i -> choose(i, site);
            case Ast.Repeat r -> repeat(r, site);
            case Ast.Each e -> each(e, site);
            case Ast.Return r -> site.frame().returns(r.values().stream().map(v -> in.expressions().evaluate(v, site)).toList());
            case Ast.Stop stop -> in.unfolds().stop(stop, site);
            case Ast.Broken b -> b.names().forEach(n -> site.scope().bind(n.text(), Item.Poison.MISTAKE, n.span()));
            case Ast.In i -> misplaced(s, i.name(), site);
            case Ast.Out o -> misplaced(s, o.name(), site);
            case Ast.TrainStatement _, Ast.ProofStatement _ -> in.fail(new CheckProblem.MisplacedStatement(site.place(s.span()), word(s)));
        }
    }

    /// The name that layers made in the statement are called after.
    private static String target(Statement s) {
        return switch (s) {
            case Ast.Bind b -> b.targets().getFirst().name().text();
            case Ast.Out o -> o.name().text();
            case Ast.Loss _ -> "loss";
            case Ast.Metric _ -> "metric";
            default -> "";
        };
    }

    private void misplaced(Statement s, Ast.Name name, Site site) {
        in.fail(new CheckProblem.MisplacedStatement(site.place(s.span()), word(s)));
        site.scope().bind(name.text(), Item.Poison.MISTAKE, name.span());
    }

    private static String word(Statement s) {
        return s.span().text().split("\\W", 2)[0];
    }

    private void bind(Ast.Bind b, Site site) {
        List<Ast.Target> targets = b.targets();
        if (targets.size() == 1) {
            Ast.Target t = targets.getFirst();
            if (in.sliceWrites().isSlice(t, site)) in.sliceWrites().write(t, b.value(), site);
            else assign(t, t.indices().isEmpty() ? in.expressions().evaluate(b.value(), site) : in.formulas().define(t.indices(), b.value(), site), site);
            return;
        }
        targets.stream().filter(t -> !t.places().isEmpty()).findFirst().ifPresent(t -> in.fail(new CheckProblem.IndicesInList(site.place(t.span()), t.name().text())));
        Item value = in.expressions().evaluate(b.value(), site);
        if (value instanceof Item.Many(List<Item> items) && items.size() == targets.size()) {
            for (int i = 0; i < items.size(); i++) assign(targets.get(i), items.get(i), site);
            return;
        }
        if (!(value instanceof Item.Poison)) in.fail(new CheckProblem.ResultCount(site.place(b.span()), "the right side", targets.size(), value instanceof Item.Many(List<Item> items) ? items.size() : 1));
        for (Ast.Target t : targets) site.scope().bind(t.primed() ? t.name().text() + "'" : t.name().text(), Item.Poison.MISTAKE, t.span());
    }

    private void assign(Ast.Target target, Item item, Site site) {
        String name = target.name().text();
        if (target.primed()) {
            in.owners().next(target, item, site);
            return;
        }
        var before = site.scope().own().get(name);
        if (before != null && !(before.item() instanceof Item.Poison)) in.fail(new CheckProblem.DuplicateName(site.place(target.span()), name, before.place()));
        site.scope().bind(name, whole(item, target, site), target.span());
    }

    /// A formula without indices on the left has none left on the right.
    private Item whole(Item item, Ast.Target target, Site site) {
        if (!(item instanceof Item.Product p)) return item;
        Optional<Labelled> l = in.arithmetic().labelled(p, target.span(), site);
        return l.<Item>map(v -> new Item.Tensor(v.value())).orElse(Item.Poison.MISTAKE);
    }

    private void choose(Ast.If i, Site site) {
        Item condition = in.expressions().condition(i.condition(), site);
        if (condition instanceof Truth(boolean holds)) elaborate(holds ? i.then() : i.otherwise(), site);
        else if (!(condition instanceof Item.Poison)) in.fail(new CheckProblem.UndecidedCondition(site.place(i.condition().span()), i.condition().span().text()));
    }

    /// Unrolled; after each round a primed name takes its next value.
    private void repeat(Ast.Repeat r, Site site) {
        Optional<Dim> times = in.expressions().dim(r.times(), site);
        if (times.isEmpty()) return;
        if (!times.get().isConstant() || times.get().toInt() > LONGEST) {
            in.fail(new CheckProblem.UndecidedCondition(site.place(r.times().span()), r.times().span().text()));
            return;
        }
        for (int i = 0; i < times.get().toInt() && site.frame().result().isEmpty(); i++) {
            var round = new Scope(site.scope());
            round.bind(r.index().text(), Item.Ratio.of(i), r.index().span());
            round(r.body(), round, site);
        }
    }

    private void each(Ast.Each e, Site site) {
        Item list = in.expressions().evaluate(e.list(), site);
        if (!(list instanceof Item.Many(List<Item> items))) {
            if (!(list instanceof Item.Poison)) in.fail(new CheckProblem.TypeMismatch(site.place(e.list().span()), "a list", list.describe()));
            return;
        }
        for (Item item : items) {
            if (site.frame().result().isPresent()) return;
            var round = new Scope(site.scope());
            List<Item> parts = e.names().size() == 1 ? List.of(item) : item instanceof Item.Many(List<Item> many) ? many : List.of(item);
            if (parts.size() != e.names().size()) {
                in.fail(new CheckProblem.ResultCount(site.place(e.list().span()), "each of the list", e.names().size(), parts.size()));
                return;
            }
            for (int i = 0; i < parts.size(); i++) round.bind(e.names().get(i).text(), parts.get(i), e.list().span());
            round(e.body(), round, site);
        }
    }

    private void round(List<Statement> body, Scope round, Site site) {
        site.frame().round(1);
        elaborate(body, site.inner(round));
        site.frame().round(-1);
        new LinkedHashMap<>(round.own()).forEach((name, b) -> {
            if (name.endsWith("'")) site.scope().rebind(name.substring(0, name.length() - 1), b.item(), b.place());
        });
    }

    private void require(Ast.Require r, Site site) {
        Item condition = in.expressions().evaluate(r.condition(), site);
        String message = Messages.fill(r.message(), site);
        if (condition instanceof Pending(List<DoorCheck> checks)) {
            for (DoorCheck c : checks) in.shared().checks().add(new DoorCheck(c.left(), c.relation(), c.right(), message));
        } else if (condition instanceof Truth(boolean holds)) {
            if (holds) return;
            in.fail(new Messages(in, site).refused(r, message));
            site.frame().refuse();
        } else if (!(condition instanceof Item.Poison)) {
            in.fail(new CheckProblem.ConditionNotBool(site.place(r.condition().span()), condition.describe()));
        }
    }
}
