package dev.kiln.compiler.source;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/// The text of one `.nn` file. Offsets count `char`s from 0, lines and columns from 1. Two files are equal when they are the same object.
public final class SourceFile {
    private final String name;
    private final String text;
    private final int[] lineStarts;

    /// @param name how messages call the file, usually the path the user gave
    public SourceFile(String name, String text) {
        this.name = name;
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
