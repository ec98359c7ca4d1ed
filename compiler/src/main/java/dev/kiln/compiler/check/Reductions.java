package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Product;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Slide;
import dev.kiln.compiler.op.WindowMax;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/// `f(body over indices)`: the reductions of the language, and any function of a tensor applied to the packed axes. Also the same words on whole tensors.
final class Reductions {
    static final Set<String> NAMES = Set.of("sum", "mean", "max", "min", "var", "argmax");
    private final Elaboration in;

    Reductions(Elaboration in) {
        this.in = in;
    }

    /// All axes of a tensor; `argmax` the last.
    Item whole(String name, Item item, Span span, Site site) {
        if (item instanceof Product || item instanceof Item.Position) return in.fail(new CheckProblem.UnnamedAxes(site.place(span), name + " without over"));
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        if (name.equals("argmax") && v.get().type().isScalar()) return in.fail(new CheckProblem.RankMismatch(site.place(span), "argmax needs an axis", "at least 1", "0"));
        if (v.get().type().isScalar())
            return switch (name) {
                case "var" -> new Tensor(in.tensors().scalar(0));
                case "mean" -> new Tensor(in.tensors().cast(v.get(), DType.f32));
                default -> item;
            };
        List<Integer> axes = IntStream.range(name.equals("argmax") ? v.get().type().rank() - 1 : 0, v.get().type().rank()).boxed().toList();
        return new Tensor(reduce(name, v.get(), axes, in.ragged().real(v.get().type().shape())));
    }

    /// The elements where `counted` holds; padding is none of them.
    private Value reduce(String name, Value v, List<Integer> axes, Optional<Value> counted) {
        if (counted.isEmpty()) return reduce(name, v, axes);
        Value inside = counted.get();
        Ragged ragged = in.ragged();
        return switch (name) {
            case "sum" -> reduce(name, ragged.choose(inside, in.tensors().cast(v, v.type().dtype() == DType.bool ? DType.f32 : v.type().dtype()), 0), axes);
            case "mean" -> mean(in.tensors().cast(v, DType.f32), inside, axes);
            case "max" -> extreme(name, v, least(v.type().dtype()), inside, axes);
            case "min" -> extreme(name, v, -least(v.type().dtype()), inside, axes);
            case "argmax" -> reduce(name, ragged.choose(inside, v, least(v.type().dtype())), axes);
            case "var" -> variance(in.tensors().cast(v, DType.f32), inside, axes);
            default -> throw new IllegalArgumentException(name + " is no reduction");
        };
    }

    private static double least(DType dtype) {
        return dtype == DType.f32 ? Double.NEGATIVE_INFINITY : -Integer.MAX_VALUE;
    }

    /// Of nothing it is 0, as every reduction is.
    private Value extreme(String name, Value v, double neutral, Value counted, List<Integer> axes) {
        Value found = reduce(name, in.ragged().choose(counted, v, neutral), axes);
        Value count = in.tensors().sum(in.tensors().cast(counted, DType.f32), axes);
        return in.ragged().choose(in.tensors().map(Functions.LESS, in.tensors().fill(0, DType.f32, count.type().shape()), count), found, 0);
    }

    private Value mean(Value v, Value counted, List<Integer> axes) {
        Value sum = in.tensors().sum(in.ragged().choose(counted, v, 0), axes);
        Value count = in.tensors().sum(in.tensors().cast(counted, DType.f32), axes);
        return in.tensors().map(Functions.DIV, sum, in.tensors().map(Functions.MAX, count, in.tensors().fill(1, DType.f32, count.type().shape())));
    }

    private Value variance(Value v, Value counted, List<Integer> axes) {
        List<Dim> shape = v.type().shape();
        List<Integer> kept = IntStream.range(0, shape.size()).filter(a -> !axes.contains(a)).boxed().toList();
        Value off = in.tensors().map(Functions.SUB, v, in.tensors().broadcast(mean(v, counted, axes), shape, kept));
        return mean(in.tensors().map(Functions.MUL, off, off), counted, axes);
    }

