package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Real;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Gradient;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import dev.kiln.runtime.Averages;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// How weights move: the body of an optimizer, elaborated for each weight on the source `Gradient`; clipping before it.
/// `step` counts updates from 1; it is a scalar input of the entry that the runtime fills.
final class Updates {
    static final String STEP = "step";
    private final Elaboration in;
    private final Site site;
    private final List<Ast.Optimize> optimizers;
    private final List<Ast.Path> frozen;
    private final List<Ast.Clip> clips;

    private final boolean accumulating;
    private final Optional<Double> average;

    /// @param accumulating whether gradients of earlier batches wait for this update
    /// @param average      how much of a running average of the weights stays in an update, if there is to be one
    Updates(Elaboration in, Site site, List<Ast.Optimize> optimizers, List<Ast.Path> frozen, List<Ast.Clip> clips, boolean accumulating, Optional<Double> average) {
        this.in = in;
        this.site = site;
        this.optimizers = optimizers;
        this.frozen = frozen;
        this.clips = clips;
        this.accumulating = accumulating;
        this.average = average;
    }

    /// The updates of every weight and of what the optimizer remembers.
    void elaborate() {
        var rules = new ArrayList<Item>();
        for (Ast.Optimize o : optimizers) rules.add(rule(o));
        if (rules.contains(Item.Poison.MISTAKE)) return;
        Value step = in.graph().add(new Input(STEP, TensorType.scalar(DType.f32)));
        Map<Shared.Declared, Integer> weights = weights();
        for (Ast.Path p : frozen) known(p);
        var gradients = clipped(accumulating ? new Accumulation(in).means(weights.keySet()) : derived(weights.keySet()));
        weights.forEach((d, i) -> move(d, (Applicable) rules.get(i), gradients.get(d), step));
        average.ifPresent(kept -> weights.keySet().forEach(d -> follow(d, kept, step)));
    }

    /// Gradients wait for an update; nothing moves but states of the network.
    void accumulate() {
        new Accumulation(in).add(weights().keySet());
    }

    /// The weights that move, and the optimizer of each.
    private Map<Shared.Declared, Integer> weights() {
        var weights = new LinkedHashMap<Shared.Declared, Integer>();
        for (Shared.Declared d : List.copyOf(in.shared().parameters().values()))
            if (d.parameter().role() == Parameter.Role.WEIGHT && frozen.stream().noneMatch(p -> covers(p, d))) chosen(d).ifPresent(i -> weights.put(d, i));
        return weights;
    }

    private Map<Shared.Declared, Value> derived(Iterable<Shared.Declared> weights) {
        var gradients = new LinkedHashMap<Shared.Declared, Value>();
        for (Shared.Declared d : weights) gradients.put(d, in.tensors().add(new Gradient(d.parameter().name(), d.parameter().type())));
        return gradients;
    }

    /// `average' = average + (1 - d)·(w' - average)` with `d = min(kept, (step - 1) / (step + 9))`: it is the weight itself at first and forgets its start.
    private void follow(Shared.Declared d, double kept, Value step) {
        Value moved = in.updates().get(d.parameter().name());
        if (moved == null) return;
        var t = in.tensors();
        Value early = t.map(Functions.DIV, t.map(Functions.SUB, step, t.scalar(1)), t.map(Functions.ADD, step, t.scalar(9)));
        Value share = t.map(Functions.SUB, t.scalar(1), t.map(Functions.MIN, t.scalar(kept), early));
        Value before = Accumulation.memory(in, d, Averages.of(d.parameter().name()), d.parameter().type());
        Value after = t.map(Functions.ADD, before, t.map(Functions.MUL, t.trailing(share, d.parameter().type().shape()), t.map(Functions.SUB, moved, before)));
        in.updates().put(Averages.of(d.parameter().name()), after);
    }

    private Item rule(Ast.Optimize o) {
        in.from(site, o.span(), "optimizer");
        site.frame().enter("optimizer", Optional.empty());
        for (Ast.Path p : o.parts()) known(p);
        Item item = in.expressions().evaluate(o.rule(), site);
        if (item instanceof Item.Kind k) item = in.calls().make(k, List.of(), o.rule().span(), site, Optional.empty());
        if (item instanceof Item.Poison || (item instanceof Applicable(Instance i, _) && i.block().kind() == Ast.BlockKind.OPTIMIZER && i.block().inputs().size() == 2)) return item;
        return in.fail(new CheckProblem.TypeMismatch(o.rule().span(), "an optimizer", item.describe()));
    }

    private void known(Ast.Path path) {
        known(path, in);
    }

    /// A path must name something.
    static void known(Ast.Path path, Elaboration in) {
        if (in.shared().parameters().values().stream().noneMatch(d -> covers(path, d)))
            in.fail(new CheckProblem.UnknownPart(path.span(), path.span().text(), Names.similar(path.span().text(), in.shared().parameters().keySet())));
    }

    /// `features.conv2d_1` names all that lies below it.
    private static boolean covers(Ast.Path path, Shared.Declared d) {
        String name = String.join(".", path.names().stream().map(Ast.Name::text).toList());
        return d.parameter().name().equals(name) || d.parameter().name().startsWith(name + ".");
    }

