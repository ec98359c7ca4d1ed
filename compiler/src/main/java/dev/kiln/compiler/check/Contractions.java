package dev.kiln.compiler.check;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.DoorCheck;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.stream.IntStream;

/// Products of reads become tensors here: a sum of two factors is one [Contract], a plain axis sum a `Sum`, a shifted read a `Slice` or a `Contract` with one.
final class Contractions {
    private final Elaboration in;

    Contractions(Elaboration in) {
        this.in = in;
    }

    /// The sum of the product of `factors` over `over`; empty when a mistake was reported.
    Optional<Labelled> sum(List<Read> factors, List<IndexVariable> over, Span span, Site site) {
        for (Read r : factors) if (!inside(r, span, site)) return Optional.empty();
        var left = new ArrayList<>(factors);
        var outside = new ArrayList<Labelled>();
        for (Read r : factors)
            if (r.isPlain() && r.variables().stream().noneMatch(over::contains) && left.size() > 1) {
                left.remove(r);
                outside.add(new Labelled(r.tensor(), r.variables()));
            }
        List<IndexVariable> read = over.stream().filter(i -> left.stream().anyMatch(r -> r.variables().contains(i))).toList();
        Labelled total = total(merged(left, site), read, site);
        for (IndexVariable i : over) if (!read.contains(i)) total = new Labelled(scaled(total.value(), i.extent().orElseThrow()), total.axes());
        for (Labelled factor : outside) total = multiply(total, factor, site);
        return Optional.of(total);
    }

    private Labelled total(List<Read> factors, List<IndexVariable> over, Site site) {
        if (factors.size() == 1 && factors.getFirst().isPlain()) return plainSum(factors.getFirst(), over);
        var left = new ArrayList<>(factors);
        while (left.size() > 2) {
            Read a = left.removeFirst();
            Read b = left.removeFirst();
            Set<IndexVariable> later = new LinkedHashSet<>();
            for (Read r : left) later.addAll(r.variables());
            Labelled pair = contract(a, b, over.stream().filter(i -> !later.contains(i)).toList(), site);
            left.addFirst(Read.plain(pair.value(), pair.axes()));
        }
        Read b = left.size() == 2 ? left.getLast() : ones(left.getFirst(), over);
        return contract(left.getFirst(), b, over, site);
    }

    /// The partner of a lone windowed read: one, for each place of the window.
    private Read ones(Read read, List<IndexVariable> over) {
        List<IndexVariable> summed = over.stream().filter(read.variables()::contains).toList();
        List<Dim> shape = summed.stream().map(i -> i.extent().orElseThrow()).toList();
        return Read.plain(in.tensors().fill(1, DType.f32, shape), summed);
    }

    private Labelled plainSum(Read read, List<IndexVariable> over) {
        List<IndexVariable> axes = read.axes().orElseThrow();
        var places = new ArrayList<Integer>();
        var kept = new ArrayList<IndexVariable>();
        for (int i = 0; i < axes.size(); i++) {
            if (over.contains(axes.get(i))) places.add(i);
            else kept.add(axes.get(i));
        }
        return new Labelled(in.tensors().sum(read.tensor(), places), kept);
    }

    /// An index that the body does not read counts its terms.
    private Value scaled(Value v, Dim count) {
        return in.tensors().map(Functions.MUL, v, in.tensors().trailing(in.tensors().size(count), v.type().shape()));
    }

    /// Plain factors whose indices another plain factor has, too, are multiplied into it: they need no axis of the contraction.
    private List<Read> merged(List<Read> factors, Site site) {
        var left = new ArrayList<>(factors);
        for (int i = 0; i < left.size(); i++)
            for (int j = 0; j < left.size(); j++) {
                Read small = left.get(i);
                Read large = left.get(j);
                boolean spares = left.size() > 2 || small.variables().size() == large.variables().size() || small.variables().isEmpty();
                if (i != j && spares && small.isPlain() && large.isPlain() && large.variables().containsAll(small.variables()) && !small.variables().isEmpty()) {
                    Labelled product = multiply(new Labelled(large.tensor(), large.variables()), new Labelled(small.tensor(), small.variables()), site);
                    left.set(j, Read.plain(product.value(), product.axes()));
                    left.remove(i);
                    return merged(left, site);
                }
            }
        return left;
    }

