package dev.kiln.compiler.check;

import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.runtime.Vocabulary;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.zip.GZIPInputStream;

/// `vocabulary(text("book.txt.gz"), split: characters)`: the data are read when compiling, and the pieces travel in the jar. A file out of a jar brings its vocabularies along.
final class VocabularyReader {
    private static final List<String> SPLITS = List.of("characters", "words", "spaces");
    private final Elaboration in;
    private final Site site;

    VocabularyReader(Elaboration in, Site site) {
        this.in = in;
        this.site = site;
    }

    Optional<Vocabulary> read(String name, Expr.Call call) {
        Optional<Vocabulary> known = call.span().file().vocabulary(name);
        if (known.isPresent()) return known;
        Optional<Vocabulary.Split> split = Optional.of(Vocabulary.Split.CHARACTERS);
        Optional<String> path = Optional.empty();
        for (Expr.Argument a : call.arguments()) {
            if (a.name().isEmpty()) path = path(a.value());
            else if (a.name().get().text().equals("split")) split = split(a.value());
            else in.fail(new CheckProblem.UnknownArgument(site.place(a.span()), "vocabulary", a.name().get().text(), Names.similar(a.name().get().text(), List.of("split")), List.of("split")));
        }
        if (path.isEmpty() || split.isEmpty()) {
            if (call.arguments().isEmpty()) in.fail(new CheckProblem.MissingArgument(site.place(call.span()), "vocabulary", "what it is read from, as in text(\"book.txt\")"));
            return Optional.empty();
        }
        Path file = Path.of(call.span().file().name()).toAbsolutePath().resolveSibling(path.get()).normalize();
        try {
            return Optional.of(Vocabulary.of(name, split.get(), text(file)));
        } catch (IOException e) {
            in.fail(new CheckProblem.UnreadableData(site.place(call.span()), path.get(), Files.exists(file) ? e.getMessage() : "there is no such file"));
            return Optional.empty();
        }
    }

    private Optional<String> path(Expr e) {
        if (e instanceof Expr.Call(_, Expr.Reference reader, List<Expr.Argument> arguments, _) && arguments.size() == 1 && arguments.getFirst().value() instanceof Expr.Text t) {
            if (reader.name().equals("text")) return Optional.of(t.value());
            in.fail(new CheckProblem.NotBuiltYet(site.place(reader.span()), "a vocabulary of columns"));
            return Optional.empty();
        }
        in.fail(new CheckProblem.UnknownReader(site.place(e.span()), e.span().text()));
        return Optional.empty();
    }

    private Optional<Vocabulary.Split> split(Expr e) {
        if (e instanceof Expr.Reference r && SPLITS.contains(r.name())) return Optional.of(Vocabulary.Split.valueOf(r.name().toUpperCase(Locale.ROOT)));
        in.fail(new CheckProblem.TypeMismatch(site.place(e.span()), "one of the words " + String.join(", ", SPLITS), e.span().text()));
        return Optional.empty();
    }

    /// The text of a file, decompressed when it is gzip whatever its name.
    private static String text(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        boolean gzip = bytes.length > 1 && ((bytes[0] & 0xff) | (bytes[1] & 0xff) << 8) == GZIPInputStream.GZIP_MAGIC;
        if (!gzip) return new String(bytes, StandardCharsets.UTF_8);
        try (InputStream plain = new GZIPInputStream(new ByteArrayInputStream(bytes))) {
            return new String(plain.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