    /// Kernels reduce floats, so whole numbers are reduced as such: exact as long as they stay below 2²⁴.
    private Value reduce(String name, Value v, List<Integer> axes) {
        if (v.type().dtype() == DType.i32) {
            Value reduced = reduce(name, in.tensors().cast(v, DType.f32), axes);
            return name.equals("mean") || name.equals("var") ? reduced : in.tensors().cast(reduced, DType.i32);
        }
        Value real = v.type().dtype() == DType.bool || name.equals("mean") || name.equals("var") ? in.tensors().cast(v, DType.f32) : v;
        return switch (name) {
            case "sum" -> in.tensors().sum(real, axes);
            case "mean" -> in.tensors().mean(real, axes);
            case "max" -> in.tensors().max(v, axes);
            case "min" -> in.tensors().min(v, axes);
            case "var" -> in.tensors().variance(real, axes);
            case "argmax" -> in.tensors().argmax(v, axes.getFirst());
            default -> throw new IllegalArgumentException(name + " is no reduction");
        };
    }

    Item over(Expr.Call call, Site site) {
        Scope scope = in.formulas().over(call, site);
        Site inner = site.inner(scope);
        if (call.arguments().size() != 1 || call.arguments().getFirst().name().isPresent())
            return in.fail(new CheckProblem.TooManyArguments(site.place(call.span()), "a function with over", 1, call.arguments().size()));
        Expr body = call.arguments().getFirst().value();
        in.formulas().learn(body, inner);
        Item item = in.expressions().evaluate(body, inner);
        Optional<List<IndexVariable>> indices = in.formulas().variables(call.over(), scope, site);
        if (item instanceof Item.Poison || indices.isEmpty()) return Item.Poison.MISTAKE;
        for (IndexVariable i : indices.get()) if (i.extent().isEmpty()) return in.fail(new CheckProblem.UnknownExtent(site.place(i.bound()), i.name()));
        Item callee = in.expressions().callee(call.callee(), site);
        String name = callee instanceof Item.Intrinsic(String n) ? n : "";
        List<Read> factors = item instanceof Product(List<Read> f) ? f : List.of();
        if (NAMES.contains(name))
            for (var index : call.over()) {
                var outer = site.scope().find(index.name().text());
                if (outer.isPresent() && (outer.get().item() instanceof Item.Position || outer.get().item() instanceof Item.Positions)) return in.fail(new CheckProblem.HiddenName(site.place(index.span()), index.name().text(), site.place(outer.get().place())));
            }
        var all = new LinkedHashSet<IndexVariable>(indices.get());
        for (Read r : factors) all.addAll(r.variables());
        Optional<Labelled> counted = NAMES.contains(name) ? in.ragged().real(List.copyOf(all), indices.get(), site) : Optional.empty();
        if (counted.isPresent()) return ragged(name, item, counted.get(), indices.get(), call, inner);
        boolean sums = name.equals("sum") || name.equals("mean");
        if (sums && !factors.isEmpty() && factors.stream().allMatch(r -> r.outside().orElse(0) == 0 && r.tensor().type().dtype() == DType.f32)) {
            Optional<Labelled> sum = in.contractions().sum(factors, indices.get(), body.span(), inner);
            return sum.isEmpty() ? Item.Poison.MISTAKE : item(name.equals("mean") ? divided(sum.get(), indices.get()) : sum.get());
        }
        if ((name.equals("max") || name.equals("min")) && factors.size() == 1 && factors.getFirst().axes().isEmpty()) {
            Optional<Labelled> window = window(name, factors.getFirst(), indices.get(), body.span(), site);
            if (window.isPresent()) return item(window.get());
        }
        Optional<Labelled> packed = in.arithmetic().labelled(item, body.span(), inner).map(l -> complete(l, indices.get(), site));
        if (packed.isEmpty()) return Item.Poison.MISTAKE;
        return NAMES.contains(name) ? reduced(name, packed.get(), indices.get(), call, site) : applied(callee, call, packed.get(), indices.get(), site);
    }

