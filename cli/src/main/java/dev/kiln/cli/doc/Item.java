package dev.kiln.cli.doc;

import dev.kiln.compiler.syntax.Ast;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Something of a file that has a name: a network, a layer, a cell, a function, an optimizer or a constant.
/// @param words of the declaration
record Item(Ast.Declaration declaration, String name, String kind, String documentation, List<Token> words) {
    /// What a declaration documents; empty for tests, training and imports.
    static Optional<Item> of(Ast.Declaration declaration, List<Token> file) {
        return switch (declaration) {
            case Ast.Block b -> Optional.of(item(b, b.name(), b.kind().name().toLowerCase(Locale.ROOT), b.documentation(), file));
            case Ast.Function f -> Optional.of(item(f, f.name(), "function", f.documentation(), file));
            case Ast.Constant c -> Optional.of(item(c, c.name(), "constant", c.documentation(), file));
            case Ast.Use _, Ast.Train _, Ast.Proof _, Ast.Broken _ -> Optional.empty();
        };
    }

    private static Item item(Ast.Declaration d, Ast.Name name, String kind, String documentation, List<Token> file) {
        return new Item(d, name.text(), kind, documentation, file.stream().filter(t -> t.start() >= d.span().start() && t.end() <= d.span().end()).toList());
    }

    /// The line it begins on.
    int line() {
        return declaration.span().line();
    }

    List<Ast.Setting> settings() {
        return declaration instanceof Ast.Block b ? b.settings() : List.of();
    }

    List<Ast.Input> inputs() {
        return switch (declaration) {
            case Ast.Block b -> b.inputs();
            case Ast.Function f -> f.inputs();
            default -> List.of();
        };
    }

    List<Ast.Statement> body() {
        return switch (declaration) {
            case Ast.Block b -> b.body();
            case Ast.Function f -> f.body();
            default -> List.of();
        };
    }

    /// All statements, those in branches and rounds too.
    List<Ast.Statement> statements() {
        List<Ast.Statement> all = new ArrayList<>();
        collect(body(), all);
        return all;
    }

    private static void collect(List<Ast.Statement> body, List<Ast.Statement> all) {
        for (Ast.Statement s : body) {
            all.add(s);
            switch (s) {
                case Ast.If i -> {
                    collect(i.then(), all);
                    collect(i.otherwise(), all);
                }
                case Ast.Repeat r -> collect(r.body(), all);
                case Ast.Each e -> collect(e.body(), all);
                default -> {}
            }
        }
    }

    /// The words up to the body; all of a constant.
    String signature() {
        if (declaration instanceof Ast.Constant) return declaration.span().text().strip();
        StringBuilder text = new StringBuilder();
        int depth = 0;
        for (Token word : words) {
            if (depth == 0 && (word.text().equals("{") || word.text().equals("="))) break;
            depth += word.text().equals("(") || word.text().equals("[") ? 1 : word.text().equals(")") || word.text().equals("]") ? -1 : 0;
            text.append(word.text());
        }
        return text.toString().strip();
    }

    /// Names that the declaration gives to something of its own.
    Set<String> bound() {
        Set<String> bound = new HashSet<>();
        settings().forEach(s -> bound.add(s.name().text()));
        inputs().forEach(i -> bound.add(i.name().text()));
        for (Ast.Statement s : statements()) {
            switch (s) {
                case Ast.Bind b -> b.targets().forEach(t -> bound.add(t.name().text()));
                case Ast.Param p -> bound.add(p.name().text());
                case Ast.State p -> p.names().forEach(n -> bound.add(n.text()));
                case Ast.Draw d -> bound.add(d.name().text());
                case Ast.In i -> bound.add(i.name().text());
                case Ast.Out o -> o.value().ifPresent(_ -> bound.add(o.name().text()));
                case Ast.Repeat r -> bound.add(r.index().text());
                case Ast.Each e -> e.names().forEach(n -> bound.add(n.text()));
                default -> {}
            }
        }
        return bound;
    }

    /// The names of others that its words read: not its own, no member, no argument's name.
    Set<String> read() {
        Set<String> own = bound();
        own.add(name);
        Set<String> read = new HashSet<>();
        List<Token> solid = words.stream().filter(t -> t.kind() != Token.Kind.SPACE && t.kind() != Token.Kind.COMMENT).toList();
        for (int i = 0; i < solid.size(); i++) {
            boolean member = i > 0 && solid.get(i - 1).text().equals(".");
            boolean argument = i + 1 < solid.size() && solid.get(i + 1).text().equals(":");
            boolean call = i + 1 < solid.size() && solid.get(i + 1).text().equals("(");
            Token word = solid.get(i);
            if (!member && !argument && !own.contains(word.name()) && (word.kind() == Token.Kind.NAME || (word.kind() == Token.Kind.KEYWORD && call))) read.add(word.name());
        }
        return read;
    }
}
