package dev.kiln.compiler.check;

import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.function.Consumer;

/// The statements of `train`: it sees every name of its network, binds more, and says loss, metrics and how the weights move.
final class Training {
    private final Elaboration in;
    private final Site site;
    private final Ast.Train train;
    private final Consumer<Ast.In> door;
    private final List<Output> outputs = new ArrayList<>();
    private final List<Ast.Optimize> optimizers = new ArrayList<>();
    private final List<Ast.Load> loads = new ArrayList<>();
    private final List<Ast.Path> frozen = new ArrayList<>();
    private final List<Ast.Clip> clips = new ArrayList<>();
    private int epochs = 1;
    private double validate;
    private int accumulate = 1;
    private Optional<Double> average = Optional.empty();
    private OptionalInt patience = OptionalInt.empty();
    private OptionalLong seed = OptionalLong.empty();
    private Optional<Ast.Data> data = Optional.empty();

    Training(Elaboration in, Site site, Ast.Train train, Consumer<Ast.In> door) {
        this.in = in;
        this.site = site;
        this.train = train;
        this.door = door;
    }

    /// The loss first.
    List<Output> outputs() {
        return outputs.stream().sorted(Comparator.comparing(o -> o.role() != Output.Role.LOSS)).toList();
    }

    /// What the entry is for: scores alone, gradients that wait for an update, or an update.
    enum Aim { SCORE, ACCUMULATE, UPDATE }

    void elaborate(Aim aim) {
        in.calls().settings("train " + train.network().text(), train.settings(), site.frame().home(), List.of(), train.network().span(), site)
                .ifPresent(settings -> settings.forEach((name, b) -> site.scope().bind(name, b.item(), b.place())));
        for (Ast.Statement s : train.body()) statement(s);
        in.sliceWrites().finish(site);
        if (outputs.stream().noneMatch(o -> o.role() == Output.Role.LOSS) && in.shared().problems().isEmpty()) in.fail(new CheckProblem.MissingLoss(train.network().span(), train.network().text()));
        for (Ast.Load l : loads) Updates.known(l.part(), in);
        if (aim == Aim.SCORE) return;
        if (optimizers.isEmpty()) in.fail(new CheckProblem.MissingOptimizer(train.network().span(), train.network().text()));
        var updates = new Updates(in, site, optimizers, frozen, clips, accumulates(), average);
        if (aim == Aim.UPDATE) updates.elaborate();
        else updates.accumulate();
        in.updates().forEach((name, v) -> outputs.add(new Output(name, v, Output.Role.UPDATE)));
    }

    /// Whether an update follows several batches.
    boolean accumulates() {
        return accumulate > 1;
    }

    /// The door of the step's number, when an optimizer or a schedule reads it.
    List<Value> stepDoor() {
        return in.graph().reachable(outputs.stream().map(Output::value).toList()).stream().filter(v -> v.op() instanceof Input i && i.name().equals(Updates.STEP)).toList();
    }

    private void statement(Ast.Statement s) {
        in.from(site, s.span(), "");
        switch (s) {
            case Ast.In i -> door.accept(i);
            case Ast.Loss l -> loss(l);
            case Ast.Metric m -> metric(m);
            case Ast.Optimize o -> optimizers.add(o);
            case Ast.Clip c -> clips.add(c);
            case Ast.Freeze f -> frozen.addAll(f.parts());
            case Ast.Load l -> loads.add(l);
            case Ast.Epochs e -> epochs = (int) number(e.count(), "epochs", 1, 1e9, true).orElse(1.0).doubleValue();
            case Ast.Patience p -> number(p.epochs(), "the patience", 1, 1e9, true).ifPresent(n -> patience = OptionalInt.of(n.intValue()));
            case Ast.Accumulate a -> accumulate = number(a.batches(), "the batches of an update", 1, 1e6, true).orElse(1.0).intValue();
            case Ast.Average a -> average = number(a.decay(), "the part of an average that stays", 0, 0.999_999_9, false);
            case Ast.Validate v -> validate = number(v.share(), "the validated share", 0, 0.999_999, false).orElse(0.0);
            case Ast.Seed v -> seed = OptionalLong.of((long) number(v.value(), "the seed", 0, 9e15, true).orElse(0.0).doubleValue());
            case Ast.Data d -> {
                data.ifPresent(first -> in.fail(new CheckProblem.DuplicateName(d.span(), "data", first.span())));
                data = Optional.of(d);
            }
            default -> in.statements().elaborate(s, site);
        }
    }