    /// A reduction that stops at the lengths. A sum of products stays one: padding of a factor becomes zero.
    private Item ragged(String name, Item item, Labelled counted, List<IndexVariable> over, Expr.Call call, Site site) {
        Span span = call.arguments().getFirst().span();
        if (name.equals("sum") && item instanceof Product(List<Read> factors) && factors.stream().allMatch(r -> r.outside().orElse(0) == 0 && r.tensor().type().dtype() == DType.f32)) {
            Optional<Read> plain = factors.stream().filter(r -> r.axes().isPresent() && r.variables().containsAll(counted.axes())).findFirst();
            if (plain.isPresent()) {
                List<Read> stopped = factors.stream().map(r -> r.equals(plain.get()) ? stopped(r, counted) : r).toList();
                return in.contractions().sum(stopped, over, span, site).map(Reductions::item).orElse(Item.Poison.MISTAKE);
            }
        }
        Optional<Labelled> body = in.arithmetic().labelled(item, span, site).map(l -> complete(l, over, site));
        if (body.isEmpty()) return Item.Poison.MISTAKE;
        Labelled l = body.get();
        List<Integer> places = over.stream().map(l.axes()::indexOf).sorted().toList();
        if (name.equals("argmax") && places.size() != 1) return in.fail(new CheckProblem.RankMismatch(site.place(call.span()), "argmax goes over one index", "1", Integer.toString(places.size())));
        Value inside = in.contractions().spread(counted, l.axes(), l.value().type().shape());
        return item(new Labelled(reduce(name, l.value(), places, Optional.of(inside)), l.axes().stream().filter(i -> !over.contains(i)).toList()));
    }

    private Read stopped(Read r, Labelled counted) {
        List<IndexVariable> axes = r.axes().orElseThrow();
        return Read.plain(in.ragged().choose(in.contractions().spread(counted, axes, r.tensor().type().shape()), r.tensor(), 0), axes);
    }

    private static Item item(Labelled l) {
        return new Product(List.of(Read.plain(l.value(), l.axes())));
    }

    private Labelled divided(Labelled sum, List<IndexVariable> over) {
        Dim count = over.stream().map(i -> i.extent().orElseThrow()).reduce(Dim.ONE, Dim::times);
        return new Labelled(in.tensors().map(Functions.DIV, sum.value(), in.tensors().trailing(in.tensors().size(count), sum.value().type().shape())), sum.axes());
    }

    /// With an axis for each index, read or not.
    private Labelled complete(Labelled l, List<IndexVariable> over, Site site) {
        if (l.axes().containsAll(over)) return l;
        List<IndexVariable> axes = site.frame().inOrder(List.of(l.axes(), over));
        return new Labelled(in.contractions().spread(l, axes, axes.stream().map(i -> i.extent().orElseThrow()).toList()), axes);
    }

    private Item reduced(String name, Labelled l, List<IndexVariable> over, Expr.Call call, Site site) {
        List<Integer> places = over.stream().map(l.axes()::indexOf).sorted().toList();
        if (name.equals("argmax") && places.size() != 1) return in.fail(new CheckProblem.RankMismatch(site.place(call.span()), "argmax goes over one index", "1", Integer.toString(places.size())));
        return item(new Labelled(reduce(name, l.value(), places), l.axes().stream().filter(i -> !over.contains(i)).toList()));
    }

