package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import static dev.kiln.compiler.rewrite.Rule.rule;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Gather;
import dev.kiln.compiler.op.Last;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Max;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Put;
import dev.kiln.compiler.op.ScatterAdd;
import dev.kiln.compiler.op.Sum;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.function.BinaryOperator;

/// A large table of which a step names a few rows: what becomes of these is computed for them alone. Without it an update of a `sparse` weight sweeps the table.
final class SparseRows {
    /// From here on a table counts as large. How many rows a step names is mostly not known here, and below this a sweep is soon over.
    private static final int LARGE = 10_000;

    static final List<Rule<?>> RULES = List.of(
            rule(Map.class, "select(0 < |f(scatter_add(ids, r))|, u(scatter_add(ids, r), x), x)  =>  put(x, ids, what u makes of these rows)", EXACT,
                    (at, op) -> op.fn().equals(Functions.SELECT) ? put(at.graph(), op.operands().get(0), op.operands().get(1), op.operands().get(2)) : null,
                    (g, d) -> example(g, d.real(Dim.of(LARGE), Dim.of(2)), d.ids(40, Dim.of(30)), d.real(Dim.of(30), Dim.of(2)), (_, sum) -> sum))
                    .and((g, d) -> {
                        Dim n = d.dim();
                        return example(g, d.real(Dim.of(LARGE)), d.ids(9, n, Dim.of(3)), d.real(n, Dim.of(3)), (graph, sum) -> Ops.mul(graph, sum, Ops.fill(graph, -2, sum.type().shape())));
                    })
                    .butNot((g, d) -> example(g, d.real(Dim.of(LARGE - 1), Dim.of(2)), d.ids(40, Dim.of(30)), d.real(Dim.of(30), Dim.of(2)), (_, sum) -> sum))
                    .butNot((g, d) -> example(g, d.real(Dim.of(LARGE)), d.ids(40, Dim.of(30)), d.real(Dim.of(30)), (graph, sum) -> Ops.add(graph, sum, Ops.fill(graph, 1, sum.type().shape())))),
            rule(Sum.class, "sum(f(scatter_add(ids, r)), rows)  =>  sum(f(r added up at the last of its ids), rows)", ROUNDS,
                    (at, op) -> op.axes().contains(0) && op.type().dtype() == DType.f32 ? total(at.graph(), op) : null,
                    (g, d) -> {
                        var sum = g.add(new ScatterAdd(d.ids(40, Dim.of(30)), d.real(Dim.of(30), Dim.of(2)), Dim.of(LARGE)));
                        return Ops.sum(g, Ops.mul(g, sum, sum), 0, 1);
                    })
                    .butNot((g, d) -> {
                        var sum = g.add(new ScatterAdd(d.ids(40, Dim.of(30)), d.real(Dim.of(30)), Dim.of(LARGE)));
                        return Ops.sum(g, Ops.mul(g, sum, d.real(sum.type().dim(0))), 0);
                    }));

    private SparseRows() {}

    private interface OfSum {
        Value of(Graph g, Value sum);
    }

    /// A step of descent where the size of `f(sum)` is not zero.
    private static Value example(Graph g, Value table, Value ids, Value rows, OfSum f) {
        var sum = g.add(new ScatterAdd(ids, rows, table.type().dim(0)));
        var size = Ops.map(g, Functions.ABS, f.of(g, sum));
        if (size.type().rank() > 1) size = Ops.max(g, size, 1);
        var moves = Ops.map(g, Functions.LESS, Ops.fill(g, 0, size.type().shape()), size);
        return Ops.select(g, Ops.broadcast(g, moves, table.type().shape(), List.of(0)), Ops.sub(g, table, sum), table);
    }

    private static boolean large(Value table) {
        return table.type().rank() > 0 && table.type().dim(0).isConstant() && table.type().dim(0).toInt() >= LARGE;
    }

    private static Value total(Graph g, Sum op) {
        if (!large(op.x())) return null;
        var sum = sum(op.x(), op.x().type().dim(0));
        if (sum.isEmpty() || !vanishes(op.x(), sum.get(), true)) return null;
        var rows = Rows.of(g, sum.get());
        return rows.isEmpty() ? null : g.add(new Sum(rows.get().atLast(op.x()), op.axes()));
    }

    private static Value put(Graph g, Value condition, Value moved, Value table) {
        if (!(table.op() instanceof Op.Source) || !large(table)) return null;
        var moves = condition.op() instanceof Broadcast(var x, _, var axes) && axes.equals(List.of(0)) ? x : condition;
        if (moves.type().rank() != 1 || !(Match.map(moves, Functions.LESS) instanceof Map less) || !Match.is(less.operands().getFirst(), 0)) return null;
        var sum = sum(less.operands().getLast(), table.type().dim(0));
        if (sum.isEmpty() || !vanishes(less.operands().getLast(), sum.get(), false)) return null;
        var found = Rows.of(g, sum.get());
        if (found.isEmpty()) return null;
        var rows = found.get();
        return g.add(new Put(table, rows.ids, Ops.select(g, rows.named(condition), rows.named(moved), rows.named(table))));
    }

