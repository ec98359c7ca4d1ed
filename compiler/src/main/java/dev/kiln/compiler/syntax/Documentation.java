package dev.kiln.compiler.syntax;

import dev.kiln.grammar.KilnLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.Token;

/// The `///` lines of a file, by the line they stand on. Those right above an item document it; those at the head of a file, with an empty
/// line below, document the file.
final class Documentation {
    private final TreeMap<Integer, Token> byLine = new TreeMap<>();

    Documentation(Tokens tokens) {
        for (Token comment : tokens.comments()) {
            if (comment.getType() == KilnLexer.DOC) byLine.put(comment.getLine(), comment);
        }
        for (Token word : tokens.words()) byLine.remove(word.getLine());   // at the end of a line of code it documents nothing
    }

    /// The lines that end right above this one.
    String above(int line) {
        var lines = new ArrayList<Token>();
        for (int at = line - 1; byLine.containsKey(at); at--) lines.addFirst(byLine.get(at));
        return text(lines);
    }

    /// The lines at the head of a file whose first item begins on line `first`.
    String ofFile(int first) {
        if (byLine.isEmpty()) return "";
        var lines = new ArrayList<Token>();
        for (int at = byLine.firstKey(); byLine.containsKey(at); at++) lines.add(byLine.get(at));
        return lines.getLast().getLine() + 1 < first ? text(lines) : "";
    }

    private static String text(List<Token> lines) {
        return lines.stream().map(t -> t.getText().substring(3)).map(t -> t.startsWith(" ") ? t.substring(1) : t).map(String::stripTrailing)
                .collect(Collectors.joining("\n"));
    }
}
