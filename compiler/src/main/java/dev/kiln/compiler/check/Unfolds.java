package dev.kiln.compiler.check;

import dev.kiln.compiler.check.Calls.Given;
import dev.kiln.compiler.check.Item.Applicable;
import dev.kiln.compiler.check.Item.Tensor;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.op.Param;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.StopGradient;
import dev.kiln.compiler.op.While;
import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// `unfold(cell, most: 40)`: a cell that goes on by itself until its `stop` holds for every row, as one loop. A row that has stopped stays as it is.
/// What the step that says stop gives is not part of the result: its rows may be empty.
final class Unfolds {
    private static final String STOPPED = "unfold.stopped";
    private static final String LENGTH = "length";
    private static final String MOST = "most";
    private final Elaboration in;
    /// The last states behind each sequence that an unfold gave.
    private final Map<Value, Item> last = new HashMap<>();
    private int named;

    Unfolds(Elaboration in) {
        this.in = in;
    }

    Item call(List<Given> given, Span span, Site site) {
        Optional<Given> most = Optional.empty();
        var cells = new ArrayList<Given>();
        for (Given g : given) {
            if (g.name().isEmpty()) cells.add(g);
            else if (g.name().get().text().equals(MOST)) most = Optional.of(g);
            else return in.fail(new CheckProblem.UnknownArgument(site.place(g.span()), "unfold", g.name().get().text(), Names.similar(g.name().get().text(), List.of(MOST)), List.of(MOST)));
        }
        if (cells.size() > 1) return in.fail(new CheckProblem.TooManyArguments(site.place(cells.get(1).span()), "unfold", 1, cells.size()));
        if (cells.isEmpty()) return in.fail(new CheckProblem.MissingArgument(site.place(span), "unfold", "a cell"));
        Optional<Applicable> cell = in.cells().cell(cells.getFirst(), site);
        if (cell.isEmpty()) return Item.Poison.MISTAKE;
        if (most.isEmpty()) return in.fail(new CheckProblem.UnfoldWithoutBound(site.place(span), name(cell.get())));
        Optional<Dim> bound = Numbers.whole(most.get().item());
        if (bound.isEmpty()) return most.get().item() instanceof Item.Poison p ? p : in.fail(new CheckProblem.TypeMismatch(site.place(most.get().span()), "most of unfold as int", most.get().item().describe()));
        if (bound.get().isConstant() && bound.get().toInt() < 1) return in.fail(new CheckProblem.ValueOutOfRange(site.place(most.get().span()), "most of unfold", bound.get().toString(), "at least 1 step"));
        Optional<Dim> rows = rows(cell.get());
        if (rows.isEmpty()) return in.fail(new CheckProblem.UnfoldWithoutRows(site.place(span), name(cell.get())));
        return run(cell.get(), bound.get(), rows.get(), span, site);
    }

    private static String name(Applicable cell) {
        return cell.instance().block().name().text();
    }

    /// The first axis of what a cell was given by name.
    private static Optional<Dim> rows(Item item) {
        return switch (item) {
            case Tensor(Value v) when v.type().rank() > 0 -> Optional.of(v.type().dim(0));
            case Item.Reversed(Value v) -> Optional.of(v.type().dim(0));
            case Applicable(Instance i, Map<String, Item> fixed) -> Stream.concat(fixed.values().stream(), i.settings().values().stream().map(Scope.Binding::item)).map(Unfolds::rows).flatMap(Optional::stream).findFirst();
            default -> Optional.empty();
        };
    }

    /// An axis of steps, apart from every other of its size: it is ragged.
    Dim axis(Dim most) {
        return most.named("steps_" + ++named);
    }

    private Item run(Applicable cell, Dim most, Dim rows, Span span, Site site) {
        var loop = Loop.open(in.loop(), in.tensors(), axis(most), rows);
        in.enter(Optional.of(loop));
        Optional<List<Value>> outputs = in.cells().values(in.calls().call(cell, List.of(), span, site), span, site);
        Optional<List<Value>> ends = outputs.map(all -> ends(loop, all));
        in.enter(loop.outer());
        if (ends.isEmpty() || !in.cells().begins(loop, span, site)) return Item.Poison.MISTAKE;
        Cut.Results results = Cut.of(in.graph(), loop, ends.get(), false);
        in.cells().keep(loop, results);
        in.ragged().leave(loop);
        Value length = results.finals().get(LENGTH);
        in.ragged().declare(loop.time(), length);
        List<Value> all = results.outputs().stream().skip(1).map(in.cells()::swapped).toList();
        if (all.size() > 1) return new Item.Many(all.stream().<Item>map(Tensor::new).toList());
        var members = new LinkedHashMap<>(Cells.last(cell, results).members());
        members.putIfAbsent(LENGTH, new Tensor(length));
        last.put(all.getFirst(), new Item.States(name(cell), members));
        return new Tensor(all.getFirst());
    }

