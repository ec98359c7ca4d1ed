package dev.kiln.runtime;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a jar says about a network it carries: `META-INF/nn/<class name>/model.json`. Beside it lie `weights.safetensors` and the `.nn` source. The manifest of the jar
/// names the network's class as `Kiln-Network`.
///
/// @param name the network's own name
/// @param className the typed class, such as `digits.Digits`
/// @param parameters all of them; those of the optimizer lie behind the others, so that a network that only predicts leaves them out
/// @param entries the name of each entry and its subclass of [EntryCode]
/// @param vocabularies those that the text of the network names
/// @param texts the inputs and outputs that are text to a caller, each with the vocabulary that its numbers are of
/// @param facts free texts, such as the compiler's version and the hash of the source
public record Model(String name, String className, List<ParameterSpec> parameters, Map<String, String> entries, Map<String, String> facts, List<Vocabulary> vocabularies, Map<String, String> texts) {
    /// Attribute of a jar's manifest that names the class of its network.
    public static final String MANIFEST = "Kiln-Network";
    private static final int FORMAT = 1;

    public Model {
        parameters = List.copyOf(parameters);
        entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        vocabularies = List.copyOf(vocabularies);
        facts = Collections.unmodifiableMap(new LinkedHashMap<>(facts));
        texts = Collections.unmodifiableMap(new LinkedHashMap<>(texts));
        int end = 0;
        for (ParameterSpec p : parameters) {
            if (p.role() != ParameterSpec.Role.OPTIMIZER_STATE) end = Math.max(end, p.offset() + p.size());
        }
        for (ParameterSpec p : parameters) {
            if (p.role() == ParameterSpec.Role.OPTIMIZER_STATE && p.offset() < end) {
                throw new IllegalArgumentException("state '" + p.name() + "' of the optimizer lies at " + p.offset() + ", before the end of the weights at " + end);
            }
        }
    }

    /// Where the resources of a network lie in its jar, with a slash at the end.
    public static String folder(String className) {
        return "META-INF/nn/" + className + "/";
    }

    public static String resource(String className) {
        return folder(className) + "model.json";
    }

    public static String weightsResource(String className) {
        return folder(className) + "weights.safetensors";
    }

    /// The vocabulary that the text calls so.
    /// @throws IllegalArgumentException when there is none
    public Vocabulary vocabulary(String name) {
        return vocabularies.stream().filter(v -> v.name().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("network " + this.name + " has no vocabulary '" + name + "', it has " + vocabularies.stream().map(Vocabulary::name).toList()));
    }

    /// The vocabulary of an input or output that is text to a caller, empty for one that is numbers.
    public Optional<Vocabulary> text(String door) {
        return Optional.ofNullable(texts.get(door)).map(this::vocabulary);
    }

    /// A door as its caller sees it: `word text[N]`, `image f32[N, 28, 28]`.
    public String print(Door door, String... dims) {
        return texts.containsKey(door.name()) ? door.print("text", 1, dims) : door.print(dims);
    }

    /// The parameters that predicting needs.
    public List<ParameterSpec> weights() {
        return parameters.stream().filter(p -> p.role() != ParameterSpec.Role.OPTIMIZER_STATE).toList();
    }

    /// The parameters that only training needs.
    public List<ParameterSpec> optimizerStates() {
        return parameters.stream().filter(p -> p.role() == ParameterSpec.Role.OPTIMIZER_STATE).toList();
    }

    /// Reads the description of a network from the jar (or folder) of its class.
    static Model load(String className, ClassLoader loader) {
        String resource = resource(className);
        try (InputStream in = loader.getResourceAsStream(resource)) {
            if (in == null) throw new IllegalStateException(resource + " is missing beside class " + className);
            return parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(resource + ": cannot be read: " + e, e);
        } catch (Json.Malformed e) {
            throw new IllegalStateException(resource + ": " + e.getMessage(), e);
        }
    }

    /// The code of an entry.
    EntryCode code(String entry, ClassLoader loader) {
        String type = entries.get(entry);
        if (type == null) throw new IllegalStateException("network " + name + " has no entry '" + entry + "', it has " + entries.keySet());
        try {
            return Class.forName(type, true, loader).asSubclass(EntryCode.class).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("class " + type + " of entry '" + entry + "' cannot be used: " + e, e);
        }
    }

    /// The text of `model.json`; equal models give equal texts.
    public String toJson() {
        var text = new StringBuilder("{\"format\":").append(FORMAT).append(",\n\"name\":").append(Json.quote(name)).append(",\n\"class\":").append(Json.quote(className));
        text.append(",\n\"facts\":").append(texts(facts)).append(",\n\"vocabularies\":").append(vocabularies(vocabularies)).append(",\n\"texts\":").append(texts(texts)).append(",\n\"entries\":").append(texts(entries)).append(",\n\"parameters\":[");
        String separator = "\n";
        for (ParameterSpec p : parameters) {
            text.append(separator).append(ModelJson.print(p));
            separator = ",\n";
        }
        return text.append("]}\n").toString();
    }

    static Model parse(String text) throws Json.Malformed {
        var model = JsonReader.read(text).asObject();
        long format = model.get("format").asCount();
        if (format != FORMAT) throw new Json.Malformed("written in format " + format + ", this runtime reads format " + FORMAT);
        List<ParameterSpec> parameters = new ArrayList<>();
        for (Json p : model.get("parameters").asList()) parameters.add(ModelJson.parameter(p.asObject()));
        try {
            return new Model(model.get("name").asString(), model.get("class").asString(), parameters, texts(model.get("entries")), texts(model.get("facts")), vocabularies(model.get("vocabularies")), texts(model.get("texts")));
        } catch (IllegalArgumentException e) {
            throw new Json.Malformed(e.getMessage());
        }
    }

    private static Json vocabularies(List<Vocabulary> vocabularies) {
        return new Json.Arr(vocabularies.stream().<Json>map(v -> {
            Map<String, Json> members = new LinkedHashMap<>();
            members.put("name", new Json.Str(v.name()));
            members.put("split", new Json.Str(v.split().name()));
            members.put("open", new Json.Bool(v.isOpen()));
            members.put("buckets", Json.number(v.buckets()));
            members.put("pieces", new Json.Arr(v.pieces().stream().<Json>map(Json.Str::new).toList()));
            return new Json.Obj(members);
        }).toList());
    }

    private static List<Vocabulary> vocabularies(Json json) throws Json.Malformed {
        List<Vocabulary> vocabularies = new ArrayList<>();
        for (Json v : json.asList()) {
            List<String> pieces = new ArrayList<>();
            for (Json piece : v.asObject().get("pieces").asList()) pieces.add(piece.asString());
            String name = v.asObject().get("name").asString();
            var split = Vocabulary.Split.valueOf(v.asObject().get("split").asString());
            int buckets = v.asObject().members().containsKey("buckets") ? Math.toIntExact(v.asObject().get("buckets").asCount()) : 0;
            vocabularies.add(buckets > 0 ? Vocabulary.hashed(name, split, buckets) : new Vocabulary(name, split, pieces, v.asObject().get("open").asBoolean()));
        }
        return vocabularies;
    }

    private static Json texts(Map<String, String> texts) {
        Map<String, Json> members = new LinkedHashMap<>();
        texts.forEach((k, v) -> members.put(k, new Json.Str(v)));
        return new Json.Obj(members);
    }

    private static Map<String, String> texts(Json json) throws Json.Malformed {
        Map<String, String> texts = new LinkedHashMap<>();
        for (var e : json.asObject().members().entrySet()) texts.put(e.getKey(), e.getValue().asString());
        return texts;
    }
}
