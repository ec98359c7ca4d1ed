package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.check.Item.Truth;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Random;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What outlives a run and what is drawn in one: `param`, `state`, `draw`, and the primes that give a state its next value.
final class Owners {
    private final Elaboration in;

    Owners(Elaboration in) {
        this.in = in;
    }

    void param(Ast.Param p, Site site) {
        String name = p.name().text();
        site.scope().bind(name, Item.Poison.MISTAKE, p.name().span());
        if (p.when().isPresent()) {
            Item condition = in.expressions().condition(p.when().get().condition(), site);
            if (condition instanceof Truth(boolean present) && !present) site.scope().bind(name, in.expressions().evaluate(p.when().get().otherwise(), site), p.name().span());
            if (!(condition instanceof Truth(boolean present) && present)) return;
        }
        if (site.frame().instance().isEmpty() && !site.frame().isNetwork()) {
            in.fail(new CheckProblem.ParameterOutsideLayer(site.place(p.span()), name));
            return;
        }
        Optional<TensorType> type = type(p.type(), name, site);
        Optional<Parameter.Init> init = init(in.expressions().evaluate(p.init(), site), p.init().span(), site);
        double decay = p.decay().flatMap(d -> in.expressions().number(d, "a number for decay", site)).orElse(1.0);
        if (type.isEmpty() || init.isEmpty()) return;
        String path = site.frame().parameterPath(name);
        var parameter = new Parameter(path, type.get(), init.get(), decay != 0, Parameter.Role.WEIGHT);
        if (p.sparse() && type.get().isScalar()) {
            in.fail(new CheckProblem.RankMismatch(site.place(p.span()), "rows of %s rest while nothing reads them".formatted(name), "at least 1", "0"));
            return;
        }
        if (!declare(parameter, decay, p.sparse(), site.frame().instance().isPresent() ? site.frame().call() : p.span())) return;
        Item value = new Tensor(in.tensors().add(new Param(path, type.get())));
        site.scope().bind(name, value, p.name().span());
        site.frame().instance().ifPresent(i -> i.members().put(name, value));
    }

    /// The same path is the same parameter, and must be declared alike.
    boolean declare(Parameter parameter, double decay, Span place) {
        return declare(parameter, decay, false, place);
    }

    private boolean declare(Parameter parameter, double decay, boolean sparse, Span place) {
        var known = in.shared().parameters().putIfAbsent(parameter.name(), new Shared.Declared(parameter, decay, sparse, place));
        if (known == null || known.parameter().type().equals(parameter.type())) return true;
        in.fail(new CheckProblem.ParameterConflict(place, parameter.name(), known.parameter().type().toString(), parameter.type().toString()));
        return false;
    }

    /// The type of what is stored: all its sizes are numbers.
    private Optional<TensorType> type(Expr.TypeName written, String name, Site site) {
        Optional<DType> dtype = Signatures.dtype(written.name().text());
        if (dtype.isEmpty() || dtype.get() != DType.f32) {
            in.fail(new CheckProblem.WrongElementType(site.place(written.span()), name, written.name().text()));
            return Optional.empty();
        }
        Optional<List<Dim>> shape = in.signatures().shape(written, site, false);
        if (shape.isEmpty()) return Optional.empty();
        for (Dim d : shape.get())
            if (!d.isConstant()) {
                in.fail(new CheckProblem.SymbolicParameter(site.place(written.span()), name, d.toString()));
                return Optional.empty();
            }
        return Optional.of(new TensorType(dtype.get(), shape.get()));
    }

    private Optional<Parameter.Init> init(Item item, Span span, Site site) {
        if (item instanceof Item.Poison) return Optional.empty();
        var number = Numbers.value(item);
        if (number.isPresent()) return Optional.of(Parameter.Init.constant(number.getAsDouble()));
        Item made = item instanceof Item.Intrinsic || item instanceof Item.Callable ? in.calls().call(item, List.of(), span, site) : item;
        if (made instanceof Item.Distribution(String kind, List<Double> numbers) && !kind.equals("bernoulli")) return Optional.of(new Parameter.Init(kind, numbers));
        if (!(made instanceof Item.Poison)) in.fail(new CheckProblem.BadInitialiser(site.place(span), made.describe()));
        return Optional.empty();
    }

