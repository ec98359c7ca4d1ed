package dev.kiln.compiler.rewrite;

import static dev.kiln.compiler.rewrite.Rule.Precision.EXACT;
import static dev.kiln.compiler.rewrite.Rule.Precision.ROUNDS;
import dev.kiln.compiler.function.Functions;
import dev.kiln.compiler.graph.Access;
import dev.kiln.compiler.graph.Affine;
import dev.kiln.compiler.graph.Axis;
import dev.kiln.compiler.graph.Draw;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Broadcast;
import dev.kiln.compiler.op.Const;
import dev.kiln.compiler.op.Contract;
import dev.kiln.compiler.op.Loop;
import dev.kiln.compiler.op.Ops;
import dev.kiln.compiler.op.Project;
import dev.kiln.compiler.op.Scan;
import dev.kiln.compiler.op.Slice;
import dev.kiln.compiler.type.Dim;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.IntStream;

/// Laws of loops. Each says what all results of a loop become; a rule of `project` asks for its own.
final class Scans {
    static final List<Rule<?>> RULES = List.of(
            law("scan that carries and gives what nobody reads  =>  scan without it", EXACT, Scans::read,
                    (g, d) -> {
                        var x = d.real(d.dim(), d.dim());
                        var loop = new Loop(g, x.type().dim(0));
                        var a = loop.state(d.real(x.type().dim(1)));
                        var b = loop.state(d.real(x.type().dim(1)));
                        var next = Ops.mul(loop.body(), a, loop.step(x));
                        return loop.scan(List.of(next, Ops.add(loop.body(), a, b)), List.of(next, b)).outputs().getFirst();
                    }),
            law("scan(xs that repeat, constants that are repeated or known)  =>  scan in whose body they are", EXACT, Scans::known,
                    (g, d) -> {
                        Dim time = d.dim();
                        var row = d.real(d.dim());
                        var loop = new Loop(g, time);
                        var s = loop.state(d.real(row.type().dim(0)));
                        var b = loop.body();
                        var step = loop.step(Ops.broadcast(g, row, List.of(time, row.type().dim(0)), List.of(1)));
                        var half = loop.constant(Ops.fill(g, 0.5, row.type().dim(0)));
                        return loop.scan(List.of(Ops.add(b, Ops.mul(b, s, half), step)), List.of()).states().getFirst();
                    })
                    .and((g, d) -> {
                        var loop = new Loop(g, d.dim());
                        var s = loop.state(d.real(Dim.of(2), Dim.of(3)));
                        var row = loop.constant(Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(2), Dim.of(3)), List.of(1)));
                        return loop.scan(List.of(Ops.mul(loop.body(), s, row)), List.of()).states().getFirst();
                    })
                    .and((g, d) -> {
                        var loop = new Loop(g, Dim.of(3));
                        var s = loop.state(d.real());
                        return loop.scan(List.of(Ops.mul(loop.body(), s, loop.constant(Ops.scalar(g, 0.5)))), List.of()).states().getFirst();
                    })
                    .butNot((g, d) -> {
                        var loop = new Loop(g, Dim.of(3));
                        var s = loop.state(d.real(Dim.of(2)));
                        var step = loop.step(Ops.broadcast(g, d.real(Dim.of(3)), List.of(Dim.of(3), Dim.of(2)), List.of(0)));
                        return loop.scan(List.of(Ops.mul(loop.body(), s, Ops.add(loop.body(), step, loop.constant(d.real(Dim.of(2)))))), List.of()).states().getFirst();
                    }),
            law("scan(turned xs)  =>  turned scan(xs) in the other direction", EXACT, Scans::turned,
                    (g, d) -> {
                        var x = d.real(d.dim(), d.dim());
                        var loop = new Loop(g, x.type().dim(0));
                        var next = Ops.add(loop.body(), loop.state(d.real(x.type().dim(1))), loop.step(turned(g, x)));
                        return loop.scan(List.of(next), List.of(next)).outputs().getFirst();
                    })
                    .butNot((g, d) -> summing(g, d, Ops.slice(g, d.real(Dim.of(5), Dim.of(2)), 0, Dim.of(2), -1, Dim.of(3))))
                    .butNot((g, d) -> summing(g, d, g.add(new Slice(d.real(Dim.of(3), Dim.of(2)), List.of(Dim.of(2), Dim.ONE), List.of(-1, -1), List.of(Dim.of(3), Dim.of(2))))))
                    .butNot((g, d) -> summing(g, d, Ops.slice(g, d.real(Dim.of(5), Dim.of(2)), 0, Dim.ONE, 1, Dim.of(3)))),
            law("scan(f(xs, constants))  =>  scan(f of all steps at once)", EXACT, (at, _, l) -> l instanceof Scan s ? new Fission(at.graph(), s).before() : null,
                    (g, d) -> recurrent(g, d).outputs().getFirst())
                    .and((g, d) -> nested(g, d, false)).butNot((g, d) -> nested(g, d, true)),
            law("scan that gives f(y) and adds up g(y)  =>  f and sum of g of all y of scan", ROUNDS, (at, _, l) -> l instanceof Scan s ? new Fission(at.graph(), s).after() : null,
                    (g, d) -> {
                        var x = d.real(d.dim(), d.dim(), Dim.of(2));
                        var loop = new Loop(g, x.type().dim(0));
                        var b = loop.body();
                        var h = loop.state(d.real(x.type().dim(1), Dim.of(2)));
                        var sum = loop.state(d.real(Dim.of(2), Dim.of(2)));
                        var next = Ops.map(b, Functions.TANH, Ops.add(b, h, loop.step(x)));
                        var results = loop.scan(List.of(next, Ops.add(b, sum, b.add(product(h, next, access(2, 0), access(2, 1))))), List.of());
                        return results.states().get(1);
                    }));

    private Scans() {}

    private interface Law {
        /// What each result of the loop becomes, null where nobody reads it; null in all when the law does not apply.
        Value[] results(Site at, Value token, BodyLoop loop);
    }

    private static Rule<Project> law(String law, Rule.Precision precision, Law body, BiFunction<Graph, Draw, Value> example) {
        return Rule.rule(Project.class, law, precision, (at, op) -> {
            if (!(op.scan().op() instanceof BodyLoop s)) return null;
            var results = at.once(law, op.scan(), () -> body.results(at, op.scan(), s));
            return results == null ? null : results[op.index()];
        }, example);
    }

    /// A state stays if it is read, or if what stays needs it.
    private static Value[] read(Site at, Value token, BodyLoop s) {
        var users = at.users(token);
        if (users.isEmpty()) return null;
        var body = s.body();
        int states = body.states().size();
        var read = new HashSet<Integer>();
        for (var u : users) read.add(((Project) u.op()).index());
        if (s.stops()) read.add(states);
        var ends = new HashSet<Value>();
        for (int r : read) ends.add(body.ends().get(r));
        var needed = body.graph().reachable(ends);
        for (int before = -1; before < ends.size(); needed = body.graph().reachable(ends)) {
            before = ends.size();
            for (int i = 0; i < states; i++) if (read.contains(i) || needed.contains(body.states().get(i))) ends.add(body.next().get(i));
        }
        var live = new HashSet<>(needed);
        var stay = IntStream.range(0, states).filter(i -> read.contains(i) || live.contains(body.states().get(i))).boxed().toList();
        boolean all = stay.size() == states && IntStream.range(states, body.ends().size()).allMatch(read::contains) && live.containsAll(body.steps()) && live.containsAll(body.constants());
        return all ? null : again(new Taken(at.graph(), s), s, stay, read);
    }

    /// The same loop, with what `taken` has been told of it.
    private static Value[] again(Taken taken, BodyLoop s, List<Integer> stay, Set<Integer> read) {
        int states = s.body().states().size();
        stay.forEach(taken::state);
        for (int r = states; r < s.body().ends().size(); r++) if (read.contains(r)) taken.output(s.body().ends().get(r));
        var results = new Value[s.body().ends().size()];
        var made = taken.together(results);
        for (int r = states; r < results.length; r++) if (read.contains(r)) results[r] = made.outputs().get(taken.output(s.body().ends().get(r)));
        return results;
    }

    private static Value[] known(Site at, Value token, BodyLoop s) {
        var taken = new Taken(at.graph(), s);
        var b = taken.loop().body();
        boolean applies = false;
        for (int j = 0; j < s.xs().size(); j++)
            if (s.xs().get(j).op() instanceof Broadcast x && !x.axes().contains(0)) {
                taken.write(s.body().steps().get(j), Ops.broadcast(b, taken.loop().constant(x.x()), x.shape().subList(1, x.shape().size()), x.axes().stream().map(a -> a - 1).toList()));
                applies = true;
            }
        for (int j = 0; j < s.constants().size(); j++) {
            var port = s.body().constants().get(j);
            if (s.constants().get(j).op() instanceof Const c) taken.write(port, b.add(c));
            else if (s.constants().get(j).op() instanceof Broadcast x) taken.write(port, Ops.broadcast(b, taken.loop().constant(x.x()), x.shape(), x.axes()));
            else continue;
            applies = true;
        }
        return applies ? again(taken, s, everything(s.body().states().size()), new HashSet<>(everything(s.body().ends().size()))) : null;
    }

    private static Value[] turned(Site at, Value token, BodyLoop loop) {
        if (!(loop instanceof Scan s) || s.xs().isEmpty() || !s.xs().stream().allMatch(x -> x.op() instanceof Slice slice && isTurn(slice))) return null;
        var g = at.graph();
        var xs = s.xs().stream().map(x -> ((Slice) x.op()).x()).toList();
        var results = BodyLoop.results(g, g.add(new Scan(s.body(), s.time(), !s.reverse(), s.init(), xs, s.constants())));
        int states = s.body().states().size();
        return IntStream.range(0, results.size()).mapToObj(i -> i < states ? results.get(i) : turned(g, results.get(i))).toArray(Value[]::new);
    }

    private static boolean isTurn(Slice slice) {
        var rest = slice.stride().subList(1, slice.stride().size());
        return slice.stride().getFirst() == -1 && rest.stream().allMatch(s -> s == 1) && slice.extent().equals(slice.x().type().shape());
    }

    private static Value turned(Graph g, Value x) {
        return Ops.slice(g, x, 0, x.type().dim(0).minus(1), -1, x.type().dim(0));
    }

    private static List<Integer> everything(int count) {
        return IntStream.range(0, count).boxed().toList();
    }

    /// `h' = h * h + x`, all of them.
    private static Value summing(Graph g, Draw d, Value x) {
        var loop = new Loop(g, x.type().dim(0));
        var h = loop.state(d.real(x.type().dim(1)));
        var next = Ops.add(loop.body(), Ops.mul(loop.body(), h, h), loop.step(x));
        return loop.scan(List.of(next), List.of(next)).outputs().getFirst();
    }

    /// `h' = tanh(h + Σ k)`, where `k' = tanh(k + x[t, u] + c[t])` runs over u.
    /// @param reads whether k begins with h
    private static Value nested(Graph g, Draw d, boolean reads) {
        var x = d.real(d.dim(), Dim.of(3), Dim.of(2));
        var outer = new Loop(g, x.type().dim(0));
        var b = outer.body();
        var h = outer.state(d.real(Dim.of(2)));
        var inner = new Loop(b, Dim.of(3));
        var i = inner.body();
        var k = inner.state(reads ? h : outer.constant(d.real(Dim.of(2))));
        var next = Ops.map(i, Functions.TANH, Ops.add(i, Ops.add(i, k, inner.step(outer.step(x))), inner.constant(outer.step(d.real(x.type().dim(0), Dim.of(2))))));
        var results = inner.scan(List.of(next), List.of(k));
        var after = Ops.map(b, Functions.TANH, Ops.add(b, h, Ops.add(b, results.states().getFirst(), Ops.sum(b, results.outputs().getFirst(), 0))));
        return outer.scan(List.of(after), List.of(after)).outputs().getFirst();
    }

    /// `h' = tanh(x·W + h·U)`, with the states as outputs.
    private static Loop.Results recurrent(Graph g, Draw d) {
        var x = d.real(d.dim(), d.dim(), Dim.of(3));
        var loop = new Loop(g, x.type().dim(0));
        var b = loop.body();
        var h = loop.state(d.real(x.type().dim(1), Dim.of(2)));
        var input = b.add(product(loop.step(x), loop.constant(d.real(Dim.of(3), Dim.of(2))), access(0, 2), access(2, 1)));
        var state = b.add(product(h, loop.constant(d.real(Dim.of(2), Dim.of(2))), access(0, 2), access(2, 1)));
        var next = Ops.map(b, Functions.TANH, Ops.add(b, input, state));
        return loop.scan(List.of(next), List.of(next));
    }

    /// Axes 0 and 1 stay, 2 is summed over.
    private static Contract product(Value a, Value b, Access ofA, Access ofB) {
        var extents = new ArrayList<Dim>();
        for (int axis = 0; axis < 3; axis++) {
            int inA = ofA.dims().indexOf(Affine.axis(axis));
            extents.add(inA >= 0 ? a.type().dim(inA) : b.type().dim(ofB.dims().indexOf(Affine.axis(axis))));
        }
        return new Contract(a, b, List.of(new Axis("n", extents.get(0)), new Axis("j", extents.get(1)), new Axis("k", extents.get(2))), ofA, ofB, List.of(0, 1));
    }

    private static Access access(int first, int second) {
        return new Access(List.of(Affine.axis(first), Affine.axis(second)));
    }
}
