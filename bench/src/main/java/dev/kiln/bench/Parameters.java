package dev.kiln.bench;

import dev.kiln.runtime.ParameterSpec;
import dev.kiln.runtime.Weights;
import java.util.Iterator;

/// The weights of one of our networks in the order of its text: whoever builds the same network elsewhere takes them one after another.
final class Parameters {
    private final Weights weights;
    private final Iterator<ParameterSpec> rest;

    Parameters(Weights weights) {
        this.weights = weights;
        rest = weights.parameters().stream().filter(p -> p.role() != ParameterSpec.Role.OPTIMIZER_STATE).iterator();
    }

    /// @param name of the parameter within its layer: one that stands elsewhere in the text is refused
    Constant next(String name) {
        if (!rest.hasNext()) throw new BenchException("no parameter is left for '" + name + "'");
        ParameterSpec spec = rest.next();
        if (!spec.name().endsWith(name)) throw new BenchException("the next parameter is '" + spec.name() + "', not '" + name + "'");
        return new Constant(weights.get(spec.name()).floats(), spec.shapeArray());
    }

    /// @throws BenchException when a parameter has not been taken
    void end() {
        if (rest.hasNext()) throw new BenchException("nobody took parameter '" + rest.next().name() + "'");
    }
}
