package dev.kiln.testkit.shrink;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.syntax.Formatter;
import dev.kiln.compiler.syntax.Parser;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Simpler texts than a `.nn` file, those that lack most first: without declarations, statements, links of a chain, arguments, comments; an expression replaced by a part of it, a name by what it stands for, a
/// value by an input; sizes towards 1 and 2, all that are equal at once or each alone. They are only likely to be right: what uses them asks the compiler.
public final class SourceCuts {
    private static final Pattern COMMENT = Pattern.compile("[ \\t]*//[^\\n]*\\n?");
    private static final List<Long> SIZES = List.of(1L, 2L, 3L);
    private static final int LARGEST_RANK = 4;

    private final String text;
    private final List<Cut> cuts = new ArrayList<>();
    private final Map<Long, Map<Integer, Integer>> wholes = new TreeMap<>();
    private final Map<String, Map<Integer, Integer>> references = new TreeMap<>();

    private SourceCuts(String text) {
        this.text = text;
    }

    /// None for a text with syntax errors.
    public static Stream<String> of(String text) {
        var problems = new Problems();
        Ast.File file = Parser.parse(new SourceFile("smaller.nn", text), problems);
        if (!problems.isEmpty()) return Stream.empty();
        var all = new SourceCuts(text);
        all.comments();
        all.visit(file);
        all.sizes();
        all.inline(file, file.span());
        all.unfold(file);
        return all.cuts.stream().sorted(Comparator.comparingInt(Cut::gain).reversed()).map(cut -> cut.apply(text)).distinct();
    }

    /// A shrinker of texts.
    /// @param stillFails gets texts that may not even check
    public static Shrinker<String> shrinker(Predicate<String> stillFails, int budget) {
        return new Shrinker<>(SourceCuts::of, stillFails, budget);
    }

    /// The text in the form of `kiln fmt`, when it has no syntax error, without the lines that cuts left empty.
    public static String tidy(String text) {
        String dense = text.replaceAll("(?m)^[ \\t]*\\n", "");
        return Formatter.format(new SourceFile("smaller.nn", dense), new Problems()).orElse(dense);
    }

    private void comments() {
        var found = new TreeMap<Integer, Integer>();
        COMMENT.matcher(text).results().forEach(m -> found.put(m.start(), m.end()));
        if (!found.isEmpty()) cuts.add(Cut.all(found, text.contains("\n") ? "\n" : ""));
    }

    /// Every node of the tree is a record, so what it is made of are its components.
    private void visit(Object node) {
        switch (node) {
            case List<?> list -> {
                list(list.stream().map(SourceCuts::span).flatMap(Optional::stream).toList());
                list.forEach(this::visit);
            }
            case Optional<?> part -> part.ifPresent(p -> {
                span(p).ifPresent(s -> cuts.add(Cut.of(s.start(), s.end(), "")));
                visit(p);
            });
            case Record r -> {
                simpler(r);
                components(r).forEach(this::visit);
            }
            default -> {}
        }
    }

    private static List<Object> components(Record r) {
        return Stream.of(r.getClass().getRecordComponents()).map(c -> component(r, c)).toList();
    }

