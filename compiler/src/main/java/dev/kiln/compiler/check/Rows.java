package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// What search needs of whole rows: `rows(x, index)` takes them by number, `repeat(x, k)` has each several times, `ragged(x, length)` says where each ends.
/// Of a cell's states, and of everything a cell was given, the first two take all.
final class Rows {
    private final Elaboration in;

    Rows(Elaboration in) {
        this.in = in;
    }

    /// `rows(x, index)`: row i of the result is the row of x that `index` names at i.
    Item take(Item item, Item index, Span span, Site site) {
        Optional<Value> at = in.arithmetic().tensor(index, span, site);
        if (at.isEmpty() || item instanceof Item.Poison) return Item.Poison.MISTAKE;
        if (at.get().type().dtype() != DType.i32) return in.fail(new CheckProblem.WrongElementType(site.place(span), "the index of rows (i32)", at.get().type().dtype().toString()));
        return each(item, v -> in.tensors().gather(v, at.get()), "rows", span, site);
    }

    /// `repeat(x, k)`: every row k times, one after the other. What a cell was given is repeated, not what it owns.
    Item repeat(Item item, Item count, Span span, Site site) {
        Optional<Dim> times = Numbers.whole(count);
        if (times.isEmpty() && !(count instanceof Item.Poison)) return in.fail(new CheckProblem.TypeMismatch(site.place(span), "a number of copies", count.describe()));
        if (times.isEmpty() || item instanceof Item.Poison) return Item.Poison.MISTAKE;
        if (item instanceof Applicable a) return repeated(a, times.get());
        return each(item, v -> repeated(v, times.get()), "repeat", span, site);
    }

    private Item repeated(Item item, Dim times) {
        return switch (item) {
            case Tensor(Value v) when v.type().rank() > 0 -> new Tensor(repeated(v, times));
            case Item.Reversed(Value v) -> new Item.Reversed(repeated(v, times));
            case Applicable(Instance i, Map<String, Item> fixed) -> {
                var given = new LinkedHashMap<String, Item>();
                fixed.forEach((name, value) -> given.put(name, repeated(value, times)));
                var settings = new LinkedHashMap<String, Scope.Binding>();
                i.settings().forEach((name, b) -> settings.put(name, b.item() instanceof Applicable ? new Scope.Binding(repeated(b.item(), times), b.place()) : b));
                yield new Applicable(settings.equals(i.settings()) ? i : new Instance(i.block(), i.home(), i.path(), settings, i.made()), given);
            }
            default -> item;
        };
    }

    private Value repeated(Value v, Dim times) {
        List<Dim> shape = v.type().shape();
        var apart = new ArrayList<>(shape);
        apart.add(1, times);
        var together = new ArrayList<>(shape);
        together.set(0, shape.getFirst().times(times));
        for (int axis : in.ragged().axes(shape))
            if (in.ragged().rows(shape, axis).orElseThrow().equals(List.of(0))) in.ragged().declare(shape.get(axis), repeated(in.ragged().length(shape, axis), times));
        return in.tensors().reshape(in.tensors().broadcast(v, apart, IntStream.range(0, apart.size()).filter(a -> a != 1).boxed().toList()), together);
    }

    /// `ragged(x, length)`: the axis behind the batch ends at `length` in each row.
    Item ragged(Item item, Item length, Span span, Site site) {
        Optional<Value> x = in.arithmetic().tensor(item, span, site);
        Optional<Value> ends = in.arithmetic().tensor(length, span, site);
        if (x.isEmpty() || ends.isEmpty()) return Item.Poison.MISTAKE;
        List<Dim> shape = x.get().type().shape();
        if (shape.size() < 2) return in.fail(new CheckProblem.RankMismatch(site.place(span), "ragged has an axis for the batch and one that ends", "at least 2", Integer.toString(shape.size())));
        var wanted = new TensorType(DType.i32, shape.subList(0, 1));
        if (!ends.get().type().equals(wanted)) return in.fail(new CheckProblem.ShapeMismatch(site.place(span), "the lengths of ragged", wanted.toString(), ends.get().type().toString(), List.of()));
        var named = new ArrayList<>(shape);
        named.set(1, in.unfolds().axis(shape.get(1)));
        in.ragged().declare(named.get(1), ends.get());
        return new Tensor(in.ragged().masked(in.tensors().reshape(x.get(), named), 0, 1));
    }

    private interface Step {
        Value of(Value v);
    }

    private Item each(Item item, Step step, String what, Span span, Site site) {
        if (item instanceof Item.States(String cell, Map<String, Item> members)) {
            var all = new LinkedHashMap<String, Item>();
            members.forEach((path, state) -> all.put(path, each(state, step, what, span, site)));
            return all.containsValue(Item.Poison.MISTAKE) ? Item.Poison.MISTAKE : new Item.States(cell, all);
        }
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        if (v.isEmpty()) return Item.Poison.MISTAKE;
        if (v.get().type().isScalar()) return in.fail(new CheckProblem.RankMismatch(site.place(span), what + " takes rows", "at least 1", "0"));
        return new Tensor(step.of(v.get()));
    }
}