    private Labelled contract(Read a, Read b, List<IndexVariable> over, Site site) {
        List<IndexVariable> all = site.frame().inOrder(List.of(a.variables(), b.variables()));
        var numbers = new HashMap<IndexVariable, Integer>();
        var axes = new ArrayList<Axis>();
        for (IndexVariable i : all) {
            numbers.put(i, axes.size());
            axes.add(new Axis(i.name(), i.extent().orElseThrow()));
        }
        List<IndexVariable> kept = all.stream().filter(i -> !over.contains(i)).toList();
        var out = kept.stream().map(numbers::get).toList();
        return new Labelled(in.tensors().add(new Contract(a.tensor(), b.tensor(), axes, access(a, numbers), access(b, numbers), out)), kept);
    }

    private static Access access(Read read, Map<IndexVariable, Integer> numbers) {
        return new Access(read.coordinates().stream().map(c -> {
            var coefficients = new HashMap<Integer, Integer>();
            c.coefficients().forEach((i, k) -> coefficients.put(numbers.get(i), k));
            return Affine.normal(coefficients, c.offset().toInt(), c.divisor());
        }).toList());
    }

    /// The product, element by element; whole numbers beside real ones become real.
    Optional<Labelled> multiply(List<Read> factors, Span span, Site site) {
        boolean real = factors.stream().anyMatch(r -> r.tensor().type().dtype() == DType.f32);
        Optional<Labelled> product = Optional.empty();
        for (Read r : factors) {
            Optional<Labelled> part = materialise(r, span, site);
            if (part.isEmpty()) return part;
            if (factors.size() > 1 && r.tensor().type().dtype() == DType.bool) {
                in.fail(new CheckProblem.WrongElementType(site.place(span), Functions.MUL.name(), r.tensor().type().dtype().toString()));
                return Optional.empty();
            }
            Labelled factor = real ? new Labelled(in.tensors().cast(part.get().value(), DType.f32), part.get().axes()) : part.get();
            product = Optional.of(product.isEmpty() ? factor : multiply(product.get(), factor, site));
        }
        return product;
    }

    private Labelled multiply(Labelled a, Labelled b, Site site) {
        List<IndexVariable> axes = site.frame().inOrder(List.of(a.axes(), b.axes()));
        List<Dim> shape = axes.stream().map(i -> i.extent().orElseThrow()).toList();
        return new Labelled(in.tensors().map(Functions.MUL, spread(a, axes, shape), spread(b, axes, shape)), axes);
    }

    /// The tensor over all of `axes`, in their order.
    Value spread(Labelled l, List<IndexVariable> axes, List<Dim> shape) {
        List<IndexVariable> order = axes.stream().filter(l.axes()::contains).toList();
        Value v = in.tensors().permute(l.value(), order.stream().map(l.axes()::indexOf).toList());
        return in.tensors().broadcast(v, shape, order.stream().map(axes::indexOf).toList());
    }

    /// A read as a tensor of its own, with its indices as axes.
    Optional<Labelled> materialise(Read read, Span span, Site site) {
        Optional<List<IndexVariable>> plain = read.axes();
        if (plain.isPresent()) return Optional.of(new Labelled(read.tensor(), plain.get()));
        if (read.outside().isPresent() && read.outside().getAsDouble() != 0) return surrounded(read, span, site);
        if (!inside(read, span, site)) return Optional.empty();
        Optional<Labelled> slices = slices(read);
        return slices.isPresent() ? slices : Optional.of(contracted(read, site));
    }

    /// A product with one. Contractions are of floats: whole numbers go through them as such, exact up to 2^24 as those that readers take.
    private Labelled contracted(Read read, Site site) {
        DType dtype = read.tensor().type().dtype();
        var real = new Read(in.tensors().cast(read.tensor(), DType.f32), read.coordinates(), read.outside());
        Labelled product = contract(real, Read.plain(in.tensors().scalar(1), List.of()), List.of(), site);
        return new Labelled(in.tensors().cast(product.value(), dtype), product.axes());
    }

    /// Where a read of ones gives 0 lies the outside.
    private Optional<Labelled> surrounded(Read read, Span span, Site site) {
        var zero = OptionalDouble.of(0);
        DType dtype = read.tensor().type().dtype();
        Value ones = in.tensors().fill(1, DType.f32, read.tensor().type().shape());
        Optional<Labelled> found = materialise(new Read(read.tensor(), read.coordinates(), zero), span, site);
        Optional<Labelled> inside = materialise(new Read(ones, read.coordinates(), zero), span, site);
        return found.flatMap(f -> inside.map(i -> {
            List<Dim> shape = f.value().type().shape();
            Value known = in.tensors().map(Functions.LESS, in.tensors().fill(0, DType.f32, shape), spread(i, f.axes(), shape));
            return new Labelled(in.tensors().map(Functions.SELECT, known, f.value(), in.tensors().fill(read.outside().getAsDouble(), dtype, shape)), f.axes());
        }));
    }