    /// What `said.length` reads: the last states of what an unfold gave.
    Optional<Item> last(Item item) {
        return item instanceof Tensor(Value v) ? Optional.ofNullable(last.get(v)) : Optional.empty();
    }

    /// What a step gives to the loop: whether it is over, then the outputs, zero in rows that have stopped.
    private List<Value> ends(Loop loop, List<Value> outputs) {
        Tensors t = in.tensors();
        List<Dim> rows = List.of(loop.batch());
        Map<String, Loop.Carried> states = Map.copyOf(loop.states());
        Value before = loop.carry(STOPPED, t.fill(0, DType.bool, rows));
        Value now = loop.stop().map(stop -> t.map(Functions.MAX, before, stop)).orElse(before);
        states.forEach((path, state) -> state.after().ifPresent(after -> each(before, after.type().shape(), loop)
                .ifPresent(stopped -> loop.next(path, t.map(Functions.SELECT, stopped, state.before(), after)))));
        Value length = loop.carry(LENGTH, t.fill(0, DType.i32, rows));
        loop.next(STOPPED, now);
        loop.next(LENGTH, t.map(Functions.ADD, length, t.map(Functions.SELECT, now, t.fill(0, DType.i32, rows), t.fill(1, DType.i32, rows))));
        Value going = t.sum(t.map(Functions.SELECT, now, t.fill(0, DType.f32, rows), t.fill(1, DType.f32, rows)), List.of(0));
        var ends = new ArrayList<Value>();
        ends.add(t.map(Functions.LESS_EQUAL, going, t.scalar(0)));
        for (Value y : outputs) ends.add(each(now, y.type().shape(), loop).map(stopped -> t.map(Functions.SELECT, stopped, t.fill(0, y.type().dtype(), y.type().shape()), y)).orElse(y));
        return ends;
    }

    /// One answer a row for each element of a shape that has an axis for the rows.
    private Optional<Value> each(Value row, List<Dim> shape, Loop loop) {
        int axis = shape.indexOf(loop.batch());
        return axis < 0 ? Optional.empty() : Optional.of(in.tensors().broadcast(row, shape, List.of(axis)));
    }

    /// `stop y' == end`
    void stop(Ast.Stop s, Site site) {
        if (!site.frame().isCell()) {
            in.fail(new CheckProblem.MisplacedStatement(site.place(s.span()), "stop"));
            return;
        }
        Loop loop = in.loop().orElseThrow();
        if (!loop.isOpen()) {
            in.fail(new CheckProblem.StopWithoutUnfold(site.place(s.span()), site.frame().instance().orElseThrow().block().name().text()));
            return;
        }
        Item item = in.expressions().evaluate(s.condition(), site);
        var wanted = new TensorType(DType.bool, List.of(loop.batch()));
        Optional<Value> v = item instanceof Item.Poison ? Optional.empty() : in.arithmetic().tensor(item, s.condition().span(), site);
        if (v.isEmpty()) return;
        Value stop = item instanceof Item.Truth ? in.tensors().broadcast(v.get(), wanted.shape(), List.of()) : v.get();
        if (stop.type().equals(wanted)) loop.stop(stop);
        else in.fail(new CheckProblem.StopNotBool(site.place(s.condition().span()), wanted.toString(), stop.type().toString()));
    }

    /// A loss that would have to be derived through an unfold is refused.
    boolean derives(Value loss, Span span) {
        var seen = new HashSet<Value>();
        var open = new ArrayList<>(List.of(loss));
        while (!open.isEmpty()) {
            Value v = open.removeLast();
            boolean stops = v.op() instanceof StopGradient || (v.type().dtype() != DType.f32 && !(v.op() instanceof Op.Control));
            if (stops || !seen.add(v)) continue;
            if (v.op() instanceof Project(Value loop, _) && unfolds(loop.op()) && in.graph().reachable(loop.op().operands()).stream().anyMatch(p -> p.op() instanceof Param || p.op() instanceof Input)) {
                in.fail(new CheckProblem.GradientThroughUnfold(span));
                return false;
            }
            open.addAll(v.op().operands());
        }
        return true;
    }

    private static boolean unfolds(Op op) {
        return op instanceof While || (op instanceof Op.Control loop && loop.inside().values().stream().anyMatch(v -> unfolds(v.op())));
    }
}
