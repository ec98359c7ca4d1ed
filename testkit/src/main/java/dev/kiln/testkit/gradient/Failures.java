package dev.kiln.testkit.gradient;

import dev.kiln.compiler.api.Compiler;
import dev.kiln.compiler.check.PropertyCase;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.runtime.AtomicFile;
import dev.kiln.testkit.gradient.FailureFile.Sample;
import dev.kiln.testkit.gradient.ModelCheck.Failure;
import dev.kiln.testkit.gradient.ModelCheck.Settings;
import dev.kiln.testkit.gradient.PropertyRun.Counterexample;
import dev.kiln.testkit.shrink.Values;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/// The folder where failures are kept: for each a smallest `.nn` file and a JUnit test.
public final class Failures {
    private static final int LONGEST = 400;

    private final Path folder;
    private final Compiler compiler;
    private final SourceFile source;

    public Failures(Path folder, Compiler compiler, SourceFile source) {
        this.folder = folder;
        this.compiler = compiler;
        this.source = source;
    }

    /// Those of this source, by name.
    public List<FailureFile> kept() throws IOException {
        if (!Files.isDirectory(folder)) return List.of();
        var kept = new ArrayList<FailureFile>();
        for (Path file : files()) FailureFile.read(file).filter(this::isOurs).ifPresent(kept::add);
        return kept;
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(f -> f.toString().endsWith(".nn")).sorted().toList();
        }
    }

    private boolean isOurs(FailureFile file) {
        return file.source().toAbsolutePath().normalize().equals(Path.of(source.name()).toAbsolutePath().normalize());
    }

    /// Shrinks the failure of a network and keeps it. @return the `.nn` file
    public Path keep(String network, Settings settings, Failure failure) throws IOException {
        var small = new ModelShrink(compiler, source).network(network, settings, failure);
        var story = new ArrayList<String>();
        small.blame().ifPresent(b -> b.toString().lines().forEach(story::add));
        String values = Values.print(small.smallest());
        if (values.length() <= LONGEST) story.add("smallest case: " + values);
        String name = small.blame().map(Blame::name).orElse(network);
        return write(name, found(story, settings.seed()), new Sample.OfNetwork(network, settings, failure.number()), small.text());
    }

    /// Keeps what a property found, with as much of the source as it needs. @return the `.nn` file
    public Path keep(PropertyCase property, Counterexample failure) throws IOException {
        String text = new ModelShrink(compiler, source).property(property, failure);
        return write(failure.blame().map(Blame::name).orElse(property.title()), found(failure.toString().lines().toList(), failure.seed()),
                new Sample.OfProperty(property.title(), failure.seed(), failure.sizes(), failure.inputs()), text);
    }

    private List<String> found(List<String> lines, long seed) {
        return Stream.concat(Stream.of("Found by kiln gradcheck %s, seed %d. Its sample is looked at first at every check of that file; delete this one when it has served.".formatted(source.name(), seed)), lines.stream()).toList();
    }

    private Path write(String name, List<String> story, Sample sample, String text) throws IOException {
        Files.createDirectories(folder);
        String word = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "_").replaceAll("^_|_$", "");
        Path file = free(word, sample);
        put(file, new FailureFile(Path.of(source.name()), sample, story, text).content());
        put(file.resolveSibling(className(file) + ".java"), test(file, sample.subject()));
        return file;
    }

    /// The file that keeps this subject already, or the next one of the name.
    private Path free(String word, Sample sample) throws IOException {
        for (int n = 1; ; n++) {
            Path file = folder.resolve(word + "-" + n + ".nn");
            if (!Files.exists(file)) return file;
            Optional<FailureFile> there = FailureFile.read(file);
            if (there.filter(this::isOurs).filter(f -> f.sample().subject().equals(sample.subject())).isPresent()) return file;
        }
    }

    private static String className(Path file) {
        var name = new StringBuilder();
        for (String word : file.getFileName().toString().replace(".nn", "").split("[_-]", -1)) name.append(word.substring(0, 1).toUpperCase(Locale.ROOT)).append(word.substring(1));
        return name.append("Test").toString();
    }

    private static String test(Path file, String subject) {
        return """
                import dev.kiln.testkit.gradient.FailureFile;
                import java.io.IOException;
                import java.nio.file.Path;
                import org.junit.jupiter.api.Test;

                /// %s: its gradient was wrong once.
                class %s {
                    @Test
                    void theGradientIsRight() throws IOException {
                        FailureFile.assertRight(Path.of("%s"));
                    }
                }
                """.formatted(subject, className(file), file.toString().replace('\\', '/'));
    }

    private static void put(Path file, String text) {
        AtomicFile.write(file, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
