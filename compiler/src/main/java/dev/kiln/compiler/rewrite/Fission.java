package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.Cast;
import dev.kiln.compiler.op.Concat;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Map;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Port;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.op.Sum;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;

/// What need not be done step by step is done for all steps at once, before the loop or after it. Contractions and loops decide, since they gain by far the most; what is cheap goes with them.
final class Fission {
    private final Graph g;
    private final Scan scan;
    private final Body body;
    private final List<Value> values;
    private final java.util.Map<Value, List<Value>> users;
    /// Depends on a state or a step.
    private final BitSet differs = new BitSet();
    /// Depends on no state, and has a way to be outside.
    private final BitSet free = new BitSet();

    Fission(Graph g, Scan scan) {
        this.g = g;
        this.scan = scan;
        body = scan.body();
        values = body.graph().values();
        users = body.graph().users(values);
        int states = body.states().size();
        int steps = states + body.steps().size();
        for (var v : values) {
            differs.set(v.id(), v.op() instanceof Port(int index, _) ? index < steps : any(differs, v));
            free.set(v.id(), v.op() instanceof Port(int index, _) ? index >= states : all(free, v) && fits(v));
        }
    }

    /// What depends on steps and constants alone is known before the loop begins: contractions and loops with the arithmetic on them, everything that is the same in every step, and outputs.
    Value[] before() {
        var moved = new BitSet();
        var plain = new BitSet();
        for (var v : values) {
            plain.set(v.id(), v.op() instanceof Op.Source || (v.op() instanceof Op.Movement && all(plain, v)));
            boolean worth = decides(v) || !differs.get(v.id()) || ((v.op() instanceof Map || v.op() instanceof Cast || v.op() instanceof Project) && any(moved, v));
            moved.set(v.id(), free.get(v.id()) && worth && !plain.get(v.id()));
        }
        if (moved.isEmpty() && body.outputs().stream().noneMatch(v -> free.get(v.id()))) return null;
        var taken = new Taken(g, scan);
        for (int i = 0; i < body.states().size(); i++) taken.state(i);
        for (var v : values)
            if (moved.get(v.id()) && (body.next().contains(v) || users.get(v).stream().anyMatch(u -> !moved.get(u.id())))) taken.read(v);
        return results(taken, free, List.of());
    }

    /// What no later step depends on can wait until the loop is done: contractions and loops with what follows from them, and states that only add up: they become sums over time.
    Value[] after() {
        var sums = new HashMap<Integer, Value>();
        for (int i = 0; i < body.states().size(); i++) {
            int state = i;
            added(i).ifPresent(f -> sums.put(state, f));
        }
        while (true) {
            var late = late(sums);
            if (!sums.values().removeIf(f -> !late.get(f.id()))) return late.isEmpty() ? null : apart(late, sums);
        }
    }

    private Value[] apart(BitSet late, java.util.Map<Integer, Value> sums) {
        var taken = new Taken(g, scan);
        for (int i = 0; i < body.states().size(); i++) if (!sums.containsKey(i)) taken.state(i);
        var given = new BitSet();
        for (var v : values) if (late.get(v.id())) v.op().operands().forEach(operand -> give(operand, late, given));
        var results = results(taken, late, given.stream().mapToObj(body.graph()::value).toList());
        sums.forEach((i, f) -> results[i] = Ops.add(g, scan.init().get(i), Ops.sum(g, taken.stacked(f), 0)));
        return results;
    }

    /// The results of the loop, when outputs in `gone` are made outside, from what the loop gives beside its outputs.
    private Value[] results(Taken taken, BitSet gone, List<Value> given) {
        int states = body.states().size();
        for (var v : given) taken.output(v);
        for (var v : body.outputs()) if (!gone.get(v.id())) taken.output(v);
        var results = new Value[states + body.outputs().size()];
        var made = taken.together(results);
        for (var v : given) taken.give(v, made.outputs().get(taken.output(v)));
        for (int k = 0; k < body.outputs().size(); k++) {
            var v = body.outputs().get(k);
            results[states + k] = gone.get(v.id()) ? taken.stacked(v) : made.outputs().get(taken.output(v));
        }
        return results;
    }

    /// What must come out of the loop so that `v` is known outside: movements are made again there.
    private void give(Value v, BitSet late, BitSet given) {
        var work = new ArrayDeque<>(List.of(v));
        while (!work.isEmpty()) {
            var u = work.pop();
            if (late.get(u.id()) || (u.op() instanceof Port && free.get(u.id()))) continue;
            if (u.op() instanceof Op.Source && !(u.op() instanceof Port)) continue;
            if (u.op() instanceof Op.Movement && !(u.op() instanceof Concat) && Lift.fits(u.op())) work.addAll(u.op().operands());
            else given.set(u.id());
        }
    }

    /// What leaves behind the loop when the states of `sums` are no states.
    private BitSet late(java.util.Map<Integer, Value> sums) {
        var needed = new BitSet();
        for (int i = 0; i < body.next().size(); i++)
            if (!sums.containsKey(i)) for (var v : body.graph().reachable(List.of(body.next().get(i)))) needed.set(v.id());
        var adds = new BitSet();
        for (int i : sums.keySet()) adds.set(body.next().get(i).id());
        var may = new BitSet();
        for (var v : values.reversed())
            may.set(v.id(), !needed.get(v.id()) && !adds.get(v.id()) && !(v.op() instanceof Op.Source) && fits(v) && users.get(v).stream().allMatch(u -> adds.get(u.id()) || may.get(u.id())));
        var late = closed(may, new BitSet());
        var stored = new BitSet();
        for (var v : body.outputs()) stored.set(v.id());
        for (var v : values) if (late.get(v.id())) v.op().operands().forEach(operand -> give(operand, late, stored));
        var seeds = new BitSet();
        for (var v : values) if (may.get(v.id()) && v.op() instanceof Sum(var x, _) && stored.get(x.id())) seeds.set(v.id());
        return closed(may, seeds);
    }

    /// What is worth being done for all steps at once. A loop is: it has as many rows then as there are steps.
    private static boolean decides(Value v) {
        return v.op() instanceof Contract || v.op() instanceof Scan;
    }

    /// Contractions and loops, `seeds`, and what follows from them.
    private BitSet closed(BitSet may, BitSet seeds) {
        var late = new BitSet();
        for (var v : values) late.set(v.id(), may.get(v.id()) && (decides(v) || seeds.get(v.id()) || any(late, v)));
        return late;
    }

    /// f, if the state is only ever `s' = s + f`.
    private Optional<Value> added(int state) {
        var port = body.states().get(state);
        var next = body.next().get(state);
        boolean alone = users.get(port).equals(List.of(next)) && users.get(next).isEmpty() && body.ends().stream().filter(v -> v.equals(next) || v.equals(port)).count() == 1;
        if (!alone || !(Match.map(next, Functions.ADD) instanceof Map(_, var of))) return Optional.empty();
        return Optional.of(of.get(0).equals(port) ? of.get(1) : of.get(0));
    }

    private boolean fits(Value v) {
        return Lift.fits(v.op(), v.op().operands().stream().map(operand -> differs.get(operand.id())).toList());
    }

    private static boolean any(BitSet set, Value v) {
        return v.op().operands().stream().anyMatch(operand -> set.get(operand.id()));
    }

    private static boolean all(BitSet set, Value v) {
        return v.op().operands().stream().allMatch(operand -> set.get(operand.id()));
    }
}
