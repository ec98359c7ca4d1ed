package dev.kiln.compiler.op;

import dev.kiln.compiler.graph.Spec;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.type.Dim;
import java.util.List;

/// A loop over time: `(state, y[t]) = body(state, xs[t], constants)` for t = 0 … time - 1, or in reverse. Never unrolled.
/// The results are the final states, then each output stacked along a new first axis; the output of step t stands at t, in either direction. Without a step the final states are the initial ones.
/// @param xs what each step reads one row of: `[time, shape of the step…]`
public record Scan(Body body, Dim time, boolean reverse, List<Value> init, List<Value> xs, List<Value> constants) implements BodyLoop {
    public static final Spec SPEC = ScanSamples.SPEC;

    public Scan {
        init = List.copyOf(init);
        xs = List.copyOf(xs);
        constants = List.copyOf(constants);
        BodyLoop.fit("scan", body, time, init, xs, constants);
    }

    @Override
    public Spec spec() {
        return SPEC;
    }

    @Override
    public boolean stops() {
        return false;
    }

    @Override
    public Scan with(Body body, List<Value> init, List<Value> xs, List<Value> constants) {
        return new Scan(body, time, reverse, init, xs, constants);
    }

    @Override
    public String attributes() {
        return "time " + time + (reverse ? ", reverse" : "");
    }
}
