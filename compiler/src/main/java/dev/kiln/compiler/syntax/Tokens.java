package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// The words of a file, apart from its comments. The steps before the parser put words right in place, so that one mistake is told once and
/// the parser reads on.
/// @param words    what the parser reads, the end of the file last
/// @param comments `//` and `///`, in order
/// @param muted    lines whose mistake is told already and could not be put right: the parser says nothing more about them
record Tokens(SourceFile file, List<Token> words, List<Token> comments, Set<Integer> muted) {
    Tokens(SourceFile file, List<Token> words, List<Token> comments) {
        this(file, words, comments, new HashSet<>());
    }

    Token word(int index) {
        return words.get(Math.clamp(index, 0, words.size() - 1));
    }

    int type(int index) {
        return index < 0 ? Token.EOF : word(index).getType();
    }

    boolean startsLine(int index) {
        return index == 0 || word(index - 1).getLine() < word(index).getLine();
    }

    /// Characters before the first word of the line of this word.
    int indentation(int index) {
        int first = index;
        while (!startsLine(first)) first--;
        return word(first).getCharPositionInLine();
    }

    /// True when nothing stands between two neighbours.
    boolean touches(int index) {
        return index > 0 && word(index - 1).getStopIndex() + 1 == word(index).getStartIndex();
    }

    Span span(int index) {
        return new Places(file).span(word(index));
    }

    /// Gives a word another type, and the text of that type.
    void replace(int index, int type, String text) {
        words.set(index, like(word(index), type, text));
    }

    /// Puts a word that is missing after another one; it has no extent.
    void insertAfter(int index, int type, String text) {
        Token before = word(index);
        var made = like(before, type, text);
        made.setStartIndex(before.getStopIndex() + 1);
        made.setStopIndex(before.getStopIndex());
        words.add(index + 1, made);
    }

    private static CommonToken like(Token token, int type, String text) {
        var made = new CommonToken(type, text);
        made.setStartIndex(token.getStartIndex());
        made.setStopIndex(token.getStopIndex());
        made.setLine(token.getLine());
        made.setCharPositionInLine(token.getCharPositionInLine());
        return made;
    }
}
