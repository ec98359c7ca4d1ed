package dev.kiln.compiler.check;

import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.DataFile;
import dev.kiln.compiler.source.Table;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Expr;
import dev.kiln.compiler.type.Dim;
import dev.kiln.runtime.Vocabulary;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// `vocabulary(text("book.txt.gz"), split: characters)` or `vocabulary(tsv("words.tsv"), column: "word", split: spaces, least: 2)`: the data are read when compiling, and the
/// pieces travel in the jar. `vocabulary(hash: 1000, split: words)` needs no data. A file out of a jar brings its vocabularies along.
final class VocabularyReader {
    private static final List<String> SPLITS = List.of("characters", "words", "spaces", "whole");
    private static final List<String> ARGUMENTS = List.of("column", "split", "least", "hash");
    private static final Map<String, Character> TABLES = Map.of("csv", ',', "tsv", '\t');
    private final Elaboration in;
    private final Site site;

    /// A file and how it is read. @param reader `text`, `csv` or `tsv`
    private record Source(String reader, String path) {}

    VocabularyReader(Elaboration in, Site site) {
        this.in = in;
        this.site = site;
    }

    Optional<Vocabulary> read(String name, Expr.Call call) {
        Optional<Vocabulary> known = call.span().file().vocabulary(name);
        if (known.isPresent()) return known;
        Optional<Vocabulary.Split> split = Optional.of(Vocabulary.Split.CHARACTERS);
        Optional<Source> source = Optional.empty();
        Optional<Expr> column = Optional.empty();
        Optional<Integer> least = Optional.of(1);
        Optional<Integer> buckets = Optional.empty();
        for (Expr.Argument a : call.arguments())
            switch (a.name().map(Ast.Name::text).orElse("")) {
                case "" -> source = source(a.value());
                case "split" -> split = split(a.value());
                case "column" -> column = Optional.of(a.value());
                case "hash" -> buckets = count(a.value(), "how many buckets there are");
                case "least" -> least = count(a.value(), "how often a piece must stand in the data");
                default -> in.fail(new CheckProblem.UnknownArgument(site.place(a.span()), "vocabulary", a.name().get().text(), Names.similar(a.name().get().text(), ARGUMENTS), ARGUMENTS));
            }
        boolean hashes = call.arguments().stream().anyMatch(a -> a.name().filter(n -> n.text().equals("hash")).isPresent());
        if (hashes && (source.isPresent() || column.isPresent())) {
            in.fail(new CheckProblem.TooManyArguments(site.place(call.span()), "vocabulary with hash, which reads no data,", 2, call.arguments().size()));
            return Optional.empty();
        }
        if (hashes) return buckets.isPresent() && split.isPresent() ? Optional.of(Vocabulary.hashed(name, split.get(), buckets.get())) : Optional.empty();
        if (source.isEmpty() || split.isEmpty() || least.isEmpty()) {
            if (call.arguments().isEmpty()) in.fail(new CheckProblem.MissingArgument(site.place(call.span()), "vocabulary", "what it is read from, as in text(\"book.txt\")"));
            return Optional.empty();
        }
        boolean table = TABLES.containsKey(source.get().reader());
        if (table && column.isEmpty()) {
            in.fail(new CheckProblem.MissingArgument(site.place(call.span()), "vocabulary", "its column, as in column: \"text\""));
            return Optional.empty();
        }
        Path file = Path.of(call.span().file().name()).toAbsolutePath().resolveSibling(source.get().path()).normalize();
        try {
            return Optional.of(table ? Vocabulary.ofRows(name, split.get(), least.get(), column(file, TABLES.get(source.get().reader()), column.get())) : Vocabulary.of(name, split.get(), text(file)));
        } catch (IOException e) {
            in.fail(new CheckProblem.UnreadableData(site.place(call.span()), source.get().path(), Files.exists(file) ? e.getMessage() : "there is no such file"));
            return Optional.empty();
        }
    }

    private Optional<Source> source(Expr e) {
        if (e instanceof Expr.Call(_, Expr.Reference reader, List<Expr.Argument> arguments, _) && arguments.size() == 1 && arguments.getFirst().value() instanceof Expr.Text t
                && (reader.name().equals("text") || TABLES.containsKey(reader.name()))) return Optional.of(new Source(reader.name(), t.value()));
        in.fail(new CheckProblem.UnknownReader(site.place(e.span()), e.span().text()));
        return Optional.empty();
    }

    private Optional<Vocabulary.Split> split(Expr e) {
        if (e instanceof Expr.Reference r && SPLITS.contains(r.name())) return Optional.of(Vocabulary.Split.valueOf(r.name().toUpperCase(Locale.ROOT)));
        in.fail(new CheckProblem.TypeMismatch(site.place(e.span()), "one of the words " + String.join(", ", SPLITS), e.span().text()));
        return Optional.empty();
    }

    private Optional<Integer> count(Expr e, String what) {
        Optional<Dim> count = in.expressions().dim(e, site);
        if (count.isPresent() && count.get().isConstant() && count.get().constant().getAsLong() >= 1 && count.get().constant().getAsLong() <= Integer.MAX_VALUE) return Optional.of(count.get().toInt());
        if (count.isPresent()) in.fail(new CheckProblem.ValueOutOfRange(site.place(e.span()), what, e.span().text(), "a whole number of at least 1"));
        return Optional.empty();
    }

    private static String text(Path file) throws IOException {
        try (InputStream bytes = DataFile.open(file)) {
            return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /// The cells of a column, by name or by number from 0.
    private static List<String> column(Path file, char separator, Expr column) throws IOException {
        try (InputStream bytes = DataFile.open(file)) {
            var table = new Table(bytes, separator);
            Optional<Table.Line> line = table.next();
            if (line.isEmpty()) throw new IOException("it is empty");
            Table.Line first = line.get();
            int at = switch (column) {
                case Expr.Text t when first.isHeading() -> first.cells().indexOf(t.value());
                case Expr.Whole(_, long number) when number < first.cells().size() -> (int) number;
                default -> -1;
            };
            if (at < 0) throw new IOException("it has no column " + column.span().text() + (first.isHeading() ? "; it has " + String.join(", ", first.cells()) : " and no heading, but %d columns from 0 on".formatted(first.cells().size())));
            if (first.isHeading()) line = table.next();
            var cells = new ArrayList<String>();
            for (; line.isPresent(); line = table.next()) {
                if (line.get().cells().size() <= at) throw new IOException("line %d has %d columns, too few for column %s".formatted(line.get().number(), line.get().cells().size(), column.span().text()));
                cells.add(line.get().cells().get(at));
            }
            return cells;
        }
    }
}
