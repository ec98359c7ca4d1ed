package dev.kiln.compiler.check;

import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Stage 2: from the tree to programs. All mistakes are collected; what is returned is meant to be used when there are none.
public final class Check {
    private final Library library;
    private final Problems problems;
    private final Set<Ast.Declaration> used = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Map<String, Module> neighbours = new TreeMap<>();

    private Check(Library library, Problems problems) {
        this.library = library;
        this.problems = problems;
    }

    public static Checked check(Ast.File file, Library library, Problems problems) {
        return new Check(library, problems).file(file);
    }

    private Checked file(Ast.File file) {
        boolean readable = problems.isEmpty();
        Module module = module(file, false);
        var models = new ArrayList<Checked.Model>();
        for (Ast.Block network : networks(file)) {
            List<Ast.Train> trains = trains(file).stream().filter(t -> t.network().text().equals(network.name().text())).toList();
            for (Ast.Train again : trains.subList(Math.min(1, trains.size()), trains.size())) problems.add(new CheckProblem.DuplicateName(again.network().span(), "train " + network.name(), trains.getFirst().network().span()));
            model(module, network, trains.stream().findFirst()).ifPresent(models::add);
        }
        for (Ast.Train t : trains(file)) {
            List<String> names = networks(file).stream().map(n -> n.name().text()).toList();
            if (!names.contains(t.network().text())) problems.add(new CheckProblem.UnknownNetwork(t.network().span(), t.network().text(), Names.similar(t.network().text(), names)));
        }
        var tests = new ArrayList<TestCase>();
        var properties = new ArrayList<PropertyCase>();
        for (Ast.Declaration d : file.declarations()) {
            var shared = new Shared(problems, used, new Equalities());
            if (d instanceof Ast.Proof p && p.kind() == Ast.ProofKind.TEST) tests.add(new Proofs(module, shared).test(p));
            if (d instanceof Ast.Proof p && p.kind() == Ast.ProofKind.PROPERTY) properties.add(Properties.of(module, shared, p.span(), p.title(), p.inTraining(), run -> run.statements(p.body())));
            boolean told = used.contains(d) && !problems.isEmpty();
            if (d instanceof Ast.Function f && f.gradient().isPresent() && Properties.isClosed(f) && !told)
                properties.add(Properties.of(module, shared, f.gradient().get().span(), "the gradient of " + f.name(), false, run -> run.handwritten(f, module)));
        }
        if (readable) Unused.check(module, used, problems);
        return new Checked(file, neighbours.values().stream().map(m -> m.file().source()).toList(), models, tests, properties);
    }

    /// Elaborated until no dim is found any more that must be equal to another.
    private Optional<Checked.Model> model(Module module, Ast.Block network, Optional<Ast.Train> train) {
        var equalities = new Equalities();
        while (true) {
            equalities.begin();
            var found = problems.copy();
            Optional<Checked.Model> model = new Network(module, network, train, new Shared(found, used, equalities)).model();
            if (equalities.grown()) continue;
            problems.addAll(found);
            return model;
        }
    }

    private static List<Ast.Block> networks(Ast.File file) {
        return file.declarations().stream().filter(d -> d instanceof Ast.Block b && b.kind() == Ast.BlockKind.NETWORK).map(Ast.Block.class::cast).toList();
    }

    private static List<Ast.Train> trains(Ast.File file) {
        return file.declarations().stream().filter(Ast.Train.class::isInstance).map(Ast.Train.class::cast).toList();
    }

    private Module module(Ast.File file, boolean isLibrary) {
        var module = new Module(file, isLibrary);
        library.show(module);
        var seen = new HashMap<String, Span>();
        for (Ast.Declaration d : file.declarations()) {
            Module.name(d).ifPresent(n -> {
                Span first = seen.putIfAbsent(n.text(), n.span());
                if (first != null) problems.add(new CheckProblem.DuplicateName(n.span(), n.text(), first));
            });
            if (d instanceof Ast.Use use) module.use(use, use.path().startsWith("./") ? neighbour(use, module) : library.find(use.path(), problems), problems);
        }
        return module;
    }

    private Optional<Module> neighbour(Ast.Use use, Module module) {
        Optional<SourceFile> found = module.file().source().beside(use.path());
        if (found.isEmpty()) return Optional.empty();
        Module known = neighbours.get(found.get().name());
        if (known != null) return Optional.of(known);
        Module read = module(Parser.parse(found.get(), problems), false);
        neighbours.put(found.get().name(), read);
        return Optional.of(read);
    }
}