    /// The optimizer that names the weight, or the one that names none.
    private Optional<Integer> chosen(Shared.Declared d) {
        for (int i = 0; i < optimizers.size(); i++) if (optimizers.get(i).parts().stream().anyMatch(p -> covers(p, d))) return Optional.of(i);
        for (int i = 0; i < optimizers.size(); i++) if (optimizers.get(i).parts().isEmpty()) return Optional.of(i);
        return Optional.empty();
    }

    private Map<Shared.Declared, Value> clipped(Map<Shared.Declared, Value> gradients) {
        for (Ast.Clip c : clips) {
            Optional<Double> limit = in.expressions().number(c.limit(), "a number to clip at", site);
            if (limit.isEmpty() || gradients.isEmpty()) continue;
            switch (c.what().text()) {
                case "norm" -> {
                    Value scale = scale(gradients.values(), limit.get());
                    gradients.replaceAll((_, g) -> in.tensors().map(Functions.MUL, g, in.tensors().trailing(scale, g.type().shape())));
                }
                case "value" -> gradients.replaceAll((_, g) -> bounded(g, limit.get()));
                default -> in.fail(new CheckProblem.UnknownClip(c.what().span(), c.what().text()));
            }
        }
        return gradients;
    }

    /// `min(1, limit / norm)` over all gradients together.
    private Value scale(Iterable<Value> gradients, double limit) {
        Value sum = in.tensors().scalar(0);
        for (Value g : gradients) {
            Value square = in.tensors().map(Functions.MUL, g, g);
            sum = in.tensors().map(Functions.ADD, sum, in.tensors().sum(square, IntStream.range(0, g.type().rank()).boxed().toList()));
        }
        Value norm = in.tensors().map(Functions.SQRT, sum);
        return in.tensors().map(Functions.MIN, in.tensors().scalar(1), in.tensors().map(Functions.DIV, in.tensors().scalar(limit), norm));
    }

    /// Rows of a `sparse` weight whose gradient is zero stay as they are, and so does what the optimizer remembers of them: states with the axes of the weight, or with its first ones.
    private void rest(Parameter p, Value gradient, Iterable<String> moved) {
        Dim rows = p.type().dim(0);
        Tensors t = in.tensors();
        Value size = t.max(t.map(Functions.ABS, gradient), IntStream.range(1, p.type().rank()).boxed().toList());
        Value moves = t.map(Functions.LESS, t.fill(0, DType.f32, List.of(rows)), size);
        for (String path : moved) {
            Value after = in.updates().get(path);
            if (after == null || !ofRows(after.type().shape(), p.type().shape())) continue;
            in.move(path, t.map(Functions.SELECT, t.broadcast(moves, after.type().shape(), List.of(0)), after, t.add(new Param(path, after.type()))));
        }
    }

    private static boolean ofRows(List<Dim> state, List<Dim> weight) {
        return !state.isEmpty() && state.size() <= weight.size() && weight.subList(0, state.size()).equals(state);
    }

    private Value bounded(Value g, double limit) {
        List<Dim> shape = g.type().shape();
        Value above = in.tensors().map(Functions.MAX, g, in.tensors().fill(-limit, DType.f32, shape));
        return in.tensors().map(Functions.MIN, above, in.tensors().fill(limit, DType.f32, shape));
    }

    private void move(Shared.Declared d, Applicable rule, Value gradient, Value step) {
        Instance instance = rule.instance();
        Parameter p = d.parameter();
        var owner = new Site(new Scope(), new Frame(Frame.Kind.OPTIMIZER, instance.home(), p.name(), Optional.of(instance), instance.made()));
        owner.scope().bind("step", new Tensor(step), instance.made());
        owner.scope().bind("decay", new Real(d.decay()), d.place());
        for (Ast.Setting s : instance.block().settings()) {
            var setting = instance.settings().get(s.name().text());
            boolean schedule = s.kinds().stream().anyMatch(k -> k.name().text().equals("schedule"));
            Item value = schedule && setting.item() instanceof Item.Callable f ? in.calls().call(f, List.of(new Calls.Given(Optional.empty(), new Tensor(step), setting.place())), setting.place(), owner) : setting.item();
            owner.scope().bind(s.name().text(), value, setting.place());
        }
        List<Ast.Input> inputs = instance.block().inputs();
        Value weight = in.tensors().add(new Param(p.name(), p.type()));
        List<Value> given = List.of(weight, gradient);
        for (int i = 0; i < 2; i++) {
            Ast.Input input = inputs.get(i);
            Item item = in.signatures().accept(input.type(), new Tensor(given.get(i)), input.name().text(), instance.made(), site, owner);
            owner.scope().bind(input.name().text(), item, input.span());
        }
        owner.frame().states().put(inputs.getFirst().name().text(), p.name());
        in.statements().elaborate(instance.block().body(), owner);
        in.sliceWrites().finish(owner);
        if (d.sparse()) rest(p, gradient, owner.frame().states().values());
        if (!in.updates().containsKey(p.name()) && in.shared().problems().isEmpty()) in.fail(new CheckProblem.WeightNotMoved(instance.made(), instance.block().name().text(), inputs.getFirst().name().text()));
    }
}
