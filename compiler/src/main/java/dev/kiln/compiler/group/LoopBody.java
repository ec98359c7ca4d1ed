package dev.kiln.compiler.group;

import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Output;
import dev.kiln.compiler.graph.Rebuild;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Body;
import dev.kiln.compiler.op.BodyLoop;
import dev.kiln.compiler.op.Project;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/// The body of a loop as an entry of its own: its doors are the ports, its outputs the next states and those outputs that somebody reads,
/// and the one that says stop.
/// @param results what is read of the loop
/// @param kept    the numbers of the outputs among them
public record LoopBody(Value loop, List<Value> results, List<Integer> kept, Entry entry) {

    /// A state of a body and the value it has in the next step.
    record Carried(Value port, Value next) {}

    /// Those of a list of values.
    /// @param live operands before users
    static List<LoopBody> all(List<Value> live) {
        return live.stream().filter(v -> v.op() instanceof BodyLoop).map(v -> of(v, live)).toList();
    }

    static LoopBody of(Value loop, List<Value> live) {
        var body = ((BodyLoop) loop.op()).body();
        var results = live.stream().filter(v -> v.op() instanceof Project p && p.scan().equals(loop)).toList();
        var stop = ((BodyLoop) loop.op()).stops() ? IntStream.of(0) : IntStream.empty();
        var kept = IntStream.concat(stop, results.stream().mapToInt(r -> ((Project) r.op()).index() - body.states().size())).filter(k -> k >= 0).distinct().sorted().boxed().toList();
        var ends = new ArrayList<Output>();
        for (var next : body.next()) ends.add(new Output("next " + ends.size(), next, Output.Role.USER));
        for (int k : kept) ends.add(new Output("output " + k, body.outputs().get(k), Output.Role.USER));
        return new LoopBody(loop, results, kept, Rebuild.compact(new Entry("loop " + loop, body.graph(), body.ports(), ends)));
    }

    /// The states of an entry that is a body, as far as their next values are computed.
    static List<Carried> carried(Entry entry, Given given) {
        if (given.loop().isEmpty()) return List.of();
        return IntStream.range(0, given.loop().get().scan().init().size())
                .mapToObj(i -> new Carried(entry.inputs().get(i), entry.outputs().get(i).value()))
                .filter(c -> View.of(c.next()).isIdentity())
                .map(c -> new Carried(c.port(), View.of(c.next()).base()))
                .toList();
    }

    public BodyLoop scan() {
        return (BodyLoop) loop.op();
    }

    private Body body() {
        return scan().body();
    }

    /// Whether the port of this number is a step.
    boolean isStep(int port) {
        return port >= body().states().size() && port < body().states().size() + body().steps().size();
    }

    /// The port of a constant.
    Value constant(int i) {
        return entry.inputs().get(body().states().size() + body().steps().size() + i);
    }

    /// Is a result an output, one value a step?
    public boolean isStacked(Value result) {
        return index(result) >= body().states().size();
    }

    /// The number of the entry's output that says whether a loop that stops is done.
    public int stop() {
        return body().states().size();
    }

    /// The number of the entry's output that becomes a result.
    public int end(Value result) {
        int states = body().states().size();
        return isStacked(result) ? states + kept.indexOf(index(result) - states) : index(result);
    }

    private static int index(Value result) {
        return ((Project) result.op()).index();
    }
}
