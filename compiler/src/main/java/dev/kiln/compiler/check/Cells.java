package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Calls.Given;
import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;

/// Cells and time: `scan` and `fold` run a cell over the axis behind the batch, as one loop.
final class Cells {
    private final Elaboration in;

    Cells(Elaboration in) {
        this.in = in;
    }

    /// `scan(cell)` is still open, `scan(x, cell)` runs. @param kind `scan` or `fold`
    Item repeat(String kind, List<Given> given, Span span, Site site) {
        for (Given g : given) if (g.name().isPresent()) return in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), kind, g.name().get().text(), Optional.empty(), List.of()));
        if (given.isEmpty()) return in.fail(new CheckProblem.MissingArgument(site.place(span), kind, "a cell"));
        Optional<Applicable> cell = cell(given.getLast(), site);
        if (cell.isEmpty()) return Item.Poison.MISTAKE;
        var repeated = new Item.Repeated(kind, cell.get());
        return given.size() == 1 ? repeated : run(repeated, given.subList(0, given.size() - 1), span, site);
    }

    /// A bare name of a cell is that cell with its standard settings.
    Optional<Applicable> cell(Given given, Site site) {
        Item item = given.item() instanceof Item.Kind k && k.isCell() ? in.calls().make(k, List.of(), given.span(), site, Optional.empty()) : given.item();
        if (item instanceof Applicable cell && cell.isCell()) return Optional.of(cell);
        if (!(item instanceof Item.Poison)) in.fail(new CheckProblem.TypeMismatch(site.place(given.span()), "a cell", item.describe()));
        return Optional.empty();
    }

    /// The cell over sequences, which all have one length.
    Item run(Item.Repeated repeated, List<Given> given, Span span, Site site) {
        if (given.isEmpty()) return in.fail(new CheckProblem.MissingArgument(site.place(span), repeated.kind(), "a sequence"));
        boolean reverse = given.stream().allMatch(g -> g.item() instanceof Item.Reversed);
        var sequences = new ArrayList<Value>();
        for (Given g : given) {
            if (g.name().isPresent()) return in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), repeated.kind(), g.name().get().text(), Optional.empty(), List.of()));
            Optional<Value> v = reverse && g.item() instanceof Item.Reversed(Value of) ? Optional.of(of) : in.arithmetic().tensor(g.item(), g.span(), site);
            if (v.isEmpty()) return Item.Poison.MISTAKE;
            if (v.get().type().rank() < 2) return in.fail(new CheckProblem.RankMismatch(site.place(g.span()), "a sequence has an axis for the batch and one for time", "at least 2", Integer.toString(v.get().type().rank())));
            Dim first = sequences.isEmpty() ? v.get().type().dim(1) : sequences.getFirst().type().dim(1);
            if (!v.get().type().dim(1).equals(first)) return in.together(List.of(first), List.of(v.get().type().dim(1)), g.span(), site) ? Item.Poison.MISTAKE : in.fail(new CheckProblem.ShapeMismatch(site.place(g.span()), "the sequences of one loop have one length", first.toString(), v.get().type().dim(1).toString(), List.of()));
            sequences.add(v.get());
        }
        Value x = sequences.getFirst();
        var loop = new Loop(in.loop(), in.tensors(), x.type().dim(1), x.type().dim(0));
        in.enter(Optional.of(loop));
        Optional<List<Value>> outputs = step(repeated.cell(), given, sequences, loop, span, site);
        in.enter(loop.outer());
        if (outputs.isEmpty() || !begins(loop, span, site)) return Item.Poison.MISTAKE;
        List<Value> ends = in.ragged().rows(x.type().shape(), 1).isPresent() ? stopped(loop, outputs.get()) : outputs.get();
        Cut.Results results = Cut.of(in.graph(), loop, ends, reverse);
        keep(loop, results);
        in.ragged().leave(loop);
        return repeated.kind().equals("fold") ? last(repeated.cell(), results) : every(results, reverse);
    }

    private Optional<List<Value>> step(Applicable cell, List<Given> given, List<Value> sequences, Loop loop, Span span, Site site) {
        var elements = new ArrayList<Given>();
        for (int i = 0; i < sequences.size(); i++) elements.add(new Given(Optional.empty(), new Tensor(loop.step(swapped(sequences.get(i)))), given.get(i).span()));
        return values(in.calls().call(cell, elements, span, site), span, site);
    }

    /// What a step gives.
    Optional<List<Value>> values(Item made, Span span, Site site) {
        if (made instanceof Item.Poison) return Optional.empty();
        var outputs = new ArrayList<Value>();
        for (Item item : made instanceof Item.Many(List<Item> items) ? items : List.of(made)) {
            Optional<Value> v = in.arithmetic().tensor(item, span, site);
            if (v.isEmpty()) return Optional.empty();
            outputs.add(v.get());
        }
        return Optional.of(outputs);
    }

    /// Behind the end of a row its states stay and its outputs are zero.
    private List<Value> stopped(Loop loop, List<Value> outputs) {
        Value step = loop.step(in.tensors().iota(loop.time()));
        Map.copyOf(loop.states()).forEach((path, state) -> state.after().ifPresent(after -> in.ragged().real(step, loop.time(), after.type().shape())
                .ifPresent(real -> loop.next(path, in.tensors().map(Functions.SELECT, real, after, state.before())))));
        return outputs.stream().map(y -> in.ragged().real(step, loop.time(), y.type().shape()).map(real -> in.ragged().choose(real, y, 0)).orElse(y)).toList();
    }

    /// What a state begins with is known before the first step.
    boolean begins(Loop loop, Span span, Site site) {
        var standIns = new HashSet<>(loop.standIns());
        loop.states().values().forEach(c -> standIns.add(c.before()));
        for (Map.Entry<String, Loop.Carried> state : loop.states().entrySet())
            if (in.graph().reachable(List.of(state.getValue().initial())).stream().anyMatch(standIns::contains)) {
                in.fail(new CheckProblem.VaryingStart(site.place(span), state.getKey()));
                return false;
            }
        return true;
    }

    /// States of layers outlive the loop; those of cells end with it.
    void keep(Loop loop, Cut.Results results) {
        results.finals().forEach((path, value) -> {
            if (!in.shared().parameters().containsKey(path) || loop.states().get(path).after().isEmpty()) return;
            if (in.loop().isPresent()) in.loop().get().next(path, value);
            else in.move(path, value);
        });
    }

    static Item.States last(Applicable cell, Cut.Results results) {
        var states = new LinkedHashMap<String, Item>();
        String path = cell.instance().path();
        results.finals().forEach((p, v) -> {
            String prefix = path.isEmpty() ? "" : path + ".";
            if (p.startsWith(prefix) && !p.substring(prefix.length()).contains(".")) states.put(p.substring(prefix.length()), new Tensor(v));
        });
        return new Item.States(cell.instance().block().name().text(), states);
    }

    private Item every(Cut.Results results, boolean reverse) {
        List<Item> all = results.outputs().stream().map(this::swapped).<Item>map(v -> reverse ? new Item.Reversed(v) : new Tensor(v)).toList();
        return all.size() == 1 ? all.getFirst() : new Item.Many(all);
    }

    /// `[N, T, …]` as `[T, N, …]`, and back; what has one number a step stays `[T]`.
    Value swapped(Value v) {
        if (v.type().rank() < 2) return v;
        var order = new ArrayList<>(IntStream.range(0, v.type().rank()).boxed().toList());
        order.set(0, 1);
        order.set(1, 0);
        return in.tensors().permute(v, order);
    }
}
