package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Ratio;
import dev.kiln.compiler.check.Item.Real;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Fn;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;

/// What the language knows by itself: constants, scalar functions, reductions, and the few movements that no formula says.
final class Intrinsics {
    private static final Set<String> SCALAR = Set.of("abs", "sign", "exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "tanh", "sigmoid", "erf", "sin", "cos", "round");
    private static final Set<String> MOVEMENTS = Set.of("concat", "split", "transpose", "reshape", "fill", "stop_gradient", "count");
    private static final Map<String, List<String>> DISTRIBUTIONS = Map.of(
            "constant", List.of("value"), "normal", List.of("mean", "variance"), "truncated_normal", List.of("mean", "variance"),
            "uniform", List.of("low", "high"), "orthogonal", List.of("gain"), "bernoulli", List.of("probability"));
    private static final Map<String, Double> STANDARDS = Map.of("mean", 0.0, "gain", 1.0);
    private static final Map<String, Double> CONSTANTS = Map.of("pi", Math.PI, "inf", Double.POSITIVE_INFINITY);
    private static final Set<String> TIME = Set.of("scan", "fold");
    private static final Set<String> PAIRS = Set.of("split", "prepend", "append", "encode", "decode", "rows", "repeat", "ragged");
    private final Elaboration in;

    Intrinsics(Elaboration in) {
        this.in = in;
    }

    Set<String> names() {
        return allNames();
    }

    static Set<String> allNames() {
        var all = new LinkedHashSet<>(SCALAR);
        all.addAll(MOVEMENTS);
        all.addAll(DISTRIBUTIONS.keySet());
        all.addAll(CONSTANTS.keySet());
        all.addAll(Reductions.NAMES);
        all.addAll(Ops.functions());
        all.addAll(List.of("floor", "ceil", "training", "sampling", "f32", "i32", "reverse", "prepend", "append", "encode", "decode", "unfold", "rows", "repeat", "ragged", "vocabulary"));
        all.addAll(TIME);
        return all;
    }

    Optional<Item> named(String name) {
        if (name.equals("training")) return Optional.of(new Item.Truth(in.mode().training()));
        if (name.equals("sampling")) return Optional.of(new Item.Truth(in.mode().sampling()));
        if (CONSTANTS.containsKey(name)) return Optional.of(new Real(CONSTANTS.get(name)));
        return names().contains(name) ? Optional.of(new Item.Intrinsic(name)) : Optional.empty();
    }

    Item call(String name, List<Calls.Given> given, Span span, Site site) {
        if (DISTRIBUTIONS.containsKey(name)) return distribution(name, given, span, site);
        if (TIME.contains(name)) return in.cells().repeat(name, given, span, site);
        if (name.equals("unfold")) return in.unfolds().call(given, span, site);
        for (Calls.Given g : given) if (g.name().isPresent()) return in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), name, g.name().get().text(), Optional.empty(), List.of()));
        List<Item> items = given.stream().map(Calls.Given::item).toList();
        if ((name.equals("max") || name.equals("min")) && items.size() > 1) return extreme(name, items, span, site);
        if (Set.of("count", "concat", "reshape", "fill").contains(name)) return open(name, items, span, site);
        int wanted = PAIRS.contains(name) ? 2 : 1;
        if (items.size() != wanted) return in.fail(items.size() > wanted ? new CheckProblem.TooManyArguments(site.place(span), name, wanted, items.size()) : new CheckProblem.MissingArgument(site.place(span), name, "its input"));
        Item item = items.getFirst();
        if (SCALAR.contains(name)) return scalar(Functions.named(name).orElseThrow(), item, span, site);
        if (Reductions.NAMES.contains(name)) return in.reductions().whole(name, item, span, site);
        return switch (name) {
            case "floor" -> item instanceof Ratio(Dim p, Dim q) ? Ratio.of(p.floorDiv(q)) : scalar(Functions.FLOOR, item, span, site);
            case "ceil" -> item instanceof Ratio(Dim p, Dim q) ? Ratio.of(p.ceilDiv(q)) : ceiling(item, span, site);
            case "reverse" -> in.sequences().reverse(item, span, site);
            case "prepend", "append" -> in.sequences().longer(name, item, items.getLast(), span, site);
            case "encode" -> in.texts().encode(item, items.getLast(), span, site);
            case "decode" -> in.texts().decode(item, items.getLast(), span, site);
            case "rows" -> in.rows().take(item, items.getLast(), span, site);
            case "repeat" -> in.rows().repeat(item, items.getLast(), span, site);
            case "ragged" -> in.rows().ragged(item, items.getLast(), span, site);
            case "split" -> split(item, items.getLast(), span, site);
            case "transpose" -> transpose(item, span, site);
            case "stop_gradient" -> each(item, in.tensors()::stopGradient, span, site);
            case "f32" -> Numbers.isNumber(item) ? item : each(item, v -> in.tensors().cast(v, DType.f32), span, site);
            case "i32" -> each(item, v -> in.tensors().cast(v, DType.i32), span, site);
            default -> operator(Ops.function(name).orElseThrow(), item, span, site);
        };
    }

    private interface Step {
        Value of(Value v);
    }

    /// A step that keeps the shape.
    private Item each(Item item, Step step, Span span, Site site) {
        if (item instanceof Item.Product || item instanceof Item.Position)
            return in.arithmetic().labelled(item, span, site).<Item>map(l -> new Item.Product(List.of(Read.plain(step.of(l.value()), l.axes())))).orElse(Item.Poison.MISTAKE);
        return in.arithmetic().tensor(item, span, site).<Item>map(v -> new Tensor(step.of(v))).orElse(Item.Poison.MISTAKE);
    }

    /// An operator under its own name; what it refuses, it says itself.
    private Item operator(Function<Value, Op> build, Item item, Span span, Site site) {
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        try {
            return new Tensor(in.tensors().add(build.apply(v.get())));
        } catch (IllegalArgumentException refused) {
            return in.fail(new CheckProblem.RequireFailed(site.place(span), refused.getMessage(), "", List.of(), Optional.empty()));
        }
    }

    private Item scalar(Fn fn, Item item, Span span, Site site) {
        return Numbers.value(item).isPresent() ? Numbers.apply(fn, item) : in.arithmetic().map(fn, span, site, item);
    }

    private Item ceiling(Item item, Span span, Site site) {
        if (item instanceof Real(double v)) return new Real(Math.ceil(v));
        return in.arithmetic().map(Functions.NEG, span, site, in.arithmetic().map(Functions.FLOOR, span, site, in.arithmetic().map(Functions.NEG, span, site, item)));
    }

    /// Numbers and dims stay numbers where the order is known for all sizes.
    private Item extreme(String name, List<Item> items, Span span, Site site) {
        Item best = items.getFirst();
        for (Item next : items.subList(1, items.size())) {
            Optional<Item> chosen = chosen(name.equals("max"), best, next);
            best = chosen.isPresent() ? chosen.get() : in.arithmetic().map(name.equals("max") ? Functions.MAX : Functions.MIN, span, site, best, next);
        }
        return best;
    }

    private static Optional<Item> chosen(boolean larger, Item a, Item b) {
        OptionalDouble x = Numbers.value(a);
        OptionalDouble y = Numbers.value(b);
        if (x.isPresent() && y.isPresent()) return Optional.of(larger == x.getAsDouble() >= y.getAsDouble() ? a : b);
        Optional<Dim> p = Numbers.whole(a);
        Optional<Dim> q = Numbers.whole(b);
        if (p.isEmpty() || q.isEmpty()) return Optional.empty();
        if (p.get().minus(q.get()).least().orElse(-1) >= 0) return Optional.of(larger ? a : b);
        return q.get().minus(p.get()).least().orElse(-1) >= 0 ? Optional.of(larger ? b : a) : Optional.empty();
    }

    private Item distribution(String name, List<Calls.Given> given, Span span, Site site) {
        List<String> numbers = DISTRIBUTIONS.get(name);
        var values = new ArrayList<Double>();
        for (String n : numbers) values.add(STANDARDS.getOrDefault(n, Double.NaN));
        int position = 0;
        for (Calls.Given g : given) {
            int at = g.name().isPresent() ? numbers.indexOf(g.name().get().text()) : position++;
            if (at < 0) return in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), name, g.name().orElseThrow().text(), Names.similar(g.name().get().text(), numbers), numbers));
            if (at >= numbers.size()) return in.fail(new CheckProblem.TooManyArguments(site.place(g.span()), name, numbers.size(), given.size()));
            OptionalDouble value = Numbers.value(g.item());
            if (value.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(g.span()), numbers.get(at) + " of " + name + " as a number", g.item().describe()));
            values.set(at, value.getAsDouble());
        }
        for (int i = 0; i < numbers.size(); i++) if (Double.isNaN(values.get(i))) return in.fail(new CheckProblem.MissingArgument(site.place(span), name, numbers.get(i)));
        boolean refused = switch (name) {
            case "normal", "truncated_normal" -> values.get(1) < 0;
            case "uniform" -> values.get(0) > values.get(1);
            case "bernoulli" -> values.get(0) < 0 || values.get(0) > 1;
            default -> false;
        };
        return refused ? in.fail(new CheckProblem.ValueOutOfRange(site.place(span), name, values.stream().map(Numbers::print).toList().toString(), "no such distribution")) : new Item.Distribution(name, values);
    }

    /// Those that take any number of inputs.
    private Item open(String name, List<Item> items, Span span, Site site) {
        if (name.equals("concat")) return concat(items, span, site);
        int first = name.equals("count") ? 0 : 1;
        var dims = new ArrayList<Dim>();
        for (Item i : items.subList(Math.min(first, items.size()), items.size())) {
            if (i instanceof Item.Axes(List<Dim> row)) {
                dims.addAll(row);
                continue;
            }
            Optional<Dim> whole = Numbers.whole(i);
            if (whole.isEmpty()) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "dims for " + name, i.describe()));
            dims.add(whole.get());
        }
        if (name.equals("count")) return Ratio.of(dims.stream().reduce(Dim.ONE, Dim::times));
        if (items.isEmpty()) return in.fail(new CheckProblem.MissingArgument(site.place(span), name, "its input"));
        Optional<Value> v = in.arithmetic().tensor(items.getFirst(), span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        if (name.equals("fill")) {
            if (!v.get().type().isScalar()) return in.fail(new CheckProblem.RankMismatch(site.place(span), "fill takes a number", "0", Integer.toString(v.get().type().rank())));
            return new Tensor(in.tensors().broadcast(v.get(), dims, List.of()));
        }
        Dim size = dims.stream().reduce(Dim.ONE, Dim::times);
        if (!size.equals(v.get().type().size())) return in.fail(new CheckProblem.ReshapeCount(site.place(span), v.get().type().toString(), v.get().type().size().toString(), Signatures.print(dims), size.toString()));
        for (int ragged : in.ragged().axes(v.get().type().shape()))
            if (dims.size() <= ragged || !dims.subList(0, ragged + 1).equals(v.get().type().shape().subList(0, ragged + 1))) return in.fail(new CheckProblem.RaggedAxis(site.place(span), "reshape", v.get().type().dim(ragged).toString()));
        return new Tensor(in.tensors().reshape(v.get(), dims));
    }

    private Item concat(List<Item> items, Span span, Site site) {
        var parts = new ArrayList<Value>();
        for (Item i : items.size() == 1 && items.getFirst() instanceof Item.Many(List<Item> list) ? list : items) {
            Optional<Value> v = in.arithmetic().tensor(i, span, site);
            if (v.isEmpty()) return Item.Poison.MISTAKE;
            parts.add(v.get());
        }
        if (parts.isEmpty()) return in.fail(new CheckProblem.MissingArgument(site.place(span), "concat", "its input"));
        Value first = parts.getFirst();
        int axis = first.type().rank() - 1;
        for (Value v : parts) {
            if (v.type().rank() < 1 || v.type().rank() != first.type().rank()) return in.fail(new CheckProblem.RankMismatch(site.place(span), "concat joins along the last axis", first.type().rank() < 1 ? "at least 1" : Integer.toString(first.type().rank()), Integer.toString(v.type().rank())));
            if (v.type().dtype() != first.type().dtype()) return in.fail(new CheckProblem.WrongElementType(site.place(span), "concat", v.type().dtype().toString()));
            List<Dim> others = v.type().shape().subList(0, axis);
            if (!others.equals(first.type().shape().subList(0, axis)))
                return in.together(first.type().shape().subList(0, axis), others, span, site) ? Item.Poison.MISTAKE : in.fail(new CheckProblem.ShapeMismatch(site.place(span), "concat joins along the last axis, the others must be equal", first.type().toString(), v.type().toString(), List.of()));
        }
        if (parts.size() > 1)
            for (Value v : parts) if (in.ragged().rows(v.type().shape(), axis).isPresent()) return in.fail(new CheckProblem.RaggedAxis(site.place(span), "concat", v.type().dim(axis).toString()));
        return new Tensor(in.tensors().concat(parts, axis));
    }

    /// Equal parts of the last axis.
    private Item split(Item item, Item count, Span span, Site site) {
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        Optional<Dim> parts = Numbers.whole(count);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        if (parts.isEmpty() || !parts.get().isConstant() || parts.get().toInt() < 1) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a number of parts", count.describe()));
        int axis = v.get().type().rank() - 1;
        if (axis < 0) return in.fail(new CheckProblem.RankMismatch(site.place(span), "split cuts the last axis", "at least 1", "0"));
        Optional<Dim> size = v.get().type().dim(axis).exactDiv(parts.get());
        if (size.isEmpty()) return in.fail(new CheckProblem.NotWhole(site.place(span), v.get().type().dim(axis) + " / " + parts.get(), List.of()));
        var all = new ArrayList<Item>();
        for (int i = 0; i < parts.get().toInt(); i++) all.add(new Tensor(in.tensors().slice(v.get(), axis, size.get().times(i), size.get(), 1)));
        return new Item.Many(all);
    }

    /// The last two axes change places.
    private Item transpose(Item item, Span span, Site site) {
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        int rank = v.get().type().rank();
        if (rank < 2) return in.fail(new CheckProblem.RankMismatch(site.place(span), "transpose turns the last two axes", "at least 2", Integer.toString(rank)));
        var order = new ArrayList<>(IntStream.range(0, rank - 2).boxed().toList());
        order.add(rank - 1);
        order.add(rank - 2);
        return new Tensor(in.tensors().permute(v.get(), order));
    }

    private static List<Dim> shared(List<Dim> shape, Dim inner, int batch) {
        var dims = new ArrayList<>(shape.subList(0, batch));
        dims.add(inner);
        return dims;
    }

    /// `a @ b`: the last axis of a with the last but one of b; axes before them in b are shared with a.
    Item matrix(Item left, Item right, Expr.Binary e, Site site) {
        if (left instanceof Item.Poison || right instanceof Item.Poison) return Item.Poison.MISTAKE;
        Optional<Value> a = in.arithmetic().tensor(left, e.left().span(), site);
        Optional<Value> b = in.arithmetic().tensor(right, e.right().span(), site);
        if (a.isEmpty() || b.isEmpty()) return Item.Poison.MISTAKE;
        int ra = a.get().type().rank();
        int rb = b.get().type().rank();
        if (ra < 1 || rb < 1 || (rb > 2 && ra < rb)) return in.fail(new CheckProblem.RankMismatch(site.place(e.span()), "@ multiplies matrices", "at least " + Math.max(1, rb > 2 ? rb : 1), Integer.toString(Math.min(ra, rb))));
        int batch = Math.max(0, rb - 2);
        Optional<Value> stopped = a.map(v -> in.ragged().masked(v, 0, ra - 1));
        Optional<Value> inside = b.map(v -> in.ragged().masked(v, 0, rb == 1 ? 0 : rb - 2));
        List<Dim> x = a.get().type().shape();
        List<Dim> y = b.get().type().shape();
        Dim inner = y.get(rb == 1 ? 0 : rb - 2);
        if (!x.getLast().equals(inner) || !x.subList(0, batch).equals(y.subList(0, batch)))
            return in.together(shared(x, x.getLast(), batch), shared(y, inner, batch), e.span(), site) ? Item.Poison.MISTAKE : in.fail(new CheckProblem.ShapeMismatch(site.place(e.span()), "the inner axes of @", a.get().type().toString(), b.get().type().toString(), in.expressions().origins(e, site)));
        var axes = new ArrayList<Axis>();
        for (int i = 0; i < ra; i++) axes.add(new Axis(i == ra - 1 ? "k" : "i" + i, x.get(i)));
        var ofA = IntStream.range(0, ra).mapToObj(Affine::axis).toList();
        var ofB = new ArrayList<Affine>();
        for (int i = 0; i < batch; i++) ofB.add(Affine.axis(i));
        ofB.add(Affine.axis(ra - 1));
        var out = new ArrayList<>(IntStream.range(0, ra - 1).boxed().toList());
        if (rb > 1) {
            axes.add(new Axis("j", y.getLast()));
            ofB.add(Affine.axis(ra));
            out.add(ra);
        }
        return new Tensor(in.tensors().add(new Contract(in.tensors().cast(stopped.get(), DType.f32), in.tensors().cast(inside.get(), DType.f32), axes, new Access(ofA), new Access(ofB), out)));
    }
}