    void state(Ast.State s, Site site) {
        if (site.frame().isCell()) {
            in.cellStates().declare(s, site);
            return;
        }
        for (Ast.Name name : s.names()) site.scope().bind(name.text(), Item.Poison.MISTAKE, name.span());
        Optional<Double> initial = in.expressions().number(s.initial(), "a number that the state begins with", site);
        for (Ast.Name name : s.names()) {
            Optional<TensorType> type = type(s.type(), name.text(), site);
            if (type.isEmpty() || initial.isEmpty()) continue;
            String path = site.frame().statePath(name.text());
            var role = site.frame().isOptimizer() ? Parameter.Role.OPTIMIZER_STATE : Parameter.Role.STATE;
            if (!declare(new Parameter(path, type.get(), Parameter.Init.constant(initial.get()), false, role), 0, site.place(s.span()))) continue;
            Item value = new Tensor(present(path, type.get(), in.loop()));
            site.frame().states().put(name.text(), path);
            site.scope().bind(name.text(), value, name.span());
            site.frame().instance().ifPresent(i -> i.members().put(name.text(), value));
        }
    }

    /// What earlier statements made of a state. A loop carries it from step to step.
    private Value present(String path, TensorType type, Optional<Loop> loop) {
        if (loop.isEmpty()) return in.states().computeIfAbsent(path, p -> in.tensors().add(new Param(p, type)));
        Loop.Carried known = loop.get().states().get(path);
        if (known == null) return loop.get().carry(path, present(path, type, loop.get().outer()));
        return known.after().orElse(known.before());
    }

    /// `h' = …`: the next value of a state, or of a name in the next round of `for`.
    void next(Ast.Target target, Item item, Site site) {
        String name = target.name().text();
        String path = site.frame().states().get(name);
        if (path == null && item instanceof Item.States next && site.scope().find(name).map(Scope.Binding::item).orElse(item) instanceof Item.Applicable) {
            in.cellStates().replace(next, target, site);
            return;
        }
        if (path == null) {
            boolean mistaken = site.scope().find(name).filter(b -> b.item() instanceof Item.Poison).isPresent();
            if (!mistaken && !site.frame().inRound()) in.fail(new CheckProblem.PrimeWithoutState(site.place(target.span()), name));
            else if (site.scope().find(name).isEmpty()) in.fail(new CheckProblem.UnknownName(site.place(target.span()), name, Names.similar(name, site.scope().visible())));
            site.scope().bind(name + "'", item, target.span());
            return;
        }
        Item.Slices slices = site.frame().slices().remove(name);
        if (slices != null) in.fail(new CheckProblem.SliceTwice(site.place(target.span()), name, name + "'", site.place(slices.written().values().iterator().next().place())));
        site.scope().bind(name + "'", Item.Poison.MISTAKE, target.span());
        Optional<Value> value = item instanceof Item.Poison ? Optional.empty() : in.arithmetic().tensor(item, target.span(), site);
        if (value.isEmpty()) return;
        TensorType type = state(name, site);
        Value next = value.get().type().isScalar() ? in.tensors().broadcast(value.get(), type.shape(), List.of()) : value.get();
        if (!next.type().equals(type)) {
            in.fail(new CheckProblem.ShapeMismatch(site.place(target.span()), "the next value of " + name, type.toString(), next.type().toString(), List.of()));
            return;
        }
        moved(name, next, site);
        site.scope().bind(name + "'", new Tensor(next), target.span());
    }

    /// The loop that carries a state, if it is not one that lives with the model.
    private Optional<Loop> carries(String path) {
        return in.loop().filter(l -> l.states().containsKey(path));
    }

