package dev.kiln.testkit.gradient;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.api.Compiler.Checking;
import dev.kiln.compiler.graph.Array;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.testkit.gradient.ModelCheck.Settings;
import dev.kiln.testkit.gradient.ModelCheck.Wrt;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/// A failure that is kept: the smallest `.nn` text that shows it, and above it in comments the sample of the source it was found in. That sample is tried first at the next check of the source.
///
/// @param source  the file it was found in
/// @param sample  where to look again
/// @param story   what was wrong, for whoever reads the file
/// @param text    the smallest case
public record FailureFile(Path source, Sample sample, List<String> story, String text) {
    private static final String MARK = "// kept: ";

    public FailureFile {
        story = List.copyOf(story);
    }

    /// What to look at again.
    public sealed interface Sample {
        /// A network at one sample. @param number of the sample, from 0
        record OfNetwork(String network, Settings settings, int number) implements Sample {}

        /// A property at chosen sizes and values.
        record OfProperty(String title, long seed, List<Long> sizes, Map<String, Array> values) implements Sample {
            public OfProperty {
                sizes = List.copyOf(sizes);
                values = Map.copyOf(values);
            }
        }

        /// What was wrong in a few words.
        default String subject() {
            return switch (this) {
                case OfNetwork n -> "network " + n.network;
                case OfProperty p -> p.title;
            };
        }
    }

    /// The text of the file.
    public String content() {
        var lines = new ArrayList<String>();
        story.forEach(line -> lines.add("// " + line));
        lines.add(MARK + "source " + source.toString().replace('\\', '/'));
        switch (sample) {
            case Sample.OfNetwork(String network, Settings settings, int number) -> {
                lines.add(MARK + "network " + network);
                lines.add(MARK + "seed " + settings.seed());
                lines.add(MARK + "number " + number);
                lines.add(MARK + "wrt " + settings.wrt());
                if (settings.second()) lines.add(MARK + "order 2");
                new TreeMap<>(settings.sizes()).forEach((dim, size) -> lines.add(MARK + "dim " + dim + " " + size));
            }
            case Sample.OfProperty(String title, long seed, List<Long> sizes, Map<String, Array> values) -> {
                lines.add(MARK + "property " + title);
                lines.add(MARK + "seed " + seed);
                sizes.forEach(size -> lines.add(MARK + "size " + size));
                new TreeMap<>(values).forEach((name, array) -> lines.add(MARK + "value " + name + " " + Arrays.stream(array.shape()).mapToObj(String::valueOf).collect(Collectors.joining("x")) + ":"
                        + Arrays.stream(array.data()).mapToObj(v -> " " + v).collect(Collectors.joining())));
            }
        }
        return String.join("\n", lines) + "\n\n" + text;
    }

    /// Empty when the file is not one that was kept.
    public static Optional<FailureFile> read(Path file) throws IOException {
        String content = Files.readString(file);
        var kept = content.lines().filter(line -> line.startsWith(MARK)).map(line -> line.substring(MARK.length()).split(" ", 2)).filter(pair -> pair.length == 2)
                .collect(Collectors.groupingBy(pair -> pair[0], Collectors.mapping(pair -> pair[1], Collectors.toList())));
        if (!kept.containsKey("source") || !kept.containsKey("seed")) return Optional.empty();
        long seed = Long.parseLong(kept.get("seed").getFirst());
        Sample sample = kept.containsKey("network") ? network(kept, seed) : property(kept, seed);
        String text = content.lines().dropWhile(line -> line.startsWith("//")).collect(Collectors.joining("\n", "", "\n")).stripLeading();
        return Optional.of(new FailureFile(Path.of(kept.get("source").getFirst()), sample, content.lines().takeWhile(line -> line.startsWith("//") && !line.startsWith(MARK)).map(line -> line.substring(2).strip()).toList(), text));
    }

    private static Sample network(Map<String, List<String>> kept, long seed) {
        var sizes = kept.getOrDefault("dim", List.of()).stream().map(d -> d.split(" ", 2)).collect(Collectors.toMap(d -> d[0], d -> Long.parseLong(d[1])));
        return new Sample.OfNetwork(kept.get("network").getFirst(), new Settings(Wrt.valueOf(kept.get("wrt").getFirst()), 1, Duration.ofDays(1), seed, sizes, kept.containsKey("order")), Integer.parseInt(kept.get("number").getFirst()));
    }

    private static Sample property(Map<String, List<String>> kept, long seed) {
        var values = new HashMap<String, Array>();
        for (String line : kept.getOrDefault("value", List.of())) {
            String[] parts = line.split(":", 2);
            int space = parts[0].lastIndexOf(' ');
            values.put(parts[0].substring(0, space), new Array(words(parts[0].substring(space + 1), "x").stream().mapToInt(Integer::parseInt).toArray(), words(parts[1].strip(), " ").stream().mapToDouble(Double::parseDouble).toArray()));
        }
        return new Sample.OfProperty(kept.get("property").getFirst(), seed, kept.getOrDefault("size", List.of()).stream().map(Long::parseLong).toList(), values);
    }

    private static List<String> words(String text, String between) {
        return text.isEmpty() ? List.of() : List.of(text.split(between));
    }

    /// What is still wrong at the sample in the source as it is now; empty when it is right, or when the source no longer has it.
    public Optional<String> replay(Checking now) {
        return switch (sample) {
            case Sample.OfNetwork(String network, Settings settings, int number) -> now.checked().model(network).flatMap(m -> ModelCheck.again(m.program(), settings, number, _ -> {}).failure())
                    .map(failure -> failure.blame().map(Blame::toString).orElse("gradients are added up wrongly"));
            case Sample.OfProperty(String title, long seed, List<Long> sizes, Map<String, Array> values) -> now.checked().properties().stream().filter(p -> p.title().equals(title)).findFirst()
                    .flatMap(p -> PropertyRun.again(p, sizes, values, seed).failure()).map(Object::toString);
        };
    }

    /// For a test: reads the file and looks at its sample again, in the source when there is one, else in the case itself.
    /// @throws AssertionError when it is still wrong
    public static void assertRight(Path file) throws IOException {
        FailureFile kept = read(file).orElseThrow(() -> new IllegalArgumentException(file + " is no failure that was kept"));
        Compiler compiler = Compiler.of(Thread.currentThread().getContextClassLoader());
        Checking now = compiler.check(Files.exists(kept.source) ? SourceFile.read(kept.source) : new SourceFile(file.toString(), kept.text));
        if (!now.problems().isEmpty()) throw new AssertionError(now.problems().toString());
        kept.replay(now).ifPresent(wrong -> {
            throw new AssertionError(wrong);
        });
    }
}
