package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A network and its training, elaborated once for each entry with the mode fixed.
final class Network {
    private final Module module;
    private final Ast.Block block;
    private final Optional<Ast.Train> train;
    private final Shared shared;
    private final Map<String, Dim> lengths = new LinkedHashMap<>();

    Network(Module module, Ast.Block block, Optional<Ast.Train> train, Shared shared) {
        this.module = module;
        this.block = block;
        this.train = train;
        this.shared = shared;
    }

    Optional<Checked.Model> model() {
        var entries = new ArrayList<Entry>();
        entries.add(entry("predict", new Elaboration.Mode(false, false)));
        entries.add(entry("sample", new Elaboration.Mode(false, true)));
        Optional<TrainingSpec> spec = Optional.empty();
        if (train.isPresent()) {
            var training = new Body(new Elaboration.Mode(true, true));
            var lessons = new Training(training.in, training.site, train.get(), training::door);
            lessons.elaborate(Training.Aim.UPDATE);
            training.texts.forEach(this::encoded);
            spec = Optional.of(lessons.spec(training.doors()));
            training.inputs.addAll(lessons.stepDoor());
            entries.add(new Entry("train", training.in.graph(), training.inputs, lessons.outputs()));
            if (lessons.accumulates()) {
                var gathering = new Body(new Elaboration.Mode(true, true));
                var waiting = new Training(gathering.in, gathering.site, train.get(), gathering::door);
                waiting.elaborate(Training.Aim.ACCUMULATE);
                entries.add(new Entry("accumulate", gathering.in.graph(), gathering.inputs, waiting.outputs()));
            }
            var evaluation = new Body(new Elaboration.Mode(false, false));
            var exam = new Training(evaluation.in, evaluation.site, train.get(), evaluation::door);
            exam.elaborate(Training.Aim.SCORE);
            entries.add(new Entry("evaluate", evaluation.in.graph(), evaluation.inputs, exam.outputs()));
        }
        entries.forEach(this::solvable);
        if (!shared.problems().isEmpty() || shared.equalities().grown()) return Optional.empty();
        var parameters = new Parameters(shared.parameters().values().stream().map(Shared.Declared::parameter).toList());
        var checks = new ArrayList<>(shared.equalities().checks());
        checks.addAll(shared.checks());
        var dims = new LinkedHashSet<String>();
        for (Entry e : entries) for (Value v : e.inputs()) dims.addAll(((Input) v.op()).dims());
        return Optional.of(new Checked.Model(new Program(block.name().text(), block.name().span().line(), entries, parameters, List.copyOf(dims), checks, shared.vocabularies(), shared.texts(), lengths), spec));
    }

    /// A run learns each dim where it stands alone in the shape of an input.
    private void solvable(Entry entry) {
        List<Input> inputs = entry.inputs().stream().map(v -> (Input) v.op()).toList();
        var alone = new LinkedHashSet<String>();
        for (Input i : inputs) for (Dim d : i.door()) if (d.variables().contains(d.toString())) alone.add(d.toString());
        for (Input i : inputs)
            for (Dim d : i.door()) if (!alone.containsAll(d.variables()) && shared.problems().isEmpty()) shared.problems().add(new CheckProblem.UnsolvableDim(place(i.name()), d.toString()));
    }

    private Span place(String input) {
        return block.body().stream().filter(s -> s instanceof Ast.In i && i.name().text().equals(input)).map(Ast.Statement::span).findFirst().orElse(block.name().span());
    }

    private Entry entry(String name, Elaboration.Mode mode) {
        var body = new Body(mode);
        if (train.isEmpty()) body.texts.forEach(this::encoded);
        if (body.outputs.isEmpty() && shared.problems().isEmpty()) shared.problems().add(new CheckProblem.NoOutput(block.name().span(), block.name().text()));
        return new Entry(name, body.in.graph(), body.inputs, body.outputs);
    }

    private void encoded(Item.TextDoor text) {
        if (shared.problems().isEmpty() && !shared.texts().containsKey(text.name())) shared.problems().add(new CheckProblem.TextNotEncoded(text.place(), text.name()));
    }

    /// The statements of the network in one mode.
    private final class Body {
        private final Elaboration in;
        private final Site site;
        private final List<Value> inputs = new ArrayList<>();
        private final List<Item.TextDoor> texts = new ArrayList<>();
        private final Map<String, String> lengthOf = new LinkedHashMap<>();
        private final List<Output> outputs = new ArrayList<>();

        Body(Elaboration.Mode mode) {
            in = new Elaboration(shared, mode);
            site = new Site(new Scope(), new Frame(Frame.Kind.NETWORK, module, "", Optional.empty(), block.name().span()));
            Optional<Map<String, Scope.Binding>> settings = in.calls().settings(block.name().text(), block.settings(), module, List.of(), block.name().span(), site);
            if (settings.isEmpty()) for (Ast.Setting s : block.settings()) site.scope().bind(s.name().text(), Item.Poison.MISTAKE, s.name().span());
            else settings.get().forEach((n, b) -> site.scope().bind(n, b.item(), b.place()));
            Calls.words(block, site.scope());
            for (Ast.Statement s : block.body()) statement(s);
            in.sliceWrites().finish(site);
        }

