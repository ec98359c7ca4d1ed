package dev.kiln.cli.doc;

import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// What a declaration computes, as it says it: a box for every input, parameter, state, statement and link of a chain. A layer without settings and shapes has no graph to
/// draw, and what it is made of is what a reader wants to see.
final class FlowOfText {
    private static final int LONGEST = 34;

    private final Item item;
    /// The page of a name, empty where it has none.
    private final UnaryOperator<String> target;
    private final Flow flow = new Flow();
    /// Who makes a name, by now: one box, or one for each branch of an `if`.
    private final Map<String, Set<Integer>> makers = new HashMap<>();

    private FlowOfText(Item item, UnaryOperator<String> target) {
        this.item = item;
        this.target = target;
    }

    static Flow of(Item item, UnaryOperator<String> target) {
        FlowOfText text = new FlowOfText(item, target);
        for (Ast.Input input : item.inputs()) if (!input.type().dims().isEmpty()) text.source(Flow.Kind.INPUT, input.name().text(), input.type().span().text());
        text.all(item.body());
        return text.flow;
    }

    private void source(Flow.Kind kind, String name, String below) {
        makers.put(name, Set.of(flow.add(kind, name, shortened(below), "", Set.of())));
    }

    private void all(List<Ast.Statement> body) {
        body.forEach(this::one);
    }

    private void one(Ast.Statement s) {
        switch (s) {
            case Ast.In in -> source(Flow.Kind.INPUT, in.name().text(), in.type().span().text());
            case Ast.Param p -> source(Flow.Kind.PARAMETER, p.name().text(), p.type().span().text());
            case Ast.State state -> state.names().forEach(n -> source(Flow.Kind.PARAMETER, n.text(), "state " + state.type().span().text()));
            case Ast.Draw d -> makers.put(d.name().text(), Set.of(flow.add(Flow.Kind.PARAMETER, d.name().text(), shortened("from " + d.distribution().span().text()), "", reads(d.distribution().span()))));
            case Ast.Bind b -> bind(b);
            case Ast.If i -> branches(i);
            case Ast.Repeat r -> all(r.body());
            case Ast.Each e -> all(e.body());
            case Ast.Return r -> r.values().forEach(v -> result("result", v));
            case Ast.Out o when o.value().isPresent() -> result(o.name().text(), o.value().get());
            case Ast.Out o -> flow.add(Flow.Kind.RESULT, o.name().text(), "", "", makers.getOrDefault(o.name().text(), Set.of()));
            default -> {}
        }
    }

    private void bind(Ast.Bind b) {
        String names = String.join(", ", b.targets().stream().map(t -> t.name().text() + (t.primed() ? "′" : "")).toList());
        int box = b.value() instanceof Expr.Chain chain ? chain(chain, names) : step(b.value(), names);
        for (Ast.Target t : b.targets()) makers.put(t.name().text() + (t.primed() ? "'" : ""), Set.of(box));
    }

    /// Both branches may make the same names.
    private void branches(Ast.If i) {
        Map<String, Set<Integer>> before = new HashMap<>(makers);
        all(i.then());
        Map<String, Set<Integer>> then = new HashMap<>(makers);
        makers.clear();
        makers.putAll(before);
        all(i.otherwise());
        then.forEach((name, boxes) -> makers.merge(name, boxes, FlowOfText::union));
    }

    private static Set<Integer> union(Set<Integer> a, Set<Integer> b) {
        Set<Integer> both = new LinkedHashSet<>(a);
        both.addAll(b);
        return both;
    }

    private void result(String name, Expr value) {
        Set<Integer> from = switch (value) {
            case Expr.Reference _ -> reads(value.span());
            case Expr.Chain chain -> Set.of(chain(chain, ""));
            default -> Set.of(step(value, ""));
        };
        flow.add(Flow.Kind.RESULT, name, "", "", from);
        makers.put(name, from);
    }

    private int step(Expr value, String name) {
        String text = value.span().text();
        String call = value instanceof Expr.Call c && c.callee() instanceof Expr.Reference r ? r.name() : "";
        return flow.add(Flow.Kind.STEP, shortened(text), name, target.apply(call), reads(value.span()));
    }

    /// A box for every link; the last has the name that the chain gets.
    private int chain(Expr.Chain chain, String name) {
        Set<Integer> from = chain.first() instanceof Expr.Reference ? reads(chain.first().span()) : Set.of(step(chain.first(), ""));
        int box = -1;
        for (Expr.Stage stage : chain.stages()) {
            boolean last = stage.equals(chain.stages().getLast());
            Expr step = stage.step();
            String called = step instanceof Expr.Call c && c.callee() instanceof Expr.Reference r ? r.name() : step instanceof Expr.Reference r ? r.name() : "";
            box = flow.add(Flow.Kind.STEP, shortened(step.span().text()), last ? name : "", target.apply(called), union(from, reads(step.span())));
            from = Set.of(box);
        }
        return box;
    }

    /// The boxes of the names that some words read.
    private Set<Integer> reads(Span span) {
        Set<Integer> boxes = new LinkedHashSet<>();
        for (Token word : item.words()) {
            if (word.start() >= span.start() && word.end() <= span.end() && word.isWord()) boxes.addAll(makers.getOrDefault(word.text(), makers.getOrDefault(word.name(), Set.of())));
        }
        return boxes;
    }

    private static String shortened(String text) {
        String flat = text.replaceAll("\\s+", " ");
        return flat.length() <= LONGEST ? flat : flat.substring(0, LONGEST - 1) + "…";
    }
}
