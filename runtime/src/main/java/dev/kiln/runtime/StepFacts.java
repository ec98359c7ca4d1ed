package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a jar says about one step of an entry, in `steps.json` beside `model.json`; only those read it who want to know where time goes.
///
/// @param name  of the value that the step computes, or of what it does
/// @param place where in the `.nn` text it comes from, such as `digits.nn:7`; empty where nobody wrote it
/// @param times what its multiply-adds are a multiple of; 0 where it has none
/// @param by    the binding indices of the numbers that [#times] is multiplied by
public record StepFacts(String name, String place, long times, List<Integer> by) {
    public StepFacts {
        by = List.copyOf(by);
    }

    /// Where the steps of a network are described in its jar.
    public static String resource(String className) {
        return Model.folder(className) + "steps.json";
    }

    /// The steps of each entry as text; a line a step.
    public static String print(Map<String, List<StepFacts>> entries) {
        return entries.entrySet().stream().map(e -> Json.quote(e.getKey()) + ":[\n" + e.getValue().stream().map(StepFacts::json).map(Json::toString).collect(Collectors.joining(",\n")) + "]")
                .collect(Collectors.joining(",\n", "{", "}\n"));
    }

    private Json json() {
        Map<String, Json> members = new LinkedHashMap<>();
        members.put("name", new Json.Str(name));
        members.put("place", new Json.Str(place));
        members.put("times", Json.number(times));
        members.put("by", Json.numbers(by));
        return new Json.Obj(members);
    }

    /// The steps of one entry.
    static List<StepFacts> load(String className, String entry, ClassLoader loader) {
        String resource = resource(className);
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException(resource + " is missing beside class " + className);
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8), entry);
        } catch (IOException | Json.Malformed e) {
            throw new IllegalStateException(resource + ": " + e.getMessage(), e);
        }
    }

    static List<StepFacts> parse(String text, String entry) throws Json.Malformed {
        List<StepFacts> steps = new ArrayList<>();
        for (Json each : JsonReader.read(text).asObject().get(entry).asList()) {
            Json.Obj step = each.asObject();
            List<Integer> by = new ArrayList<>();
            for (Json n : step.get("by").asList()) by.add(n.asInt());
            steps.add(new StepFacts(step.get("name").asString(), step.get("place").asString(), step.get("times").asCount(), by));
        }
        return steps;
    }

    /// What it is for one binding.
    StepWork bound(int[] b, int runs) {
        double operations = 2.0 * times * runs;
        for (int index : by) operations *= b[index];
        return new StepWork(name, place, operations);
    }
}
