package dev.kiln.compiler.source;

/// A stretch of a file: from `start` up to, not including, `end`.
public record Span(SourceFile file, int start, int end) {
    public Span {
        if (start < 0 || end < start || end > file.text().length()) {
            throw new IllegalArgumentException("no span %d..%d in %s of %d characters".formatted(start, end, file.name(), file.text().length()));
        }
    }

    public int line() {
        return file.line(start);
    }

    public int column() {
        return file.column(start);
    }

    public String text() {
        return file.text().substring(start, end);
    }

    /// From the start of this span to the end of the other.
    public Span to(Span last) {
        return new Span(file, start, Math.max(end, last.end));
    }

    /// `digits.nn:7:3`
    @Override public String toString() {
        return file.name() + ":" + line() + ":" + column();
    }
}
