package dev.kiln.stdlib;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import dev.kiln.testkit.Golden;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// The field's catalogue against the library: each line has a file, a test and, where it has a derivative, a test of its gradient. `docs/library.md` is written from it.
class CatalogueTest {
    private static final Path FILES = Path.of("src/main/resources/META-INF/nn/std");

    /// @param values test classes that hold values of the theme @param gradients those that hold its gradients; none where nothing has a derivative
    record Theme(String name, List<String> values, List<String> gradients) {}

    /// @param text what the field calls it
    record Line(Theme theme, String text, List<String> names) {}

    private final Map<String, Path> declared = declarations();
    private final Map<String, String> tests = texts();

    @Test
    void everyLineHasItsFileItsTestAndItsGradient() throws IOException {
        var missing = new ArrayList<String>();
        var page = new StringBuilder("# The library and the field's catalogue\n\nWritten by `CatalogueTest` from the library and its tests; a line without file, test or gradient test fails the build.\n");
        String theme = "";
        for (Line line : catalogue()) {
            if (!line.theme().name().equals(theme)) {
                theme = line.theme().name();
                page.append("\n## ").append(theme).append("\n| | in the library | file | values | gradient |\n|---|---|---|---|---|\n");
            }
            for (String name : line.names()) {
                Optional<String> values = values(name, line.theme());
                Optional<String> gradients = first(name, line.theme().gradients());
                if (values.isEmpty()) missing.add("no test of %s in %s".formatted(name, line.theme().values()));
                if (gradients.isEmpty() && !line.theme().gradients().isEmpty()) missing.add("no test of the gradient of %s in %s".formatted(name, line.theme().gradients()));
                page.append("| %s | `%s` | %s | %s | %s |\n".formatted(line.text(), name, place(name), values.orElse(""), gradients.orElse("none")));
            }
        }
        assertEquals(List.of(), missing);
        Golden.assertGolden("../../../../docs/library.md", page.toString());
    }

    @Test
    void everythingTheLibraryDeclaresIsInTheCatalogue() throws IOException {
        var named = catalogue().stream().flatMap(line -> line.names().stream()).collect(Collectors.toSet());
        var helpers = List.of("places", "flatten", "cosine_similarity", "gaussian_kernel", "zeros", "ones", "tanh_shrink", "Linear", "Deep", "Logits", "BeamStep", "ways", "parents", "chosen");
        assertEquals(List.of(), declared.keySet().stream().filter(name -> !named.contains(name) && !helpers.contains(name)).toList());
    }

    private static Pattern word(String name) {
        return Pattern.compile("(?<![\\w.])" + Pattern.quote(name) + "\\b");
    }

    private Optional<String> first(String name, List<String> classes) {
        return classes.stream().filter(test -> word(name).matcher(tests.get(test)).find()).findFirst();
    }

    /// A test class of the theme, or the tests that stand in the file itself.
    private Optional<String> values(String name, Theme theme) {
        return first(name, theme.values()).or(() -> Optional.ofNullable(declared.get(name)).filter(file -> word(name).matcher(ownTests(file)).find()).map(_ -> "its file"));
    }

    private String place(String name) {
        return Optional.ofNullable(declared.get(name)).map(Path::getFileName).map(file -> "[%s](../stdlib/src/main/resources/META-INF/nn/std/%s)".formatted(file, file)).orElse("a word of the language");
    }

    private static String ownTests(Path file) {
        String text = read(file);
        int first = text.indexOf("\ntest ");
        return first < 0 ? "" : text.substring(first);
    }

    /// `# theme : classes for values : classes for gradients`, and below it a line for each entry: `what the field calls it = names`.
    private static List<Line> catalogue() throws IOException {
        var lines = new ArrayList<Line>();
        var theme = new Theme("", List.of(), List.of());
        for (String text : Files.readAllLines(Path.of("src/test/resources/catalogue.txt"))) {
            if (text.startsWith("# ")) {
                String[] parts = text.substring(2).split(" : ", -1);
                theme = new Theme(parts[0], words(parts[1]), parts.length > 2 ? words(parts[2]) : List.of());
            } else if (!text.isBlank()) {
                int names = text.lastIndexOf(" = ");
                lines.add(new Line(theme, text.substring(0, names), words(text.substring(names + 3))));
            }
        }
        return lines;
    }

    private static List<String> words(String text) {
        return List.of(text.split(" ", -1));
    }

    private static Map<String, Path> declarations() {
        var found = new LinkedHashMap<String, Path>();
        for (Path path : list(FILES, ".nn"))
            for (Ast.Declaration d : Parser.parse(new SourceFile(path.getFileName().toString(), read(path)), new Problems()).declarations())
                name(d).ifPresent(name -> found.put(name, path));
        return found;
    }

    private static Optional<String> name(Ast.Declaration d) {
        return switch (d) {
            case Ast.Function f -> Optional.of(f.name().text());
            case Ast.Block b -> Optional.of(b.name().text());
            default -> Optional.empty();
        };
    }

    /// Test classes of the library, the compiler and the command line, by name.
    private static Map<String, String> texts() {
        var all = new TreeMap<String, String>();
        for (String module : List.of(".", "../compiler", "../testkit", "../cli"))
            for (Path file : list(Path.of(module, "src/test/java"), "Test.java")) {
                String name = file.getFileName().toString().replace(".java", "");
                if (!name.equals("CatalogueTest")) all.put(name, read(file));
            }
        return all;
    }

    private static List<Path> list(Path folder, String end) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(end)).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
