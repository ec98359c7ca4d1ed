package dev.kiln.compiler.check;

import dev.kiln.compiler.source.CheckProblem;
import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The declarations of a file and what it sees of others.
final class Module {
    private final Ast.File file;
    private final boolean library;
    private final Map<String, Ast.Declaration> own = new LinkedHashMap<>();
    private final Map<String, Visible> visible = new LinkedHashMap<>();

    /// A declaration and the file it stands in.
    record Visible(Ast.Declaration declaration, Module home) {}

    Module(Ast.File file, boolean library) {
        this.file = file;
        this.library = library;
        for (Ast.Declaration d : file.declarations()) name(d).ifPresent(n -> own.putIfAbsent(n.text(), d));
    }

    Ast.File file() {
        return file;
    }

    /// True for a file found on the library path: messages and line numbers then speak of the caller's line.
    boolean isLibrary() {
        return library;
    }

    Map<String, Ast.Declaration> own() {
        return own;
    }

    void see(String name, Visible declaration) {
        visible.put(name, declaration);
    }

    Map<String, Visible> visible() {
        return visible;
    }

    Optional<Visible> find(String name) {
        Ast.Declaration d = own.get(name);
        return d != null ? Optional.of(new Visible(d, this)) : Optional.ofNullable(visible.get(name));
    }

    /// `use house.blocks.{Residual}`: what it names of `other` is visible here. What is not there stands for a mistake that is told once.
    void use(Ast.Use use, Optional<Module> other, Problems problems) {
        if (other.isEmpty()) problems.add(new CheckProblem.FileNotFound(use.span(), use.path()));
        for (Ast.Name n : use.names()) {
            Optional<Visible> found = other.flatMap(m -> m.find(n.text()));
            if (other.isPresent() && found.isEmpty()) problems.add(new CheckProblem.NotInFile(n.span(), n.text(), use.path(), Names.similar(n.text(), other.get().own().keySet())));
            see(n.text(), found.orElse(new Visible(new Ast.Broken(n.span(), List.of(n)), this)));
        }
    }

    /// What others may name.
    static Optional<Ast.Name> name(Ast.Declaration d) {
        return switch (d) {
            case Ast.Constant c -> Optional.of(c.name());
            case Ast.Function f -> Optional.of(f.name());
            case Ast.Block b -> Optional.of(b.name());
            case Ast.Use _, Ast.Train _, Ast.Proof _, Ast.Broken _ -> Optional.empty();
        };
    }
}
