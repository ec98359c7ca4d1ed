package dev.kiln.cli.doc;

import dev.kiln.compiler.check.Checked;
import dev.kiln.compiler.driver.ProblemsException;
import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import dev.kiln.compiler.syntax.Parser;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/// Makes a site of a file, of the libraries on the class path, or of both.
public final class Documentation {
    private Documentation() {}

    /// Pages of a file and its neighbours, then of the libraries.
    /// @param checked the file; empty for the libraries alone
    /// @throws ProblemsException when a library does not parse
    public static Site of(Optional<Checked> checked, Collection<SourceFile> libraries) {
        List<Document> documents = new ArrayList<>();
        checked.ifPresent(c -> {
            Map<String, Program> programs = c.models().stream().collect(Collectors.toMap(m -> m.program().name(), m -> m.program()));
            documents.add(Document.of(last(c.file().source().name()), c.file(), programs));
            for (SourceFile neighbour : c.neighbours()) documents.add(Document.of(last(neighbour.name()), parsed(neighbour), Map.of()));
        });
        for (SourceFile library : libraries) documents.add(Document.of(library.name(), parsed(library), Map.of()));
        return new Site(checked.map(c -> last(c.file().source().name())).orElse("The library"), documents);
    }

    private static Ast.File parsed(SourceFile source) {
        Problems problems = new Problems();
        Ast.File file = Parser.parse(source, problems);
        if (!problems.isEmpty()) throw new ProblemsException(problems);
        return file;
    }

    private static String last(String name) {
        return Path.of(name).getFileName().toString();
    }
}