    /// The type of a state of the body that is elaborated.
    TensorType state(String name, Site site) {
        String path = site.frame().states().get(name);
        return carries(path).map(l -> l.states().get(path).before().type()).orElseGet(() -> in.shared().parameters().get(path).parameter().type());
    }

    /// The state has this value after the step, or when the run ends.
    void moved(String name, Value next, Site site) {
        String path = site.frame().states().get(name);
        carries(path).ifPresentOrElse(l -> l.next(path, next), () -> in.move(path, next));
    }

    void draw(Ast.Draw d, Site site) {
        String name = d.name().text();
        site.scope().bind(name, Item.Poison.MISTAKE, d.name().span());
        if (!in.mode().sampling()) {
            in.fail(new CheckProblem.DrawInInference(site.place(d.span()), name));
            return;
        }
        Item item = in.expressions().evaluate(d.distribution(), site);
        Optional<List<Dim>> shape = in.signatures().shape(d.type(), site, false);
        if (shape.isEmpty() || item instanceof Item.Poison) return;
        if (!(item instanceof Item.Distribution(String kind, List<Double> numbers))) {
            in.fail(new CheckProblem.TypeMismatch(site.place(d.distribution().span()), "a distribution", item.describe()));
            return;
        }
        Optional<Value> drawn = draw(kind, numbers, site.frame().join(name), shape.get());
        if (drawn.isEmpty()) in.fail(new CheckProblem.TypeMismatch(site.place(d.distribution().span()), "bernoulli, uniform or normal to draw from", kind));
        else site.scope().bind(name, new Tensor(drawn.get()), d.name().span());
    }

    private Optional<Value> draw(String kind, List<Double> numbers, String key, List<Dim> shape) {
        Tensors t = in.tensors();
        Value uniform = uniform(key, shape, in.loop());
        return switch (kind) {
            case "bernoulli" -> Optional.of(t.map(Functions.SELECT, t.map(Functions.LESS, uniform, t.fill(numbers.getFirst(), DType.f32, shape)), t.fill(1, DType.f32, shape), t.fill(0, DType.f32, shape)));
            case "uniform" -> Optional.of(t.map(Functions.ADD, t.fill(numbers.get(0), DType.f32, shape), t.map(Functions.MUL, t.fill(numbers.get(1) - numbers.get(0), DType.f32, shape), uniform)));
            case "normal" -> Optional.of(normal(numbers, uniform, uniform(key + ".turn", shape, in.loop()), shape));
            default -> Optional.empty();
        };
    }

    /// A loop draws for all its steps at once, so that the way back reads the same numbers.
    private Value uniform(String key, List<Dim> shape, Optional<Loop> loop) {
        if (loop.isEmpty()) return in.tensors().add(new Random(key, new TensorType(DType.f32, shape)));
        var all = new ArrayList<>(List.of(loop.get().time()));
        all.addAll(shape);
        return loop.get().step(uniform(key, all, loop.get().outer()));
    }

    /// Box and Muller: `√(-2 log(1 - u)) cos(2π v)`.
    private Value normal(List<Double> numbers, Value u, Value v, List<Dim> shape) {
        Tensors t = in.tensors();
        Value log = t.map(Functions.LOG, t.map(Functions.SUB, t.fill(1, DType.f32, shape), u));
        Value radius = t.map(Functions.SQRT, t.map(Functions.MUL, t.fill(-2, DType.f32, shape), log));
        Value turn = t.map(Functions.COS, t.map(Functions.MUL, t.fill(2 * Math.PI, DType.f32, shape), v));
        Value scaled = t.map(Functions.MUL, t.fill(Math.sqrt(numbers.get(1)), DType.f32, shape), t.map(Functions.MUL, radius, turn));
        return t.map(Functions.ADD, t.fill(numbers.get(0), DType.f32, shape), scaled);
    }
}
