package dev.kiln.testkit.fuzz;

import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.graph.Entry;
import dev.kiln.compiler.graph.Parameter;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.graph.Value;
import dev.kiln.compiler.op.Input;
import dev.kiln.compiler.type.DType;
import dev.kiln.compiler.type.Dim;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A program and what is fed to it. In a file its first line says the rest, so that the file alone brings the case back: `//! fuzz seed=583 N=3 id2<5`.
/// @param sizes  what symbolic dims are; 2 for others
/// @param bounds what whole numbers of an input are below; 2 for others
/// @param seed   of inputs and weights
public record Case(String text, Map<String, Long> sizes, Map<String, Integer> bounds, long seed) {
    private static final String HEADER = "//! fuzz";
    private static final Pattern WORD = Pattern.compile("(\\w+)(=|<)(\\d+)");
    private static final int USUAL = 2;

    public Case {
        sizes = Map.copyOf(sizes);
        bounds = Map.copyOf(bounds);
    }

    /// The case of a file; without a first line as above, one of the usual sizes.
    public static Case of(String file) {
        var sizes = new TreeMap<String, Long>();
        var bounds = new TreeMap<String, Integer>();
        long seed = 1;
        if (file.startsWith(HEADER))
            for (var word : WORD.matcher(file.lines().findFirst().orElseThrow()).results().toList()) {
                if (word.group(2).equals("<")) bounds.put(word.group(1), Integer.valueOf(word.group(3)));
                else if (word.group(1).equals("seed")) seed = Long.parseLong(word.group(3));
                else sizes.put(word.group(1), Long.valueOf(word.group(3)));
            }
        return new Case(file, sizes, bounds, seed);
    }

    /// The same with other sizes.
    public Case with(Map<String, Long> others) {
        var all = new TreeMap<>(sizes);
        all.putAll(others);
        return new Case(text, all, bounds, seed);
    }

    Case with(String other) {
        return new Case(other, sizes, bounds, seed);
    }

    /// What a file holds.
    public String file() {
        var words = Stream.concat(new TreeMap<>(sizes).entrySet().stream().map(e -> e.getKey() + "=" + e.getValue()), new TreeMap<>(bounds).entrySet().stream().map(e -> e.getKey() + "<" + e.getValue()));
        return HEADER + " seed=" + seed + words.map(w -> " " + w).collect(Collectors.joining()) + "\n" + text;
    }

    /// What is fed to each door of an entry.
    public Map<String, Array> inputs(Entry entry) {
        var inputs = new LinkedHashMap<String, Array>();
        for (Value door : entry.inputs()) {
            String name = ((Input) door.op()).name();
            inputs.put(name, name.equals("step") ? Array.scalar(entry.name().equals("train") ? 1 : 0) : values(door, bounds.getOrDefault(name, USUAL), new Random(seed * 31 + name.hashCode())));
        }
        return inputs;
    }

    /// Values in one of several manners, those that bugs like among them: ties, zeros of both signs, tiny, large, one-hot. All of them are floats.
    private Array values(Value door, int bound, Random random) {
        int[] shape = door.type().shape().stream().mapToInt((Dim d) -> Math.toIntExact(d.evaluate(name -> sizes.getOrDefault(name, (long) USUAL)))).toArray();
        var array = Array.zeros(shape);
        int manner = random.nextInt(12);
        for (int i = 0; i < array.data().length; i++) array.data()[i] = door.type().dtype() == DType.i32 ? random.nextInt(bound) : (float) value(manner, random, i, shape);
        return array;
    }

    private static double value(int manner, Random random, int index, int... shape) {
        double usual = 3 * random.nextDouble() - 1.5;
        return switch (manner) {
            case 0 -> Math.rint(2 * usual) / 2;
            case 1 -> random.nextInt(3) == 0 ? usual : random.nextBoolean() ? 0.0 : -0.0;
            case 2 -> 1e-12 * usual;
            case 3 -> 8 * usual;
            case 4 -> shape.length > 0 && index % shape[shape.length - 1] == 0 ? 1 : 0;
            case 5 -> 3 + 0.1 * usual;
            default -> usual;
        };
    }

    /// Weights around zero, however they begin; variances are positive, optimizers have not yet seen anything.
    public Map<String, Array> parameters(Program program) {
        var random = new Random(seed);
        var parameters = new LinkedHashMap<String, Array>();
        for (Parameter p : program.parameters().all()) {
            var array = Array.zeros(p.type().shape().stream().mapToInt(Dim::toInt).toArray());
            boolean variance = p.name().endsWith("running_var");
            if (p.role() != Parameter.Role.OPTIMIZER_STATE)
                for (int i = 0; i < array.data().length; i++) array.data()[i] = (float) (variance ? 0.5 + random.nextDouble() : 1.2 * random.nextDouble() - 0.6);
            parameters.put(p.name(), array);
        }
        return parameters;
    }
}
