package dev.kiln.compiler.reference;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Env;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Threefry;
import java.util.Map;

/// One run: the sizes of its dims, its inputs and parameters, and the seed and step that chance is a function of.
public record World(Map<String, Long> dims, Map<String, Array> inputs, Map<String, Array> parameters, long seed, int step) implements Env {
    public World {
        dims = Map.copyOf(dims);
        inputs = Map.copyOf(inputs);
        parameters = Map.copyOf(parameters);
    }

    @Override
    public long size(Dim dim) {
        return dim.evaluate(name -> found("dim", name, dims));
    }

    @Override
    public Array input(String name) {
        return found("input", name, inputs);
    }

    @Override
    public Array parameter(String name) {
        return found("parameter", name, parameters);
    }

    @Override
    public double uniform(String key, long index) {
        int place = Threefry.place(key);
        return Threefry.uniform(Threefry.key0(seed, step, place), Threefry.key1(seed, step, place), index);
    }

    private static <T> T found(String what, String name, Map<String, T> map) {
        var found = map.get(name);
        if (found == null) throw new IllegalArgumentException("this run has no %s '%s', only %s".formatted(what, name, map.keySet().stream().sorted().toList()));
        return found;
    }
}
