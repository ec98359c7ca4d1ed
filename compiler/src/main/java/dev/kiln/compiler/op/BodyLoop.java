package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.graph.Graph;
import dev.kiln.compiler.graph.Op;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/// A loop of one [Body]: `(state, y[t]) = body(state, xs[t], constants)`, never unrolled. Operands are the first states, the steps and the constants;
/// results are the final states, then each output stacked along a new first axis.
public sealed interface BodyLoop extends Op.Control permits Scan, While {
    Body body();

    /// The number of steps; of a loop that [#stops] the most.
    Dim time();

    List<Value> init();

    /// What each step reads one row of: `[time, shape of the step…]`
    List<Value> xs();

    List<Value> constants();

    /// From the last step to the first.
    boolean reverse();

    /// Does the first output of the body, a scalar bool, say that this step is the last?
    boolean stops();

    /// The same loop of another body with other operands.
    BodyLoop with(Body body, List<Value> init, List<Value> xs, List<Value> constants);

    /// What is given is what the body asks for.
    static void fit(String name, Body body, Dim time, List<Value> init, List<Value> xs, List<Value> constants) {
        fit(name, "state", body.states(), init.stream().map(Value::type).toList());
        for (var x : xs) Fit.require(x.type().rank() > 0 && x.type().dim(0).equals(time), "%s: steps come from [%s, …], not %s", name, time, x.type());
        fit(name, "step", body.steps(), xs.stream().map(x -> x.type().withShape(x.type().shape().subList(1, x.type().rank()))).toList());
        fit(name, "constant", body.constants(), constants.stream().map(Value::type).toList());
    }

    private static void fit(String name, String what, List<Value> ports, List<TensorType> given) {
        Fit.require(ports.size() == given.size(), "%s: the body has %d %ss, given are %d", name, ports.size(), what, given.size());
        for (int i = 0; i < ports.size(); i++)
            Fit.require(ports.get(i).type().equals(given.get(i)), "%s: %s %d of the body is %s, given is %s", name, what, i, ports.get(i).type(), given.get(i));
    }

    @Override
    default List<TensorType> resultTypes() {
        return Stream.concat(body().states().stream().map(Value::type), body().outputs().stream().map(y -> stacked(y.type()))).toList();
    }

    /// One `type` a step.
    default TensorType stacked(TensorType type) {
        var shape = new ArrayList<>(List.of(time()));
        shape.addAll(type.shape());
        return type.withShape(shape);
    }

    @Override
    default Graph inside() {
        return body().graph();
    }

    @Override
    default List<Value> operands() {
        return Stream.of(init(), xs(), constants()).flatMap(List::stream).toList();
    }

    @Override
    default Op withOperands(List<Value> operands) {
        int steps = init().size();
        int rest = steps + xs().size();
        return with(body(), operands.subList(0, steps), operands.subList(steps, rest), operands.subList(rest, operands.size()));
    }

    @Override
    default List<Array> results(List<Array> operands, Env env) {
        int count = Math.toIntExact(env.size(time()));
        int carried = init().size();
        var states = operands.subList(0, carried);
        var steps = operands.subList(carried, carried + xs().size());
        var rest = operands.subList(carried + xs().size(), operands.size());
        var outputs = body().outputs().stream().map(y -> Array.zeros(env.shape(stacked(y.type())))).toList();
        for (int i = 0; i < count; i++) {
            int t = reverse() ? count - 1 - i : i;
            var ports = Stream.of(states, steps.stream().map(x -> row(x, t)).toList(), rest).flatMap(List::stream).toList();
            var ends = body().step(ports, env);
            states = ends.subList(0, carried);
            for (int k = 0; k < outputs.size(); k++) {
                var y = ends.get(carried + k).data();
                System.arraycopy(y, 0, outputs.get(k).data(), t * y.length, y.length);
            }
            if (stops() && ends.get(carried).data()[0] != 0) break;
        }
        return Stream.concat(states.stream(), outputs.stream()).toList();
    }

    private static Array row(Array x, int t) {
        int size = x.data().length / x.shape()[0];
        return new Array(Arrays.copyOfRange(x.shape(), 1, x.shape().length), Arrays.copyOfRange(x.data(), t * size, (t + 1) * size));
    }

    @Override
    default String print(List<String> operands) {
        int steps = init().size();
        int rest = steps + xs().size();
        var groups = Stream.of(group("init", operands.subList(0, steps)), group("xs", operands.subList(steps, rest)), group("constants", operands.subList(rest, operands.size())));
        return "%s[%s](%s)".formatted(spec().name(), attributes(), String.join("; ", groups.flatMap(List::stream).toList()));
    }

    private static List<String> group(String name, List<String> operands) {
        return operands.isEmpty() ? List.of() : List.of(name + " " + String.join(", ", operands));
    }

    @Override
    default String printInside() {
        return body().print();
    }

    /// The final states and stacked outputs of a loop.
    static List<Value> results(Graph g, Value loop) {
        return IntStream.range(0, ((BodyLoop) loop.op()).resultTypes().size()).mapToObj(i -> g.add(new Project(loop, i))).toList();
    }
}
