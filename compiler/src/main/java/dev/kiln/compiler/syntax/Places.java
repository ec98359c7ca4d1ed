package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// Where tokens and trees stand in a file. Token offsets are those of [SourceFile]: [Scanner] sees to it.
record Places(SourceFile file) {
    Span span(Token token) {
        return file.span(token.getStartIndex(), Math.max(token.getStartIndex(), token.getStopIndex() + 1));
    }

    Span span(ParserRuleContext tree) {
        Token last = tree.getStop() == null ? tree.getStart() : tree.getStop();
        return span(tree.getStart()).to(span(last));
    }

    /// Characters `from` up to `end` of a token.
    Span within(Token token, int from, int end) {
        return file.span(token.getStartIndex() + from, token.getStartIndex() + end);
    }

    Token token(ParseTree leaf) {
        return ((TerminalNode) leaf).getSymbol();
    }
}