    /// The indices become the last axes, and a function of just these is applied at every position of the others; a result with these axes keeps them, one without them has lost them.
    private Item applied(Item callee, Expr.Call call, Labelled l, List<IndexVariable> over, Site site) {
        var order = new ArrayList<>(l.axes().stream().filter(i -> !over.contains(i)).toList());
        int outer = order.size();
        order.addAll(over);
        Value v = in.tensors().permute(l.value(), order.stream().map(l.axes()::indexOf).toList());
        Span argument = call.arguments().getFirst().span();
        Item result = outer > 0 && RowByRow.fits(callee, over.size())
                ? new RowByRow(in).run(callee, v, outer, argument, call.span(), site)
                : in.calls().call(callee, List.of(new Calls.Given(Optional.empty(), new Tensor(v), argument)), call.span(), site);
        if (result instanceof Item.Poison) return result;
        if (result instanceof Tensor(Value y) && y.type().shape().equals(v.type().shape())) return item(new Labelled(y, order));
        if (result instanceof Tensor(Value y) && y.type().shape().equals(v.type().shape().subList(0, outer))) return item(new Labelled(y, order.subList(0, outer)));
        return in.fail(new CheckProblem.RankMismatch(site.place(call.span()), "a function with over keeps its axes or takes them away", Signatures.print(v.type().shape()), result.describe()));
    }

    /// Max over a window that slides: its own operator. Empty when the read has another form.
    private Optional<Labelled> window(String name, Read read, List<IndexVariable> over, Span span, Site site) {
        double neutral = name.equals("max") ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
        if (read.outside().isPresent() && read.outside().getAsDouble() != neutral) return Optional.empty();
        if (read.outside().isEmpty() && !in.contractions().inside(read, span, site)) return Optional.empty();
        var slides = new ArrayList<Slide>();
        var kept = new ArrayList<IndexVariable>();
        for (int d = 0; d < read.coordinates().size(); d++) {
            Coordinate c = read.coordinates().get(d);
            Dim size = read.tensor().type().dim(d);
            Optional<IndexVariable> moving = c.variables().stream().filter(i -> !over.contains(i)).findFirst();
            if (moving.isEmpty() || kept.contains(moving.get())) return Optional.empty();
            kept.add(moving.get());
            Optional<IndexVariable> alone = c.alone();
            if (alone.isPresent() && alone.get().extent().equals(Optional.of(size))) continue;
            Optional<Slide> slide = slide(d, c, moving.get(), over, size);
            if (slide.isEmpty()) return Optional.empty();
            slides.add(slide.get());
        }
        Value x = name.equals("max") ? read.tensor() : in.tensors().map(Functions.NEG, read.tensor());
        Value y = in.tensors().add(new WindowMax(x, slides.stream().sorted(Comparator.comparingInt(Slide::axis)).toList()));
        return Optional.of(new Labelled(name.equals("max") ? y : in.tensors().map(Functions.NEG, y), kept));
    }

    /// `stride * i + dilation * u - pad`; the padding behind follows from the number of windows.
    private static Optional<Slide> slide(int axis, Coordinate c, IndexVariable moving, List<IndexVariable> over, Dim size) {
        List<IndexVariable> taps = c.variables().stream().filter(over::contains).toList();
        if (c.divisor() != 1 || c.variables().size() != 2 || taps.size() != 1 || !taps.getFirst().extent().orElseThrow().isConstant()) return Optional.empty();
        int kernel = taps.getFirst().extent().orElseThrow().toInt();
        int stride = c.coefficients().get(moving);
        int dilation = c.coefficients().get(taps.getFirst());
        int low = -c.offset().toInt();
        if (stride < 1 || dilation < 1 || low < 0 || low > dilation * (kernel - 1)) return Optional.empty();
        Dim windows = moving.extent().orElseThrow();
        for (int high = 0; high <= dilation * (kernel - 1); high++)
            if (Slide.windows(size, kernel, stride, dilation, low, high).equals(windows)) return Optional.of(new Slide(axis, kernel, stride, dilation, low, high, windows));
        return Optional.empty();
    }
}
