package dev.kiln.compiler.reference;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Parameters;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// The values that parameters begin with: those of the runtime, for the interpreter.
public final class FirstValues {
    private FirstValues() {}

    public static Map<String, Array> of(Parameters parameters, long seed) {
        var values = new LinkedHashMap<String, Array>();
        for (Parameter p : parameters.all()) {
            int[] shape = p.type().shape().stream().mapToInt(d -> d.toInt()).toArray();
            float[] floats = p.initialiser().values(seed, p.name(), shape);
            double[] data = new double[floats.length];
            Arrays.setAll(data, i -> floats[i]);
            values.put(p.name(), new Array(shape, data));
        }
        return values;
    }
}
