package dev.kiln.compiler.source;

import dev.kiln.runtime.Vocabulary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// The text of one `.nn` file. Offsets count `char`s from 0, lines and columns from 1. Two files are equal when they are the same object.
public final class SourceFile {
    private final String name;
    private final String text;
    private final int[] lineStarts;
    private final Function<String, Optional<String>> others;
    private final List<Vocabulary> vocabularies;

    /// @param name how messages call the file, usually the path the user gave; `use ./other` looks beside it on disk
    public SourceFile(String name, String text) {
        this(name, text, SourceFile::onDisk, List.of());
    }

    /// A file that travels with others, as in a jar.
    /// @param texts        what there is, by path; `use ./other` looks beside `name` among them
    /// @param vocabularies those that were taken from data when the file was compiled
    public static SourceFile among(Map<String, String> texts, String name, List<Vocabulary> vocabularies) {
        return new SourceFile(name, texts.get(name), path -> Optional.ofNullable(texts.get(path)), vocabularies);
    }

    private SourceFile(String name, String text, Function<String, Optional<String>> others, List<Vocabulary> vocabularies) {
        this.name = name;
        this.others = others;
        this.vocabularies = List.copyOf(vocabularies);
        this.text = text.startsWith("\uFEFF") ? text.substring(1) : text;   // a byte order mark is no text
        var starts = new int[this.text.length() + 1];
        int lines = 1;
        for (int i = 0; i < this.text.length(); i++) {
            if (this.text.charAt(i) == '\n') starts[lines++] = i + 1;
        }
        this.lineStarts = Arrays.copyOf(starts, lines);
    }

    /// Reads a file. Bytes that are not UTF-8 become U+FFFD, which the lexer refuses at its place.
    public static SourceFile read(Path path) throws IOException {
        return new SourceFile(path.toString(), new String(Files.readAllBytes(path), StandardCharsets.UTF_8));
    }

    private static Optional<String> onDisk(String path) {
        try {
            return Files.isRegularFile(Path.of(path)) ? Optional.of(read(Path.of(path)).text) : Optional.empty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// The file that `path` means here: `./blocks` is `blocks.nn` in the same folder.
    public Optional<SourceFile> beside(String path) {
        var found = Path.of(name).resolveSibling(path + ".nn").normalize().toString().replace('\\', '/');
        return others.apply(found).map(there -> new SourceFile(found, there, others, vocabularies));
    }

    /// A vocabulary that travels with the file.
    public Optional<Vocabulary> vocabulary(String name) {
        return vocabularies.stream().filter(v -> v.name().equals(name)).findFirst();
    }

    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    public int line(int offset) {
        int found = Arrays.binarySearch(lineStarts, offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    public int column(int offset) {
        return offset - lineStarts[line(offset) - 1] + 1;
    }

    public int lines() {
        return lineStarts.length;
    }

    /// The line without its end.
    public String lineText(int line) {
        int end = line < lineStarts.length ? lineStarts[line] : text.length();
        return text.substring(lineStarts[line - 1], end).stripTrailing();
    }

    public Span span(int start, int end) {
        return new Span(this, start, end);
    }

    @Override public String toString() {
        return name;
    }
}
