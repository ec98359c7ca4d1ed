package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnLexer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Set;
import org.antlr.v4.runtime.Token;

/// Makes brackets match, so that one that is forgotten spoils no more than its own line. Where it belongs is read from what begins
/// a statement inside `(` or `[`, from a declaration at the left margin inside `{`, and from the indentation of `}`.
final class Brackets {
    static final int DEEPEST = 100;

    private static final Set<Integer> STATEMENTS = Set.of(KilnLexer.PARAM, KilnLexer.STATE, KilnLexer.DRAW, KilnLexer.REQUIRE, KilnLexer.RETURN,
            KilnLexer.STOP, KilnLexer.OUT, KilnLexer.USE, KilnLexer.CONST, KilnLexer.NETWORK, KilnLexer.EXPECT, KilnLexer.FORALL);
    private static final Set<Integer> DECLARATIONS = Set.of(KilnLexer.USE, KilnLexer.CONST, KilnLexer.FN, KilnLexer.LAYER, KilnLexer.CELL,
            KilnLexer.NETWORK, KilnLexer.TRAIN, KilnLexer.OPTIMIZER, KilnLexer.TEST, KilnLexer.PROPERTY);

    /// An open bracket. `branches` counts the `if` and `else` inside that still wait for their `{`.
    private static final class Open {
        final int index;
        final int type;
        int branches;

        Open(int index, int type) {
            this.index = index;
            this.type = type;
        }
    }

    private final Tokens tokens;
    private final Problems problems;
    private final Deque<Open> open = new ArrayDeque<>();
    private int at;

    private Brackets(Tokens tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    static boolean nestTooDeep(Tokens tokens) {
        int depth = 0;
        for (Token word : tokens.words()) {
            switch (word.getType()) {
                case KilnLexer.LP, KilnLexer.LB, KilnLexer.LC -> depth++;
                case KilnLexer.RP, KilnLexer.RB, KilnLexer.RC -> depth--;
                default -> { }
            }
            if (depth > DEEPEST) return true;
        }
        return false;
    }

    /// False when the text is nested too deep to be read.
    static boolean balance(Tokens tokens, Problems problems) {
        return new Brackets(tokens, problems).balance();
    }

    private boolean balance() {
        for (at = 0; at < tokens.words().size(); at++) {
            int type = tokens.type(at);
            if (inside() && beginsStatement()) closeAll(false);
            if (!open.isEmpty() && (type == Token.EOF || beginsDeclaration())) closeAll(true);
            switch (type) {
                case KilnLexer.IF, KilnLexer.ELSE -> {
                    if (inside()) open.peek().branches++;
                }
                case KilnLexer.LC -> {
                    if (inside() && open.peek().branches-- <= 0) closeAll(false);
                    open.push(new Open(at, type));
                }
                case KilnLexer.LP, KilnLexer.LB -> open.push(new Open(at, type));
                case KilnLexer.RP, KilnLexer.RB -> close(type);
                case KilnLexer.RC -> closeBrace();
                default -> { }
            }
            if (open.size() > DEEPEST) {
                problems.add(new SyntaxProblem.TooDeep(tokens.span(at), DEEPEST));
                return false;
            }
        }
        return true;
    }

    /// In `(` or `[`.
    private boolean inside() {
        return !open.isEmpty() && open.peek().type != KilnLexer.LC;
    }

    private boolean beginsStatement() {
        if (!tokens.startsLine(at)) return false;
        int type = tokens.type(at);
        if (STATEMENTS.contains(type) || beginsDeclaration()) return true;
        int before = tokens.type(at - 1);
        boolean argument = before == KilnLexer.COMMA || before == KilnLexer.LP;
        int next = tokens.type(at + 1);
        boolean pair = next == KilnLexer.NAME || next == KilnLexer.INT || next == KilnLexer.FLOAT;
        if (pair && (Starts.TRAINING.contains(type) || type == KilnLexer.OPTIMIZER || type == KilnLexer.FOR)) return true;
        return switch (type) {
            case KilnLexer.PRIMED -> next == KilnLexer.ASSIGN;
            case KilnLexer.NAME -> next == KilnLexer.ASSIGN && !argument;
            case KilnLexer.IN -> tokens.type(at + 2) == KilnLexer.COLON;
            default -> false;
        };
    }

    private boolean beginsDeclaration() {
        Token word = tokens.word(at);
        if (!DECLARATIONS.contains(word.getType()) || !tokens.startsLine(at) || word.getCharPositionInLine() > 0) return false;
        int next = tokens.type(at + 1);
        boolean inTrain = word.getType() == KilnLexer.OPTIMIZER
                && open.stream().anyMatch(o -> o.type == KilnLexer.LC && tokens.type(firstOfLine(o.index)) == KilnLexer.TRAIN);
        return !inTrain && (next == KilnLexer.NAME || next == KilnLexer.STRING || next == KilnLexer.DOT);
    }

    private int firstOfLine(int index) {
        int first = index;
        while (!tokens.startsLine(first)) first--;
        return first;
    }

    /// Closes what is open before the word at hand: round and square ones, braces too when they are asked for.
    private void closeAll(boolean braces) {
        while (!open.isEmpty() && (braces || inside())) closeMissing();
    }

    private void closeMissing() {
        Open missing = open.pop();
        int closer = closer(missing.type);
        Token last = tokens.word(at - 1);
        Span place = tokens.file().span(last.getStopIndex() + 1, last.getStopIndex() + 1);
        problems.add(new SyntaxProblem.MissingBracket(place, text(closer), tokens.span(missing.index)));
        tokens.insertAfter(at - 1, closer, text(closer));
        at++;
    }

    private void close(int type) {
        if (!inside()) {
            drop();
        } else if (closer(open.peek().type) == type) {
            open.pop();
        } else if (open.stream().skip(1).takeWhile(o -> o.type != KilnLexer.LC).anyMatch(o -> closer(o.type) == type)) {
            closeMissing();
            close(type);
        } else {
            Open wrong = open.pop();
            int right = closer(wrong.type);
            problems.add(new SyntaxProblem.WrongBracket(tokens.span(at), text(type), text(right), tokens.span(wrong.index)));
            tokens.replace(at, right, text(right));
        }
    }

    private void closeBrace() {
        if (open.stream().noneMatch(o -> o.type == KilnLexer.LC)) {
            drop();
            return;
        }
        closeAll(false);
        if (tokens.startsLine(at)) {
            int margin = tokens.indentation(at);
            while (tokens.indentation(open.peek().index) > margin
                    && open.stream().skip(1).anyMatch(o -> o.type == KilnLexer.LC && tokens.indentation(o.index) == margin)) {
                closeMissing();
            }
        }
        open.pop();
    }

    private void drop() {
        problems.add(new SyntaxProblem.UnmatchedBracket(tokens.span(at), tokens.word(at).getText()));
        tokens.words().remove(at--);
    }

    private static int closer(int opener) {
        return switch (opener) {
            case KilnLexer.LP -> KilnLexer.RP;
            case KilnLexer.LB -> KilnLexer.RB;
            default -> KilnLexer.RC;
        };
    }

    private static String text(int closer) {
        return switch (closer) {
            case KilnLexer.RP -> ")";
            case KilnLexer.RB -> "]";
            default -> "}";
        };
    }
}
