package dev.kiln.compiler.reference;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import dev.kiln.runtime.Initialiser;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The values that parameters begin with: those of the runtime, for the interpreter.
public final class FirstValues {
    private FirstValues() {}

    public static Map<String, Array> of(Parameters parameters, long seed) {
        var values = new LinkedHashMap<String, Array>();
        for (Parameter p : parameters.all()) {
            int[] shape = p.type().shape().stream().mapToInt(d -> d.toInt()).toArray();
            float[] floats = initialiser(p).values(seed, p.name(), shape);
            double[] data = new double[floats.length];
            Arrays.setAll(data, i -> floats[i]);
            values.put(p.name(), new Array(shape, data));
        }
        return values;
    }

    private static Initialiser initialiser(Parameter p) {
        List<Double> numbers = p.init().args();
        return switch (p.init().kind()) {
            case "constant" -> new Initialiser.Constant(numbers.getFirst().floatValue());
            case "uniform" -> new Initialiser.Uniform(numbers.getFirst().floatValue(), numbers.get(1).floatValue());
            case "normal" -> new Initialiser.Normal(numbers.getFirst().floatValue(), numbers.get(1).floatValue());
            case "truncated_normal" -> new Initialiser.TruncatedNormal(numbers.getFirst().floatValue(), numbers.get(1).floatValue());
            case "orthogonal" -> new Initialiser.Orthogonal(numbers.isEmpty() ? 1 : numbers.getFirst().floatValue());
            default -> throw new IllegalStateException("parameter %s begins as '%s', which the runtime does not know".formatted(p.name(), p.init().kind()));
        };
    }
}
