package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import dev.kiln.compiler.type.TensorType;
import java.util.List;

/// A loop that says itself when it is done: `(state, stop, y[t]) = body(state, xs[t], constants)` for t = 0, 1, … until a step says stop, `time` steps at the most. Never unrolled.
/// The results are the states after the last step that ran, then `stop` and each output stacked; rows of steps that did not run are zero.
public record While(Body body, Dim time, List<Value> init, List<Value> xs, List<Value> constants) implements BodyLoop {
    public static final Spec SPEC = WhileSamples.SPEC;

    public While {
        init = List.copyOf(init);
        xs = List.copyOf(xs);
        constants = List.copyOf(constants);
        var stop = TensorType.scalar(DType.bool);
        Fit.require(!body.outputs().isEmpty() && body.outputs().getFirst().type().equals(stop), "while: the first output of the body says stop, a %s, not %s", stop, body.outputs().stream().map(Value::type).findFirst().map(TensorType::toString).orElse("nothing"));
        BodyLoop.fit("while", body, time, init, xs, constants);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public boolean reverse() {
        return false;
    }

    @Override
    public boolean stops() {
        return true;
    }

    @Override
    public While with(Body body, List<Value> init, List<Value> xs, List<Value> constants) {
        return new While(body, time, init, xs, constants);
    }

    @Override
    public String attributes() {
        return "at most " + time;
    }
}
