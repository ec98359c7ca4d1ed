package dev.kiln.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// A parameter as a line of `model.json`:
/// `{"name":"dense.W","shape":[64,10],"role":"weight","order":[0,1],"panel":32,"offset":12,"size":2048,"init":{"uniform":[-0.1,0.1]},"decay":1.0}`.
final class ModelJson {
    private ModelJson() {}

    static String print(ParameterSpec p) {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("name", new Json.Str(p.name()));
        members.put("shape", Json.numbers(p.shape()));
        members.put("role", new Json.Str(p.role().name().toLowerCase(Locale.ROOT)));
        members.put("order", Json.numbers(p.order()));
        members.put("panel", Json.number((long) p.panel()));
        members.put("offset", Json.number((long) p.offset()));
        members.put("size", Json.number((long) p.size()));
        members.put("init", print(p.init()));
        members.put("decay", Json.number(p.decay()));
        return new Json.Obj(members).toString();
    }

    private static Json print(Initialiser init) {
        return switch (init) {
            case Initialiser.Constant(float value) -> call("constant", value);
            case Initialiser.Uniform(float low, float high) -> call("uniform", low, high);
            case Initialiser.Normal(float mean, float variance) -> call("normal", mean, variance);
            case Initialiser.TruncatedNormal(float mean, float variance) -> call("truncated_normal", mean, variance);
            case Initialiser.Orthogonal(float gain) -> call("orthogonal", gain);
        };
    }

    private static Json call(String name, float... arguments) {
        List<Json> numbers = new ArrayList<>();
        for (float a : arguments) numbers.add(Json.number(a));
        return new Json.Obj(Map.of(name, new Json.Arr(numbers)));
    }

    static ParameterSpec parameter(Json.Obj p) throws Json.Malformed {
        String name = p.get("name").asString();
        try {
            return new ParameterSpec(
                    name, counts(p.get("shape")), ParameterSpec.Role.valueOf(p.get("role").asString().toUpperCase(Locale.ROOT)), counts(p.get("order")),
                    p.get("panel").asInt(), p.get("offset").asInt(), p.get("size").asInt(), initialiser(p.get("init").asObject()), p.get("decay").asFloat());
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new Json.Malformed("parameter '" + name + "': " + e.getMessage());
        }
    }

    private static Initialiser initialiser(Json.Obj init) throws Json.Malformed {
        if (init.members().size() != 1) throw new Json.Malformed("one initialiser is expected instead of " + init);
        var call = init.members().entrySet().iterator().next();
        List<Json> arguments = call.getValue().asList();
        return switch (call.getKey() + "/" + arguments.size()) {
            case "constant/1" -> new Initialiser.Constant(arguments.get(0).asFloat());
            case "uniform/2" -> new Initialiser.Uniform(arguments.get(0).asFloat(), arguments.get(1).asFloat());
            case "normal/2" -> new Initialiser.Normal(arguments.get(0).asFloat(), arguments.get(1).asFloat());
            case "truncated_normal/2" -> new Initialiser.TruncatedNormal(arguments.get(0).asFloat(), arguments.get(1).asFloat());
            case "orthogonal/1" -> new Initialiser.Orthogonal(arguments.get(0).asFloat());
            default -> throw new Json.Malformed("unknown initialiser " + init);
        };
    }

    private static List<Integer> counts(Json json) throws Json.Malformed {
        List<Integer> counts = new ArrayList<>();
        for (Json n : json.asList()) counts.add(n.asInt());
        return counts;
    }
}
