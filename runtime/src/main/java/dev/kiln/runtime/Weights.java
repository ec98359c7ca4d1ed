package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Collectors;

/// The parameters and states of a network in one array, and a version that grows with each change. Readers beside a writer must be kept apart by the caller: a
/// [Trainer] changes its weights only within a step.
public final class Weights {
    /// Floats behind the last buffer, so that a kernel may read a whole panel of a short row.
    static final int SLACK = 64;

    /// When they change, as far as the one who uses them knows.
    enum Change {
        NEVER,
        BETWEEN_CALLS,
        /// The calls themselves write them.
        IN_CALLS
    }

    final float[] values;
    private final Map<String, ParameterSpec> parameters;
    private final AtomicLong version = new AtomicLong();

    private Weights(List<ParameterSpec> parameters, float[] values) {
        this.parameters = parameters.stream().collect(Collectors.toMap(ParameterSpec::name, p -> p, (p, _) -> twice(p), LinkedHashMap::new));
        this.values = values;
    }

    private static ParameterSpec twice(ParameterSpec p) {
        throw new IllegalArgumentException("two parameters are called '" + p.name() + "'");
    }

    /// The weights that a seed begins with.
    public static Weights initial(List<ParameterSpec> parameters, long seed) {
        Weights weights = zero(parameters);
        for (ParameterSpec p : parameters) weights.initialise(p, seed);
        return weights;
    }

    /// All zero.
    static Weights zero(List<ParameterSpec> parameters) {
        int end = parameters.stream().mapToInt(p -> Math.addExact(p.offset(), p.size())).max().orElse(0);
        return new Weights(parameters, new float[Math.addExact(end, SLACK)]);
    }

    private void initialise(ParameterSpec p, long seed) {
        p.pack(p.init().values(seed, p.name(), p.shapeArray()), 0, values);
    }

    public List<ParameterSpec> parameters() {
        return List.copyOf(parameters.values());
    }

    /// A copy that lives on its own.
    public Weights copy() {
        var copy = new Weights(parameters(), values.clone());
        copy.version.set(version.get());
        return copy;
    }

    /// As far as the first floats go, for one who reads no others.
    Weights first(int floats) {
        var first = new Weights(parameters(), Arrays.copyOf(values, Math.addExact(floats, SLACK)));
        first.version.set(version.get());
        return first;
    }

    boolean averages() {
        return parameters.keySet().stream().anyMatch(name -> parameters.containsKey(Averages.of(name)));
    }

    /// Takes over the values of others, with the running average of each weight that has one in its place.
    void follow(Weights others) {
        take(others);
        for (String name : parameters.keySet()) {
            if (parameters.containsKey(Averages.of(name))) set(name, others.get(Averages.of(name)));
        }
    }

    /// Grows with each change of the values.
    public long version() {
        return version.get();
    }

    /// To be called after the values have been changed.
    void changed() {
        version.incrementAndGet();
    }

    /// A parameter in its logical shape, copied.
    public Tensor get(String name) {
        ParameterSpec p = parameter(name);
        float[] logical = new float[p.elements()];
        p.unpack(values, logical, 0);
        return Tensor.of(logical, p.shapeArray());
    }

    /// Sets a parameter from its logical values.
    /// @throws ShapeException when the shape is another
    public void set(String name, Tensor value) {
        ParameterSpec p = parameter(name);
        if (!Arrays.equals(value.shape(), p.shapeArray())) throw new ShapeException("parameter '" + name + "' has shape " + p.shape() + ", the tensor " + Shapes.print(value.shape()));
        p.pack(value.floatArray(), value.offset(), values);
        changed();
    }

    private ParameterSpec parameter(String name) {
        ParameterSpec p = parameters.get(name);
        if (p == null) throw new IllegalArgumentException("there is no parameter '" + name + "'");
        return p;
    }

