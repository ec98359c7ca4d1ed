package dev.kiln.compiler.source;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kiln.compiler.check.Check;
import dev.kiln.compiler.check.Library;
import dev.kiln.compiler.syntax.Parser;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// What the tests of whole files share.
final class Examples {
    private static final Path STANDARD = Path.of("../stdlib/src/main/resources/META-INF/nn");
    private static final boolean BLESS = "bless".equals(System.getProperty("golden"));
    private static final Library LIBRARY = read();

    private Examples() {}

    /// The standard library, from the folder beside: this module does not know it by name.
    static Library library() {
        return LIBRARY;
    }

    private static Library read() {
        var files = new TreeMap<String, SourceFile>();
        try (Stream<Path> found = Files.walk(STANDARD)) {
            for (Path path : found.filter(f -> f.toString().endsWith(".nn")).toList()) files.put(STANDARD.relativize(path).toString(), SourceFile.read(path));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Library(files);
    }

    static Problems problems(SourceFile file) {
        var problems = new Problems();
        Check.check(Parser.parse(file, problems), library(), problems);
        return problems;
    }

    /// The text with a marker under each problem.
    static String marked(SourceFile file, Problems problems) {
        var lines = new ArrayList<String>();
        for (int line = 1; line < file.lines(); line++) {
            lines.add(file.lineText(line));
            for (Problem problem : problems.all()) {
                if (problem.span().line() == line) lines.add(" ".repeat(problem.span().column() - 1) + "//~ " + problem.code());
            }
        }
        return String.join("\n", lines) + "\n";
    }

    /// A file without its markers.
    static SourceFile unmarked(Path file) throws IOException {
        return new SourceFile(file.getFileName().toString(), Files.readString(file).lines()
                .filter(line -> !line.stripLeading().startsWith("//~")).collect(Collectors.joining("\n", "", "\n")));
    }

    /// Compares a file with what it ought to hold; `-Dgolden=bless` writes it instead.
    static void unchanged(Path file, String text) throws IOException {
        if (BLESS) Files.writeString(file, text);
        List<String> old = Files.readAllLines(file);
        List<String> now = text.lines().toList();
        for (int i = 0; i < Math.max(old.size(), now.size()); i++) {
            String was = i < old.size() ? old.get(i) : "";
            String is = i < now.size() ? now.get(i) : "";
            assertEquals(was, is, "%s differs at line %d. If the new text is right: mvn test -Dgolden=bless".formatted(file, i + 1));
        }
    }
}