    /// The one sum by numbers behind `v`.
    private static Optional<Value> sum(Value v, Dim rows) {
        var found = new HashSet<Value>();
        var seen = new HashSet<Value>();
        var work = new ArrayDeque<>(List.of(v));
        while (!work.isEmpty()) {
            var next = work.pop();
            if (!seen.add(next)) continue;
            if (next.op() instanceof ScatterAdd s && s.extent().equals(rows)) found.add(next);
            else if (next.type().rank() > 0 && next.type().dim(0).equals(rows)) work.addAll(next.op().operands());
        }
        return found.size() == 1 ? Optional.of(found.iterator().next()) : Optional.empty();
    }

    /// Whether `v` is zero wherever the sum is zero.
    /// @param surely also where a factor is infinite; else `v` may be no number there
    private static boolean vanishes(Value v, Value sum, boolean surely) {
        if (v.equals(sum)) return true;
        return switch (v.op()) {
            case Broadcast(var x, _, _) -> vanishes(x, sum, surely);
            case Sum(var x, _) -> vanishes(x, sum, surely);
            case Max(var x, _) -> vanishes(x, sum, surely);
            case Map(var fn, var of) -> {
                boolean first = vanishes(of.getFirst(), sum, surely);
                boolean second = of.size() == 2 && vanishes(of.getLast(), sum, surely);
                if (fn.equals(Functions.ABS) || fn.equals(Functions.NEG)) yield first;
                if (fn.equals(Functions.DIV)) yield first && !surely;
                if (fn.equals(Functions.MUL)) yield surely ? first && second : first || second;
                if (fn.equals(Functions.ADD) || fn.equals(Functions.SUB)) yield first && second;
                if (fn.equals(Functions.MIN)) yield bounded(of, first, second, (x, limit) -> Math.min(x, limit));
                if (fn.equals(Functions.MAX)) yield bounded(of, first, second, (x, limit) -> Math.max(x, limit));
                yield false;
            }
            default -> false;
        };
    }

    private static boolean bounded(List<Value> of, boolean first, boolean second, BinaryOperator<Double> fn) {
        var limit = Match.number(first ? of.getLast() : of.getFirst());
        return (first || second) && limit.isPresent() && fn.apply(0.0, limit.getAsDouble()) == 0;
    }

    /// Values with a row for each row of the table, as the rows that `ids` names. Where a number is named twice, both have the whole sum, added up in the same order as in the table.
    private static final class Rows {
        private final Graph g;
        private final Dim all;
        private final Dim count;
        private final Value ids;
        private final Value last;
        private final Value sum;
        private final Value added;
        private final HashMap<Value, Value> known = new HashMap<>();

        private Rows(Graph g, Value sum, ScatterAdd scatter, Dim count) {
            this.g = g;
            this.sum = sum;
            this.count = count;
            all = sum.type().dim(0);
            ids = Ops.reshape(g, scatter.ids(), List.of(count));
            last = g.add(new Last(ids));
            added = g.add(new ScatterAdd(last, Ops.reshape(g, scatter.rows(), few(sum)), count));
        }

        /// None where as many rows are named as there are.
        static Optional<Rows> of(Graph g, Value sum) {
            var scatter = (ScatterAdd) sum.op();
            var count = scatter.ids().type().shape().stream().reduce(Dim.ONE, Dim::times);
            boolean most = count.isConstant() && count.toInt() >= sum.type().dim(0).toInt();
            return most ? Optional.empty() : Optional.of(new Rows(g, sum, scatter, count));
        }

        private List<Dim> few(Value v) {
            var shape = new ArrayList<>(v.type().shape());
            shape.set(0, count);
            return shape;
        }

        /// The rows of `v` that are named, as often as they are named.
        Value named(Value v) {
            known.putIfAbsent(sum, g.add(new Gather(added, last)));
            return of(v);
        }

        /// The same, once each: elsewhere as of a sum that is zero.
        Value atLast(Value v) {
            known.putIfAbsent(sum, added);
            return of(v);
        }

        private Value of(Value v) {
            var before = known.get(v);
            if (before != null) return before;
            var after = switch (v.op()) {
                case Map(var fn, var of) -> g.add(new Map(fn, of.stream().map(this::of).toList()));
                case Cast(var x, var dtype) -> g.add(new Cast(of(x), dtype));
                case Broadcast(var x, _, var axes) when !axes.contains(0) -> g.add(new Broadcast(x, few(v), axes));
                case Broadcast(var x, _, var axes) when axes.getFirst() == 0 && x.type().dim(0).equals(all) -> Ops.broadcast(g, of(x), few(v), axes);
                case Sum(var x, var axes) when !axes.contains(0) -> g.add(new Sum(of(x), axes));
                case Max(var x, var axes) when !axes.contains(0) -> g.add(new Max(of(x), axes));
                default -> g.add(new Gather(v, ids));
            };
            known.put(v, after);
            return after;
        }
    }
}
