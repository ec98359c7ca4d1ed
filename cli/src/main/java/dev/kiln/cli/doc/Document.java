package dev.kiln.cli.doc;

import dev.kiln.compiler.graph.Program;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Ast;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A file that gets a page.
/// @param name     how it is called, `std/dense.nn`
/// @param programs its networks, checked, by name
record Document(String name, Ast.File file, List<Token> tokens, List<Item> items, Map<String, Program> programs) {
    Document {
        items = List.copyOf(items);
    }

    static Document of(String name, Ast.File file, Map<String, Program> programs) {
        List<Token> tokens = Token.of(file.source());
        List<Item> items = file.declarations().stream().map(d -> Item.of(d, tokens)).flatMap(Optional::stream).toList();
        return new Document(name, file, tokens, items, programs);
    }

    SourceFile source() {
        return file.source();
    }

    /// The name of its page: `std.dense.html`.
    String page() {
        return (name.endsWith(".nn") ? name.substring(0, name.length() - 3) : name).replace('/', '.').replace('\\', '.') + ".html";
    }

    /// Its name without folders and ending.
    String title() {
        String last = name.substring(Math.max(name.lastIndexOf('/'), name.lastIndexOf('\\')) + 1);
        return last.endsWith(".nn") ? last.substring(0, last.length() - 3) : last;
    }
}
