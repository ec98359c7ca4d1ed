package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// What is done to the axis of time, the one behind the batch, as a whole: `reverse`, `prepend`, `append`.
final class Sequences {
    private final Elaboration in;

    Sequences(Elaboration in) {
        this.in = in;
    }

    /// `x |> reverse`: kept as it is until something other than a loop reads it.
    Item reverse(Item item, Span span, Site site) {
        if (item instanceof Item.Reversed(Value of)) return new Tensor(of);
        if (item instanceof Item.Many(List<Item> items) && items.stream().anyMatch(i -> i instanceof Tensor || i instanceof Item.Reversed)) return new Item.Many(items.stream().map(i -> reverse(i, span, site)).toList());
        return sequence(item, span, site).<Item>map(Item.Reversed::new).orElse(Item.Poison.MISTAKE);
    }

    private Optional<Value> sequence(Item item, Span span, Site site) {
        Optional<Value> v = in.arithmetic().tensor(item, span, site);
        if (v.isEmpty() || v.get().type().rank() >= 2) return v;
        in.fail(new CheckProblem.RankMismatch(site.place(span), "a sequence has an axis for the batch and one for time", "at least 2", Integer.toString(v.get().type().rank())));
        return Optional.empty();
    }

    /// `ids |> prepend(start)` and `ids |> append(end)`: every row becomes one step longer. Of a ragged axis the end is each row's own.
    Item longer(String name, Item item, Item element, Span span, Site site) {
        Optional<Value> found = sequence(item, span, site);
        if (found.isEmpty()) return Item.Poison.MISTAKE;
        Value x = found.get();
        var shape = new ArrayList<>(x.type().shape());
        shape.set(1, Dim.ONE);
        Optional<Value> one = element(element, x.type().withShape(shape), span, site);
        if (one.isEmpty()) return Item.Poison.MISTAKE;
        boolean ragged = in.ragged().rows(x.type().shape(), 1).isPresent();
        Value whole = ragged ? in.ragged().masked(x, 0, 1) : x;
        Value joined = in.tensors().concat(name.equals("prepend") ? List.of(one.get(), whole) : List.of(whole, one.get()), 1);
        if (!ragged) return new Tensor(joined);
        Value length = in.ragged().length(x.type().shape(), 1);
        in.ragged().declare(joined.type().dim(1), in.tensors().map(Functions.ADD, length, in.tensors().fill(1, DType.i32, length.type().shape())));
        return new Tensor(name.equals("prepend") ? joined : in.tensors().map(Functions.SELECT, at(length, joined.type().shape()), in.tensors().spread(one.get(), joined.type().shape(), 1), joined));
    }

    /// A number, or one for each row.
    private Optional<Value> element(Item element, TensorType type, Span span, Site site) {
        var number = Numbers.value(element);
        if (number.isPresent()) return Optional.of(in.tensors().fill(number.getAsDouble(), type.dtype(), type.shape()));
        Optional<Value> v = in.arithmetic().tensor(element, span, site);
        if (v.isEmpty()) return v;
        var row = new ArrayList<>(type.shape());
        row.remove(1);
        if (v.get().type().equals(type.withShape(row))) return Optional.of(in.tensors().reshape(v.get(), type.shape()));
        in.fail(new CheckProblem.ShapeMismatch(site.place(span), "the step that is added", type.withShape(row).toString(), v.get().type().toString(), List.of()));
        return Optional.empty();
    }

    /// True at the one step that stands at the length of its row.
    private Value at(Value length, List<Dim> shape) {
        List<Dim> plane = shape.subList(0, 2);
        Value step = in.tensors().broadcast(in.tensors().iota(shape.get(1)), plane, List.of(1));
        Value here = in.tensors().map(Functions.EQUAL, step, in.tensors().broadcast(length, plane, IntStream.range(0, length.type().rank()).boxed().toList()));
        return in.tensors().broadcast(here, shape, List.of(0, 1));
    }
}