        private void statement(Ast.Statement s) {
            switch (s) {
                case Ast.In i -> door(i);
                case Ast.Out o -> out(o);
                default -> in.statements().elaborate(s, site);
            }
        }

        private void door(Ast.In i) {
            String name = i.name().text();
            in.from(site, i.span(), name);
            var before = site.scope().own().get(name);
            if (before != null) in.fail(new CheckProblem.DuplicateName(i.name().span(), name, before.place()));
            if (name.equals(Updates.STEP)) in.fail(new CheckProblem.ReservedName(i.name().span(), name));
            site.scope().bind(name, Item.Poison.MISTAKE, i.name().span());
            Optional<DType> dtype = Signatures.dtype(i.type().name().text());
            boolean isText = i.type().name().text().equals("text");
            if (dtype.isEmpty() && !isText) {
                in.fail(new CheckProblem.UnknownType(i.type().name().span(), i.type().name().text()));
                return;
            }
            var known = Set.copyOf(site.scope().own().keySet());
            Optional<List<Dim>> shape = in.signatures().shape(i.type(), site, true);
            if (shape.isEmpty()) return;
            if (isText) {
                if (shape.get().size() == 1) text(name, shape.get().getFirst(), i);
                else in.fail(new CheckProblem.RankMismatch(i.type().span(), "a text has an axis for its rows", "1", Integer.toString(shape.get().size())));
                return;
            }
            List<Dim> door = in.shared().equalities().asWritten(i.type(), shape.get());
            Value v = in.graph().add(new Input(name, new TensorType(dtype.get(), shape.get()), door));
            inputs.add(v);
            for (int axis = 0; axis < shape.get().size(); axis++)
                if (!ragged(i.type().dims().get(axis), name, shape.get(), door, axis, known)) return;
            site.scope().bind(name, new Tensor(in.ragged().masked(v, 0)), i.name().span());
        }

        private void text(String name, Dim rows, Ast.In i) {
            Item.TextDoor text = in.texts().door(name, rows, i.name().span());
            texts.add(text);
            inputs.add(text.numbers());
            site.scope().bind(name, text, i.name().span());
        }

        /// `T~len` at the door brings an input `len` of its own; another input may say the same of the same axis.
        private boolean ragged(Expr dim, String name, List<Dim> shape, List<Dim> door, int axis, Set<String> known) {
            Dim time = shape.get(axis);
            boolean declared = in.ragged().isDeclared(time);
            if (!(dim instanceof Expr.Ragged r)) return in.ragged().rows(shape, axis).isEmpty() || refused(dim, time);
            String length = r.length().text();
            lengthOf.put(name, length);
            if (declared && in.ragged().rows(shape, axis).isPresent() && known.contains(length)) return true;
            if (declared || !(r.axis() instanceof Expr.Reference t) || known.contains(t.name()) || axis == 0) return refused(dim, time);
            var before = site.scope().own().get(length);
            if (before != null) {
                in.fail(new CheckProblem.DuplicateName(r.length().span(), length, before.place()));
                return false;
            }
            Value given = in.graph().add(new Input(length, new TensorType(DType.i32, shape.subList(0, axis)), door.subList(0, axis)));
            inputs.add(given);
            lengths.put(length, time);
            in.ragged().ends(time, given);
            site.scope().bind(length, new Tensor(given), r.length().span());
            return true;
        }

        private boolean refused(Expr dim, Dim time) {
            in.fail(new CheckProblem.RaggedAxis(dim.span(), "an input that says otherwise", time.toString()));
            return false;
        }

        private DataReader.Doors doors() {
            return new DataReader.Doors(inputs.stream().map(v -> v.op() instanceof Input i ? i.name() : "").toList(), lengthOf);
        }

        private void out(Ast.Out o) {
            String name = o.name().text();
            in.from(site, o.span(), name);
            Item item;
            if (o.value().isPresent()) {
                site.frame().enter(name, o.value().map(Expr::span));
                item = in.expressions().evaluate(o.value().get(), site);
                var before = site.scope().own().get(name);
                if (before != null) {
                    in.fail(new CheckProblem.DuplicateName(o.name().span(), name, before.place()));
                    return;
                }
                site.scope().bind(name, item, o.name().span());
            } else {
                item = in.expressions().evaluate(new Expr.Reference(o.name().span(), name, false), site);
            }
            if (item instanceof Item.Poison) return;
            if (outputs.stream().anyMatch(x -> x.name().equals(name))) {
                in.fail(new CheckProblem.DuplicateName(o.name().span(), "out " + name, o.name().span()));
                return;
            }
            if (item instanceof Item.Decoded text) outputs.add(new Output(name, in.texts().out(name, text), Output.Role.USER));
            else in.arithmetic().tensor(item, o.span(), site).ifPresent(v -> outputs.add(new Output(name, in.ragged().masked(v, 0), Output.Role.USER)));
        }
    }
}
