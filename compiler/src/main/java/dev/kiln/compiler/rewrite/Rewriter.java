package dev.kiln.compiler.rewrite;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Output.Role;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.BodyLoop;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.IntStream;

/// Applies rules until none fires: operands first, then the rules of the operator's class, then the result again. One worklist, no recursion; a value is rewritten once.
public final class Rewriter {
    private static final int FIRINGS_A_VALUE = 30;
    private static final int ROUNDS = 20;
    private static final int NAMED = 6;

    private final Graph graph;
    private final List<? extends Rule<?>> rules;
    private final Consumer<String> trace;
    private final Site site;
    private final Readers readers;
    private final Map<Class<? extends Op>, List<? extends Rule<?>>> byClass = new HashMap<>();
    /// What a value turned into in one step; where that ends, it is `done`.
    private final Map<Value, Value> next = new HashMap<>();
    private final Map<Value, Value> done = new HashMap<>();
    /// What is begun. Only values on the way from the root to where the work is are begun and not done.
    private final Set<Value> open = new HashSet<>();
    private final ArrayDeque<String> last = new ArrayDeque<>();
    private long fuel;

    /// Bodies of loops that these rules have nothing more to say to.
    private final Set<Body> normal;

    /// What is left of the firings that are allowed, in bodies too.
    private static final class Firings {
        private long left;

        Firings(long left) {
            this.left = left;
        }
    }

    private final Firings firings;

    private Rewriter(Entry entry, List<? extends Rule<?>> rules, Set<Body> normal, Firings firings, Consumer<String> trace) {
        this.firings = firings;
        graph = entry.graph();
        this.rules = rules;
        this.normal = normal;
        this.trace = trace;
        var users = graph.users(entry.roots());
        readers = new Readers(users, entry.roots());
        site = new Site(graph, !entry.outputs(Role.UPDATE).isEmpty(), users, readers);
        fuel = (long) FIRINGS_A_VALUE * (users.size() + 10);
    }

    /// The entry with the rules applied and nothing left that no output depends on. `trace` is told each rule that fires.
    public static Entry rewrite(Entry entry, List<? extends Rule<?>> rules, Consumer<String> trace) {
        return upTo(entry, rules, Long.MAX_VALUE, trace);
    }

    /// The same, but no more than `most` rules fire: what the entry is on its way.
    public static Entry upTo(Entry entry, List<? extends Rule<?>> rules, long most, Consumer<String> trace) {
        return rewrite(entry, rules, new HashSet<>(), new Firings(most), trace);
    }

    private static Entry rewrite(Entry entry, List<? extends Rule<?>> rules, Set<Body> normal, Firings firings, Consumer<String> trace) {
        var before = Rebuild.compact(entry);
        for (int round = 0; round < ROUNDS; round++) {
            var rewriter = new Rewriter(before, rules, normal, firings, trace);
            var current = before;
            var after = Rebuild.compact(new Entry(entry.name(), current.graph(), current.inputs(), current.outputs().stream().map(o -> o.with(rewriter.normal(o.value()))).toList()));
            if (rewriter.last.isEmpty()) return after;
            before = after;
        }
        return before;
    }

    private Value normal(Value root) {
        var work = new ArrayDeque<Value>();
        work.push(root);
        while (!work.isEmpty()) {
            var v = work.peek();
            if (done.containsKey(v)) {
                work.pop();
                continue;
            }
            open.add(v);
            var into = next.get(v);
            if (into == null) {
                var waiting = v.op().operands().stream().filter(operand -> !done.containsKey(operand)).toList();
                if (!waiting.isEmpty()) {
                    waiting.forEach(operand -> await(work, operand));
                    continue;
                }
                into = step(v);
                if (!into.equals(v)) readers.replaced(v, into);
                next.put(v, into);
            }
            if (into.equals(v)) done.put(v, v);
            else if (done.containsKey(into)) done.put(v, done.get(into));
            else await(work, into);
        }
        return done.get(root);
    }

    /// Whoever waits for a value that waits for him waits for ever.
    private void await(ArrayDeque<Value> work, Value v) {
        if (open.contains(v)) throw looping();
        work.push(v);
    }

    private IllegalStateException looping() {
        return new IllegalStateException("these rules undo each other: " + last.stream().distinct().toList());
    }

    /// One step from `v`, whose operands are done: the same operator on what they became, or else the first rule that fires, or `v` itself.
    private Value step(Value v) {
        graph.at(graph.origin(v));
        var rebuilt = graph.add(inside(v.op()).withOperands(v.op().operands().stream().map(done::get).toList()));
        if (!rebuilt.equals(v)) return rebuilt;
        if (firings.left == 0) return v;
        for (var rule : byClass.computeIfAbsent(v.op().getClass(), c -> rules.stream().filter(r -> r.root().isAssignableFrom(c)).toList())) {
            var after = rule.tryOn(site, v);
            if (after != null) {
                fired(rule, v);
                return after;
            }
        }
        return v;
    }

    /// A loop whose body has been rewritten by the same rules.
    private Op inside(Op op) {
        if (!(op instanceof BodyLoop s) || normal.contains(s.body())) return op;
        var body = s.body();
        var ends = body.ends();
        var outputs = IntStream.range(0, ends.size()).mapToObj(i -> new Output("end" + i, ends.get(i), Role.USER)).toList();
        var after = rewrite(new Entry("body", body.graph(), body.ports(), outputs), rules, normal, firings, trace);
        int states = body.states().size();
        int rest = states + body.steps().size();
        var ports = after.inputs();
        var rewritten = Body.of(after.graph(), ports.subList(0, states), ports.subList(states, rest), ports.subList(rest, ports.size()), after.roots().subList(0, states), after.roots().subList(states, ends.size()));
        normal.add(rewritten);
        return s.with(rewritten, s.init(), s.xs(), s.constants());
    }

    private void fired(Rule<?> rule, Value v) {
        trace.accept(rule.law() + graph.origin(v).map(o -> "   // " + o).orElse(""));
        firings.left--;
        last.addLast(rule.law());
        if (last.size() > NAMED) last.removeFirst();
        if (--fuel < 0) throw looping();
    }
}