    /// Everything in logical shapes, to be written to a file.
    /// @param training with the states of the optimizer
    public SafeTensors tensors(boolean training, Map<String, String> metadata) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (ParameterSpec p : parameters.values()) {
            if (training || p.role() != ParameterSpec.Role.OPTIMIZER_STATE) tensors.put(p.name(), get(p.name()));
        }
        return new SafeTensors(tensors, metadata);
    }

    /// Weights that were in a file, and what the file says beside them.
    record Loaded(Weights weights, Map<String, String> metadata) {}

    /// Reads a file written by [SafeTensors#write], or any safetensors file of the same names and shapes. Where it is without states of the optimizer, those begin anew.
    /// @param ignored what may be in the file, too
    /// @throws WeightsException when something is wrong
    static Loaded read(Path file, List<ParameterSpec> parameters, List<ParameterSpec> ignored) {
        var fresh = new Fresh(parameters, ignored);
        return fresh.loaded(SafeTensors.read(file, fresh::check, fresh::take));
    }

    /// As [#read(Path, List, List)], from a stream.
    static Loaded read(String where, InputStream in, List<ParameterSpec> parameters, List<ParameterSpec> ignored) throws IOException {
        var fresh = new Fresh(parameters, ignored);
        return fresh.loaded(SafeTensors.read(where, in, -1, fresh::check, fresh::take));
    }

    /// Weights that are being read.
    private static final class Fresh {
        private final Weights weights;
        private final List<ParameterSpec> ignored;
        private final Set<String> taken = new HashSet<>();

        Fresh(List<ParameterSpec> parameters, List<ParameterSpec> ignored) {
            weights = zero(parameters);
            this.ignored = ignored;
        }

        void check(SafeTensorsHeader header) {
            weights.check(header, ignored);
        }

        void take(SafeTensorsHeader.Item item, float[] values) {
            ParameterSpec p = weights.parameters.get(item.name());
            if (p == null) return;
            p.pack(values, 0, weights.values);
            taken.add(item.name());
        }

        Loaded loaded(Map<String, String> metadata) {
            for (ParameterSpec p : weights.parameters.values()) if (!taken.contains(p.name())) weights.initialise(p, 0);
            return new Loaded(weights, metadata);
        }
    }

    /// Takes over the values of others of the same parameters.
    void take(Weights others) {
        System.arraycopy(others.values, 0, values, 0, values.length);
        changed();
    }

    private void check(SafeTensorsHeader header, List<ParameterSpec> ignored) {
        Map<String, SafeTensorsHeader.Item> found = header.items().stream().collect(Collectors.toMap(SafeTensorsHeader.Item::name, i -> i));
        boolean training = parameters.values().stream().anyMatch(p -> p.role() == ParameterSpec.Role.OPTIMIZER_STATE && found.containsKey(p.name()));
        for (ParameterSpec p : parameters.values()) {
            var item = found.remove(p.name());
            if (item == null) {
                if (p.role() == ParameterSpec.Role.OPTIMIZER_STATE && !training) continue;
                throw new WeightsException(header.where() + ": tensor '" + p.name() + "': expected f32" + p.shape() + ", found nothing of this name" + near(p, found.values()));
            }
            if (!item.shape().equals(p.shape())) {
                throw new WeightsException(header.where() + ": tensor '" + p.name() + "': expected shape " + p.shape() + ", found " + item.shape());
            }
        }
        ignored.forEach(p -> found.remove(p.name()));
        if (!found.isEmpty()) {
            String names = found.keySet().stream().sorted().limit(5).collect(Collectors.joining("', '", "'", "'"));
            throw new WeightsException(header.where() + ": expected " + parameters.size() + " tensors, found also " + names + (found.size() > 5 ? " and " + (found.size() - 5) + " more" : "") + ", which this network does not have");
        }
    }

    /// A tensor left over with the same shape is probably the one that was meant.
    private static String near(ParameterSpec p, Collection<SafeTensorsHeader.Item> found) {
        return found.stream().filter(i -> i.shape().equals(p.shape())).map(SafeTensorsHeader.Item::name).sorted().findFirst()
                .map(name -> " (of the same shape: '" + name + "')").orElse("");
    }
}
