package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.syntax.Parser.Reading;
import dev.kiln.grammar.KilnParser;
import java.util.Optional;
import org.antlr.v4.runtime.Token;

/// `kiln fmt`: one form for every file. Line breaks inside statements, single empty lines and comments stay where the author put them;
/// spaces, indentation and the shape of bodies are given: a body stands on one line, or each of its statements on its own.
public final class Formatter {
    private static final int STEP = 2;

    private final Outline outline;
    private final Tokens tokens;
    private final StringBuilder text = new StringBuilder();
    private int blocks;          // open bodies that stand on several lines
    private int brackets;        // other brackets that are open in the statement at hand
    private int lastLine;        // of the original text
    private boolean justOpened;  // a body that stands on several lines
    private boolean mustBreak;   // a comment runs to the end of its line

    private Formatter(Reading reading) {
        this.tokens = reading.tokens();
        this.outline = new Outline(reading);
    }

    /// The file in its form; empty, with the reason in `problems`, when it has a syntax error.
    public static Optional<String> format(SourceFile file, Problems problems) {
        var found = new Problems();
        Parser.parse(file, found);
        found.all().forEach(problems::add);
        if (!found.isEmpty()) return Optional.empty();
        return Parser.read(file, found).map(reading -> new Formatter(reading).format());
    }

    private String format() {
        int comment = 0;
        for (int at = 0; at < tokens.words().size(); at++) {
            Token word = tokens.word(at);
            for (; comment < tokens.comments().size() && tokens.comments().get(comment).getStartIndex() < word.getStartIndex(); comment++) {
                comment(tokens.comments().get(comment), at);
            }
            if (word.getType() != Token.EOF) word(word, at);
        }
        return text.isEmpty() ? "" : text.append('\n').toString();
    }

    private void comment(Token comment, int next) {
        boolean trailing = !text.isEmpty() && comment.getLine() == lastLine;
        if (trailing) text.append("  ");
        else newLine(comment.getLine(), outline.closesBlock(next) ? blocks * STEP : indentation(next, 0), !justOpened);
        text.append(comment.getText().stripTrailing());
        lastLine = comment.getLine();
        mustBreak = true;
    }

    private void word(Token word, int at) {
        boolean closes = outline.closesBlock(at);
        if (closes) blocks--;
        boolean onOwnLine = justOpened || closes || outline.begins(at);
        boolean keptBreak = word.getLine() > lastLine && !outline.joins(at);
        if (!text.isEmpty() && (mustBreak || onOwnLine || keptBreak)) {
            boolean mayBeEmpty = mustBreak || outline.begins(at);
            newLine(word.getLine(), indentation(at, outline.isCloser(at) ? 1 : 0), mayBeEmpty && !justOpened && !closes);
        } else if (!text.isEmpty()) {
            text.append(outline.spaces(at));
        }
        text.append(word.getText());
        lastLine = word.getLine();
        mustBreak = false;
        justOpened = outline.opensBlock(at);
        if (justOpened) blocks++;
        if (outline.begins(at)) brackets = 0;
        if (!justOpened && outline.isOpener(at)) brackets++;
        if (!closes && outline.isCloser(at)) brackets--;
    }

    /// What continues a statement stands two further, the head of a declaration four, and two more for each open bracket after the first.
    private int indentation(int at, int closed) {
        int base = blocks * STEP;
        if (at >= tokens.words().size() - 1 || outline.begins(at) || outline.closesBlock(at)) return base;
        int least = closed > 0 ? 0 : outline.inHead(at) ? 2 : 1;
        return base + STEP * Math.max(least, brackets - closed);
    }

    private void newLine(int line, int indentation, boolean mayBeEmpty) {
        justOpened = false;
        if (text.isEmpty()) return;
        text.append(mayBeEmpty && line > lastLine + 1 ? "\n\n" : "\n").repeat(' ', indentation);
    }
}