    private Optional<Double> number(Expr e, String what, double low, double high, boolean whole) {
        Optional<Double> value = in.expressions().number(e, "a number for " + what, site);
        if (value.isPresent() && (value.get() < low || value.get() > high || (whole && value.get() != Math.rint(value.get())))) {
            in.fail(new CheckProblem.ValueOutOfRange(e.span(), what, Numbers.print(value.get()), "%s from %s to %s".formatted(whole ? "a whole number" : "a number", Numbers.print(low), Numbers.print(high))));
            return Optional.empty();
        }
        return value;
    }

    private void loss(Ast.Loss l) {
        site.frame().enter("loss", Optional.empty());
        Item item = in.expressions().evaluate(l.value(), site);
        if (item instanceof Item.Poison) return;
        Optional<Value> v = in.arithmetic().tensor(item, l.value().span(), site);
        if (v.isEmpty()) return;
        if (!v.get().type().isScalar() || v.get().type().dtype() != DType.f32) {
            in.fail(new CheckProblem.NotScalar(l.value().span(), "the loss", v.get().type().toString()));
            return;
        }
        Optional<Output> before = outputs.stream().filter(o -> o.role() == Output.Role.LOSS).findFirst();
        if (!in.unfolds().derives(v.get(), l.value().span())) return;
        if (before.isPresent()) in.fail(new CheckProblem.TwoLosses(l.span()));
        else outputs.add(new Output("loss", v.get(), Output.Role.LOSS));
    }

    private void metric(Ast.Metric m) {
        site.frame().enter("metric", Optional.empty());
        Item item = in.expressions().evaluate(m.value(), site);
        if (item instanceof Item.Poison) return;
        Optional<Value> v = in.arithmetic().tensor(item, m.value().span(), site);
        if (v.isEmpty()) return;
        if (!v.get().type().isScalar()) {
            in.fail(new CheckProblem.NotScalar(m.value().span(), "a metric", v.get().type().toString()));
            return;
        }
        String stem = name(m.value());
        String name = stem;
        for (int n = 2; isTaken(name); n++) name = stem + "_" + n;
        outputs.add(new Output(name, in.tensors().cast(v.get(), DType.f32), Output.Role.METRIC));
    }

    private boolean isTaken(String name) {
        return outputs.stream().anyMatch(o -> o.name().equals(name));
    }

    /// A metric is called after its function.
    private static String name(Expr e) {
        return switch (e) {
            case Expr.Call(_, Expr.Reference r, _, _) -> r.name();
            case Expr.Reference r -> r.name();
            case Expr.Chain c -> name(c.stages().getLast().step());
            default -> "metric";
        };
    }

    /// @param doors the inputs, which the data must feed
    TrainingSpec spec(DataReader.Doors doors) {
        List<String> metrics = outputs.stream().filter(o -> o.role() == Output.Role.METRIC).map(Output::name).toList();
        Optional<DataSpec> read = data.flatMap(d -> new DataReader(in, site).read(d, doors));
        var files = loads.stream().map(l -> new TrainingSpec.Load(String.join(".", l.part().names().stream().map(Ast.Name::text).toList()), l.file())).toList();
        return new TrainingSpec(epochs, validate, patience, accumulate, seed, read, metrics, files);
    }
}
