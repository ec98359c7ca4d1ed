package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A loop over time: `(state, y[t]) = body(state, xs[t], constants)` for t = 0 … time - 1, or in reverse. Never unrolled.
/// The results are the final states, then each output stacked along a new first axis; the output of step t stands at t, in either direction. Without a step the final states are the initial ones.
/// @param xs what each step reads one row of: `[time, shape of the step…]`
public record Scan(Body body, Dim time, boolean reverse, List<Value> init, List<Value> xs, List<Value> constants) implements Op.Control {
    public static final Spec SPEC = ScanSamples.SPEC;

    public Scan {
        init = List.copyOf(init);
        xs = List.copyOf(xs);
        constants = List.copyOf(constants);
        fit("state", body.states(), init.stream().map(Value::type).toList());
        for (var x : xs) Fit.require(x.type().rank() > 0 && x.type().dim(0).equals(time), "scan: steps come from [%s, …], not %s", time, x.type());
        fit("step", body.steps(), xs.stream().map(x -> x.type().withShape(x.type().shape().subList(1, x.type().rank()))).toList());
        fit("constant", body.constants(), constants.stream().map(Value::type).toList());
    }

    private static void fit(String what, List<Value> ports, List<TensorType> given) {
        Fit.require(ports.size() == given.size(), "scan: the body has %d %ss, given are %d", ports.size(), what, given.size());
        for (int i = 0; i < ports.size(); i++)
            Fit.require(ports.get(i).type().equals(given.get(i)), "scan: %s %d of the body is %s, given is %s", what, i, ports.get(i).type(), given.get(i));
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public List<TensorType> resultTypes() {
        return Stream.concat(body.states().stream().map(Value::type), body.outputs().stream().map(y -> stacked(y.type()))).toList();
    }

    /// One `type` a step.
    public TensorType stacked(TensorType type) {
        var shape = new ArrayList<>(List.of(time));
        shape.addAll(type.shape());
        return type.withShape(shape);
    }

    @Override
    public Graph inside() {
        return body.graph();
    }

    @Override
    public List<Value> operands() {
        return Stream.of(init, xs, constants).flatMap(List::stream).toList();
    }

    @Override
    public Op withOperands(List<Value> operands) {
        int steps = init.size();
        int rest = steps + xs.size();
        return new Scan(body, time, reverse, operands.subList(0, steps), operands.subList(steps, rest), operands.subList(rest, operands.size()));
    }

    @Override
    public List<Array> results(List<Array> operands, Env env) {
        int count = Math.toIntExact(env.size(time));
        var states = operands.subList(0, init.size());
        var steps = operands.subList(init.size(), init.size() + xs.size());
        var rest = operands.subList(init.size() + xs.size(), operands.size());
        var outputs = body.outputs().stream().map(y -> Array.zeros(env.shape(stacked(y.type())))).toList();
        for (int i = 0; i < count; i++) {
            int t = reverse ? count - 1 - i : i;
            var ports = Stream.of(states, steps.stream().map(x -> row(x, t)).toList(), rest).flatMap(List::stream).toList();
            var ends = body.step(ports, env);
            states = ends.subList(0, init.size());
            for (int k = 0; k < outputs.size(); k++) {
                var y = ends.get(init.size() + k).data();
                System.arraycopy(y, 0, outputs.get(k).data(), t * y.length, y.length);
            }
        }
        return Stream.concat(states.stream(), outputs.stream()).toList();
    }

    private static Array row(Array x, int t) {
        int size = x.data().length / x.shape()[0];
        return new Array(Arrays.copyOfRange(x.shape(), 1, x.shape().length), Arrays.copyOfRange(x.data(), t * size, (t + 1) * size));
    }

    @Override
    public String attributes() {
        return "time " + time + (reverse ? ", reverse" : "");
    }

    @Override
    public String print(List<String> operands) {
        int steps = init.size();
        int rest = steps + xs.size();
        var groups = Stream.of(group("init", operands.subList(0, steps)), group("xs", operands.subList(steps, rest)), group("constants", operands.subList(rest, operands.size())));
        return "scan[%s](%s)".formatted(attributes(), String.join("; ", groups.flatMap(List::stream).toList()));
    }

    private static List<String> group(String name, List<String> operands) {
        return operands.isEmpty() ? List.of() : List.of(name + " " + String.join(", ", operands));
    }

    @Override
    public String printInside() {
        return body.print();
    }

    /// The final states and stacked outputs of the loop `scan`.
    public static List<Value> results(Graph g, Value scan) {
        return IntStream.range(0, ((Scan) scan.op()).resultTypes().size()).mapToObj(i -> g.add(new Project(scan, i))).toList();
    }
}