    /// Shifts and strides that stay inside are slices.
    private Optional<Labelled> slices(Read read) {
        var seen = new LinkedHashSet<IndexVariable>();
        for (Coordinate c : read.coordinates()) {
            if (c.coefficients().size() > 1 || (read.outside().isPresent() && !c.isConstant() && c.alone().isEmpty())) return Optional.empty();
            for (IndexVariable i : c.variables()) if (!seen.add(i) || c.coefficients().get(i) < 0) return Optional.empty();
        }
        if (read.outside().isPresent() && !isInside(read)) return Optional.empty();
        Value v = read.tensor();
        int axis = 0;
        for (Coordinate c : read.coordinates()) {
            if (c.isConstant()) {
                v = in.tensors().pick(v, axis, c.offset());
            } else {
                IndexVariable i = c.variables().getFirst();
                v = in.tensors().slice(v, axis, c.offset(), i.extent().orElseThrow(), c.coefficients().get(i));
                axis++;
            }
        }
        return Optional.of(new Labelled(v, List.copyOf(seen)));
    }

    /// Every index has an extent, and what is read without `else` lies inside: proved, refused, or checked at the door.
    boolean inside(Read read, Span span, Site site) {
        for (IndexVariable i : read.variables())
            if (i.extent().isEmpty()) {
                in.fail(new CheckProblem.UnknownExtent(site.place(i.bound()), i.name()));
                return false;
            }
        if (read.outside().isPresent()) return true;
        for (int d = 0; d < read.coordinates().size(); d++) {
            Coordinate.Range range = read.coordinates().get(d).range();
            Dim size = read.tensor().type().dim(d);
            if (!atLeast(range.low(), Dim.ZERO, size, span, site) || !atLeast(size.minus(1), range.high(), size, span, site)) return false;
        }
        return true;
    }

    /// The read with whole numbers for offsets: what stands at a symbolic place is cut out first, backwards where the indices count down.
    /// Empty where the text mixes both directions, or says what lies outside.
    Optional<Read> anchored(Read read) {
        if (read.outside().isPresent() && isInside(read)) return anchored(new Read(read.tensor(), read.coordinates(), OptionalDouble.empty()));
        var coordinates = new ArrayList<Coordinate>();
        Value v = read.tensor();
        for (int d = 0; d < read.coordinates().size(); d++) {
            Coordinate c = read.coordinates().get(d);
            if (c.offset().isConstant()) {
                coordinates.add(c);
                continue;
            }
            boolean down = !c.isConstant() && c.coefficients().values().stream().allMatch(k -> k < 0);
            if (read.outside().isPresent() || (!down && c.coefficients().values().stream().anyMatch(k -> k < 0))) return Optional.empty();
            Coordinate.Range range = c.range();
            v = in.tensors().slice(v, d, down ? range.high() : range.low(), range.high().minus(range.low()).plus(1), down ? -1 : 1);
            coordinates.add(c.minusOffset().times(down ? -1 : 1));
        }
        return Optional.of(new Read(v, coordinates, read.outside()));
    }

    /// Whether nothing that is read lies outside, whatever the sizes: then what the text says of the outside is of no use.
    private static boolean isInside(Read read) {
        return IntStream.range(0, read.coordinates().size()).allMatch(d -> {
            Coordinate c = read.coordinates().get(d);
            return c.divisor() == 1 && c.range().low().leastFromNone().orElse(-1) >= 0 && read.tensor().type().dim(d).minus(1).minus(c.range().high()).leastFromNone().orElse(-1) >= 0;
        });
    }

    /// Proved, refused, or checked at the door.
    boolean atLeast(Dim larger, Dim smaller, Dim size, Span span, Site site) {
        var slack = larger.minus(smaller).leastFromNone();
        if (slack.isPresent() && slack.getAsLong() >= 0) return true;
        if (larger.minus(smaller).isConstant() || smaller.minus(larger).least().orElse(0) > 0) {
            in.fail(new CheckProblem.IndexOutside(site.place(span), size.toString(), smaller.equals(Dim.ZERO) ? larger.toString() : smaller.toString()));
            return false;
        }
        in.shared().checks().add(new DoorCheck(larger, DoorCheck.Relation.AT_LEAST, smaller, "%s: a read lies outside: %s must be at least %s".formatted(site.place(span), larger, smaller)));
        return true;
    }
}
