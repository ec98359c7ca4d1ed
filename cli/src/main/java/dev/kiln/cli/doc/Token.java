package dev.kiln.cli.doc;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.grammar.KilnLexer;
import java.util.ArrayList;
import java.util.List;
import org.antlr.v4.runtime.CharStreams;

/// A word of a file as a reader sees it, comments and spaces among them.
/// @param start where it begins in the text
record Token(Kind kind, String text, int start) {
    enum Kind { COMMENT, KEYWORD, NAME, NUMBER, STRING, SIGN, SPACE }

    int end() {
        return start + text.length();
    }

    /// A name, or a keyword that stands where a name may: `clip(z)`.
    boolean isWord() {
        return kind == Kind.NAME || kind == Kind.KEYWORD;
    }

    /// Without the prime of a next value.
    String name() {
        return text.endsWith("'") ? text.substring(0, text.length() - 1) : text;
    }

    /// All words of a file; together they are its text.
    static List<Token> of(SourceFile file) {
        KilnLexer lexer = new KilnLexer(CharStreams.fromString(file.text()));
        lexer.removeErrorListeners();
        List<Token> tokens = new ArrayList<>();
        int at = 0;
        for (var token : lexer.getAllTokens()) {
            tokens.add(new Token(kind(token.getType()), token.getText(), at));
            at += token.getText().length();
        }
        return tokens;
    }

    private static Kind kind(int type) {
        return switch (type) {
            case KilnLexer.DOC, KilnLexer.COMMENT, KilnLexer.FOREIGN_COMMENT -> Kind.COMMENT;
            case KilnLexer.NAME, KilnLexer.PRIMED, KilnLexer.FOREIGN_WORD -> Kind.NAME;
            case KilnLexer.INT, KilnLexer.FLOAT -> Kind.NUMBER;
            case KilnLexer.STRING -> Kind.STRING;
            case KilnLexer.SPACE -> Kind.SPACE;
            default -> isWord(type) ? Kind.KEYWORD : Kind.SIGN;
        };
    }

    private static boolean isWord(int type) {
        String literal = KilnLexer.VOCABULARY.getLiteralName(type);
        return literal != null && Character.isLetter(literal.charAt(1));
    }
}