    private static Object component(Record r, RecordComponent c) {
        try {
            return c.getAccessor().invoke(r);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Optional<Span> span(Object node) {
        return switch (node) {
            case Ast a -> Optional.of(a.span());
            case Expr e -> Optional.of(e.span());
            case Expr.Argument a -> Optional.of(a.span());
            case Expr.Stage s -> Optional.of(s.span());
            case Expr.TypeName t -> Optional.of(t.span());
            default -> Optional.empty();
        };
    }

    /// Without a run of its items, and what divides them from the one before (of the first ones, from the one after): all, halves, quarters, … single ones.
    private void list(List<Span> items) {
        for (int length = items.size(); length > 0; length = length == 1 ? 0 : (length + 1) / 2)
            for (int from = 0; from < items.size(); from += length) {
                int to = Math.min(items.size(), from + length);
                int start = from > 0 ? items.get(from - 1).end() : items.getFirst().start();
                int end = from == 0 && to < items.size() ? items.get(to).start() : items.get(to - 1).end();
                if (end > start) cuts.add(Cut.of(start, end, ""));
            }
    }

    private void simpler(Record node) {
        switch (node) {
            case Expr.Whole(Span s, long value) -> wholes.computeIfAbsent(value, _ -> new TreeMap<>()).put(s.start(), s.end());
            case Expr.Real(Span s, _) -> Stream.of("1.0", "0.5").filter(v -> v.length() < s.text().length() || v.compareTo(s.text()) > 0).forEach(v -> replace(s, v));
            case Expr.Reference(Span s, String name, _) -> references.computeIfAbsent(name, _ -> new TreeMap<>()).put(s.start(), s.end());
            case Expr.Chain chain -> {
                replace(chain.span(), chain.first().span().text());
                replace(chain.span(), chain.stages().getLast().step().span().text());
            }
            case Ast.If branch -> {
                unwrap(branch.span(), branch.then());
                unwrap(branch.span(), branch.otherwise());
            }
            case Ast.Repeat loop -> unwrap(loop.span(), loop.body());
            case Ast.Each loop -> unwrap(loop.span(), loop.body());
            case Ast.Bind bind -> input(bind);
            case Expr.TypeName type -> type.dims().stream().filter(Expr.Reference.class::isInstance).forEach(d -> replace(d.span(), "1"));
            default -> {}
        }
        if (node instanceof Expr whole && !(node instanceof Expr.Chain)) parts(node).forEach(part -> replace(whole.span(), part.text()));
    }

    /// The expressions right inside a node.
    private static List<Span> parts(Object node) {
        return switch (node) {
            case List<?> list -> list.stream().flatMap(item -> inside(item).stream()).toList();
            case Optional<?> part -> part.stream().flatMap(p -> inside(p).stream()).toList();
            case Record r -> components(r).stream().flatMap(c -> inside(c).stream()).toList();
            default -> List.of();
        };
    }

    private static List<Span> inside(Object part) {
        return part instanceof Expr e ? List.of(e.span()) : parts(part);
    }

    private void replace(Span span, String with) {
        if (!span.text().equals(with)) cuts.add(Cut.of(span.start(), span.end(), with));
    }

    private void unwrap(Span span, List<Ast.Statement> body) {
        if (!body.isEmpty()) replace(span, body.getFirst().span().to(body.getLast().span()).text());
    }

    /// What a name is bound to, replaced by an input of some small shape.
    private void input(Ast.Bind bind) {
        Ast.Target target = bind.targets().getFirst();
        if (bind.targets().size() > 1 || !target.places().isEmpty()) return;
        for (int rank = 1; rank <= LARGEST_RANK; rank++) {
            String with = "in %s: f32[%s]".formatted(target.name().text(), String.join(", ", Collections.nCopies(rank, "2")));
            if (with.length() < bind.span().text().length()) replace(bind.span(), with);
        }
    }

    /// Whole numbers towards 1 and 2, or to one that stands elsewhere, so that layers between equal sizes can go.
    private void sizes() {
        wholes.forEach((value, places) -> {
            var smaller = new LinkedHashSet<>(SIZES);
            smaller.addAll(wholes.keySet());
            smaller.add(value / 2);
            for (long other : smaller)
                if (other < value && other > 0) {
                    cuts.add(Cut.all(places, Long.toString(other)));
                    places.forEach((start, end) -> cuts.add(Cut.of(start, end, Long.toString(other))));
                }
        });
    }

    /// `b = a` goes, and `a` stands where `b` stood in the same declaration.
    private void inline(Object node, Span within) {
        switch (node) {
            case Ast.Declaration d -> components((Record) d).forEach(c -> inline(c, d.span()));
            case Ast.Bind(Span s, List<Ast.Target> targets, Expr.Reference(Span value, _, _)) when targets.size() == 1 && targets.getFirst().indices().isEmpty() -> {
                var edits = new ArrayList<Cut.Edit>();
                edits.add(new Cut.Edit(s.start(), s.end(), ""));
                references.getOrDefault(targets.getFirst().name().text(), Map.of()).forEach((start, end) -> {
                    boolean inside = start >= within.start() && start < within.end() && (start < s.start() || start >= s.end());
                    if (inside) edits.add(new Cut.Edit(start, end, value.text()));
                });
                cuts.add(new Cut(edits));
            }
            case List<?> list -> list.forEach(item -> inline(item, within));
            case Record r -> components(r).forEach(c -> inline(c, within));
            default -> {}
        }
    }

    /// A layer whose body is one chain from its input, in place of its calls.
    private void unfold(Ast.File file) {
        for (Ast.Declaration d : file.declarations())
            if (d instanceof Ast.Block(_, _, _, Ast.Name name, _, List<Ast.Input> inputs, _, List<Ast.Statement> body) && inputs.size() == 1 && body.size() == 1
                    && body.getFirst() instanceof Ast.Return(_, List<Expr> values) && values.getFirst() instanceof Expr.Chain(_, Expr.Reference(_, String first, _), List<Expr.Stage> stages) && first.equals(inputs.getFirst().name().text()))
                references.getOrDefault(name.text(), Map.of()).forEach((start, end) -> cuts.add(Cut.of(start, end, stages.getFirst().span().to(stages.getLast().span()).text())));
    }
}
