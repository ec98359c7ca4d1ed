package dev.kiln.compiler.check;

import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.syntax.Ast;
import java.util.LinkedHashMap;
import java.util.Map;

/// A layer with its settings at a place. The path is its identity: whoever has the same path shares its parameters.
final class Instance {
    private final Ast.Block block;
    private final Module home;
    private final String path;
    private final Map<String, Scope.Binding> settings;
    private final Span made;
    private final Map<String, Item> members = new LinkedHashMap<>();

    Instance(Ast.Block block, Module home, String path, Map<String, Scope.Binding> settings, Span made) {
        this.block = block;
        this.home = home;
        this.path = path;
        this.settings = settings;
        this.made = made;
    }

    Ast.Block block() {
        return block;
    }

    Module home() {
        return home;
    }

    String path() {
        return path;
    }

    Map<String, Scope.Binding> settings() {
        return settings;
    }

    /// Where the text made it.
    Span made() {
        return made;
    }

    /// What `unit.W` reads: known once the layer was applied.
    Map<String, Item> members() {
        return members;
    }
}
