package dev.kiln.compiler.check;

import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Layers and functions that nothing in the file uses are never elaborated. Their names are looked up all the same, so that a slip in them is told.
final class Unused {
    private final Module module;
    private final Problems problems;
    private final Set<String> known = new HashSet<>();
    private final List<Expr> read = new ArrayList<>();

    private Unused(Module module, Problems problems) {
        this.module = module;
        this.problems = problems;
    }

    /// @param used the declarations that were elaborated
    static void check(Module module, Set<Ast.Declaration> used, Problems problems) {
        for (Ast.Declaration d : module.file().declarations())
            if (!used.contains(d)) {
                if (d instanceof Ast.Function f) new Unused(module, problems).function(f);
                if (d instanceof Ast.Block b && b.kind() != Ast.BlockKind.NETWORK) new Unused(module, problems).block(b);
            }
    }

    private void function(Ast.Function f) {
        f.gradient().ifPresent(g -> {
            g.names().forEach(n -> known.add(n.text()));
            statements(g.body());
        });
        signature(f.inputs(), f.results());
        statements(f.body());
        report();
    }

    private void block(Ast.Block b) {
        for (Ast.Setting s : b.settings()) {
            known.add(s.name().text());
            s.standard().ifPresent(read::add);
        }
        if (b.kind() == Ast.BlockKind.OPTIMIZER) known.addAll(List.of("step", "decay"));
        signature(b.inputs(), b.results());
        statements(b.body());
        report();
    }

    private void signature(List<Ast.Input> inputs, List<Expr.TypeName> results) {
        for (Ast.Input i : inputs) {
            known.add(i.name().text());
            i.standard().ifPresent(read::add);
            known.addAll(capitals(i.type()));
            read.addAll(i.type().dims());
        }
        for (Expr.TypeName r : results) {
            known.addAll(capitals(r));
            read.addAll(r.dims());
        }
    }

    /// The names that the dims of an input or a result bind at first sight.
    private static Set<String> capitals(Expr.TypeName type) {
        var names = new HashSet<String>();
        for (Expr d : type.dims())
            Names.references(d, name -> {
                if (Character.isUpperCase(name.charAt(0))) names.add(name);
            });
        return names;
    }

    private void statements(List<Ast.Statement> body) {
        for (Ast.Statement s : body) statement(s);
    }

    private void statement(Ast.Statement s) {
        switch (s) {
            case Ast.Bind b -> {
                for (Ast.Target t : b.targets()) {
                    known.add(t.name().text());
                    indices(t.indices());
                }
                read.add(b.value());
            }
            case Ast.Param p -> {
                known.add(p.name().text());
                read.addAll(p.type().dims());
                read.add(p.init());
                p.decay().ifPresent(read::add);
                p.when().ifPresent(w -> read.addAll(List.of(w.condition(), w.otherwise())));
            }
            case Ast.State st -> {
                st.names().forEach(n -> known.add(n.text()));
                read.addAll(st.type().dims());
                read.add(st.initial());
            }
            case Ast.Draw d -> {
                known.add(d.name().text());
                read.addAll(d.type().dims());
                read.add(d.distribution());
            }
            case Ast.If i -> {
                read.add(i.condition());
                statements(i.then());
                statements(i.otherwise());
            }
            case Ast.Repeat r -> {
                known.add(r.index().text());
                read.add(r.times());
                statements(r.body());
            }
            case Ast.Each e -> {
                e.names().forEach(n -> known.add(n.text()));
                read.add(e.list());
                statements(e.body());
            }
            case Ast.Require r -> read.add(r.condition());
            case Ast.Return r -> read.addAll(r.values());
            case Ast.Broken b -> b.names().forEach(n -> known.add(n.text()));
            case Ast.Stop st -> read.add(st.condition());
            case Ast.In _, Ast.Out _, Ast.TrainStatement _, Ast.ProofStatement _ ->
                problems.add(new CheckProblem.MisplacedStatement(s.span(), s.span().text().split("\\W", 2)[0]));
        }
    }

    private void indices(List<Ast.Index> indices) {
        for (Ast.Index i : indices) {
            known.add(i.name().text());
            i.extent().ifPresent(read::add);
        }
    }

    private void report() {
        for (Expr e : List.copyOf(read)) Names.walk(e, this::binders);
        var words = new HashSet<>(known);
        words.addAll(module.own().keySet());
        words.addAll(module.visible().keySet());
        words.addAll(Intrinsics.allNames());
        var offered = new HashSet<String>();
        for (Module.Visible v : module.visible().values()) offered(v.declaration(), offered);
        for (Ast.Declaration d : module.own().values()) offered(d, offered);
        for (Expr e : read)
            Names.walk(e, part -> {
                Optional<String> name = part instanceof Expr.Reference r ? Optional.of(r.name()) : part instanceof Expr.Axes a ? Optional.of(a.name().text()) : Optional.empty();
                if (name.isPresent() && !words.contains(name.get()) && !offered.contains(name.get())) report(name.get(), part.span(), words);
            });
    }

    private void binders(Expr e) {
        if (e instanceof Expr.Call c) indices(c.over());
        if (e instanceof Expr.Chain c) c.stages().forEach(s -> s.as().ifPresent(n -> known.add(n.text())));
    }

    /// The words that settings offer.
    private static void offered(Ast.Declaration d, Set<String> words) {
        if (d instanceof Ast.Block b) for (Ast.Setting s : b.settings()) s.kinds().forEach(k -> words.add(k.name().text()));
    }

    private void report(String name, Span span, Set<String> words) {
        problems.add(new CheckProblem.UnknownName(span, name, Names.similar(name, words)));
    }
}
