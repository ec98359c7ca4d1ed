package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnLexer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Habits from other languages that show in the order of words, and words mistyped at the head of a statement. Each is told, and put right
/// where its meaning is plain. Runs on matched brackets.
final class Habits {
    private static final List<String> DECLARATIONS = List.of("use", "const", "fn", "layer", "cell", "network", "train", "optimizer", "test", "property");
    private static final List<String> STATEMENTS = List.of("in", "out", "param", "state", "draw", "require", "return", "stop", "for", "loss", "metric",
            "optimizer", "clip", "freeze", "load", "epochs", "validate", "patience", "accumulate", "average", "seed", "data", "expect", "gradcheck", "forall");
    private static final Map<String, String> FOREIGN = Map.ofEntries(
            Map.entry("def", "fn"), Map.entry("function", "fn"), Map.entry("func", "fn"), Map.entry("fun", "fn"),
            Map.entry("class", "layer or network"), Map.entry("module", "layer or network"), Map.entry("model", "network"),
            Map.entry("import", "use ./blocks.{Residual}"), Map.entry("include", "use ./blocks.{Residual}"),
            Map.entry("let", "the name alone: x = …"), Map.entry("var", "the name alone: x = …"), Map.entry("val", "the name alone: x = …"),
            Map.entry("while", "for i < n { … } for layers, scan(cell) for time"), Map.entry("lambda", "a named fn"),
            Map.entry("assert", "require condition : \"message\""), Map.entry("print", "out, or kiln dump"),
            Map.entry("input", "in"), Map.entry("output", "out"), Map.entry("weight", "param"), Map.entry("variable", "param"));
    private static final Set<String> AS_FUNCTION = Set.of("def", "function", "func", "fun");
    private static final Set<String> NOISE = Set.of("let", "var", "val");
    private static final Set<Integer> DECLARING = Set.of(KilnLexer.FN, KilnLexer.LAYER, KilnLexer.CELL, KilnLexer.NETWORK, KilnLexer.OPTIMIZER, KilnLexer.TRAIN);

    private final Tokens tokens;
    private final Problems problems;
    private final Deque<Integer> open = new ArrayDeque<>();
    private int at;

    private Habits(Tokens tokens, Problems problems) {
        this.tokens = tokens;
        this.problems = problems;
    }

    static void putRight(Tokens tokens, Problems problems) {
        var habits = new Habits(tokens, problems);
        for (habits.at = 0; habits.at < tokens.words().size(); habits.at++) habits.word();
    }

    /// True when there are words that the grammar reads as names but nobody means as such.
    static boolean show(Tokens tokens) {
        for (int at = 0; at < tokens.words().size(); at++) {
            String text = tokens.word(at).getText();
            boolean owner = (text.equals("self") || text.equals("this")) && tokens.type(at + 1) == KilnLexer.DOT;
            if (owner || text.equals("True") || text.equals("False")) return true;
        }
        return false;
    }

    private void word() {
        switch (tokens.type(at)) {
            case KilnLexer.LP, KilnLexer.LB, KilnLexer.LC -> open.push(at);
            case KilnLexer.RP, KilnLexer.RB, KilnLexer.RC -> open.pop();
            case KilnLexer.COMMA -> comma();
            case KilnLexer.SEMICOLON -> semicolon();
            case KilnLexer.COLON -> colon();
            case KilnLexer.ASSIGN -> assign();
            case KilnLexer.NAME -> name();
            default -> { }
        }
    }

    private boolean in(int bracket) {
        return !open.isEmpty() && tokens.type(open.peek()) == bracket;
    }

    private void semicolon() {
        boolean separates = in(KilnLexer.LP) || in(KilnLexer.LB);
        problems.add(new SyntaxProblem.StraySemicolon(tokens.span(at), separates));
        if (separates) tokens.replace(at, KilnLexer.COMMA, ",");
        else tokens.words().remove(at--);
    }

    private void comma() {
        int next = tokens.type(at + 1);
        if (next == KilnLexer.RP || next == KilnLexer.RB) {
            problems.add(new SyntaxProblem.TrailingComma(tokens.span(at), tokens.word(at + 1).getText()));
            tokens.words().remove(at--);
        }
    }

    /// `x[1:3]`
    private void colon() {
        if (!in(KilnLexer.LB)) return;
        int from = open.peek() + 1;
        int close = at;
        for (int depth = 0; depth >= 0; close++) depth += nesting(tokens.type(close + 1));
        boolean first = at - 1 == open.peek() || tokens.type(at - 1) == KilnLexer.COMMA;
        boolean last = tokens.type(at + 1) == KilnLexer.COMMA || tokens.type(at + 1) == KilnLexer.RB || tokens.type(at + 1) == KilnLexer.COLON;
        problems.add(new SyntaxProblem.HalfOpenSlice(tokens.span(from).to(tokens.span(close - 1)), closed(first, last)));
        for (int i = at; i < close; i++) {
            if (tokens.type(i) != KilnLexer.COLON) continue;
            tokens.replace(i, KilnLexer.DOTS, "..");
            tokens.muted().add(tokens.word(i).getLine());
        }
    }

    /// The half-open range with both ends counted; empty when there is nothing to count.
    private String closed(boolean first, boolean last) {
        boolean wholeEnd = tokens.type(at + 1) == KilnLexer.INT;
        if (first && last) return "the index of the left side, which runs over the whole axis: y[n] = x[n, 0]";
        if (last || !wholeEnd) return "";
        try {
            return "%s..%d".formatted(first ? "0" : tokens.word(at - 1).getText(), Long.parseLong(tokens.word(at + 1).getText()) - 1);
        } catch (NumberFormatException _) {
            return "";
        }
    }

    private static int nesting(int type) {
        return switch (type) {
            case KilnLexer.LP, KilnLexer.LB, KilnLexer.LC -> 1;
            case KilnLexer.RP, KilnLexer.RB, KilnLexer.RC -> -1;
            default -> 0;
        };
    }

    /// `Dense(units = 64)`
    private void assign() {
        if (!in(KilnLexer.LP)) return;
        int opener = open.peek();
        int before = tokens.type(at - 2);
        boolean declares = DECLARING.contains(tokens.type(opener - 2)) || (tokens.type(opener - 1) == KilnLexer.RP && declaringList(opener - 1));
        boolean argument = tokens.type(at - 1) == KilnLexer.NAME && (before == KilnLexer.COMMA || at - 2 == opener);
        if (declares || !argument) return;
        String name = tokens.word(at - 1).getText();
        if (!ExprBuilder.AXIS_WORDS.contains(name)) problems.add(new SyntaxProblem.NamedWithEquals(tokens.span(at - 1).to(tokens.span(at)), name));
        tokens.replace(at, KilnLexer.COLON, ":");
    }

    /// True for the `)` of `layer Dense(units: int)`.
    private boolean declaringList(int close) {
        int opener = close;
        for (int depth = 0; opener > 0; opener--) {
            depth += nesting(tokens.type(opener));
            if (depth == 0) break;
        }
        return DECLARING.contains(tokens.type(opener - 2));
    }

    private void name() {
        String text = tokens.word(at).getText();
        switch (text) {
            case "True", "False" -> {
                String truth = text.equals("True") ? "true" : "false";
                problems.add(new SyntaxProblem.ForeignWord(tokens.span(at), text, truth));
                tokens.replace(at, text.equals("True") ? KilnLexer.TRUE : KilnLexer.FALSE, truth);
            }
            case "self", "this" -> {
                if (tokens.type(at + 1) != KilnLexer.DOT) return;
                problems.add(new SyntaxProblem.ForeignWord(tokens.span(at), text, "the name alone: " + tokens.word(at + 2).getText()));
                tokens.words().subList(at, at + 2).clear();
                at--;
            }
            case "elif", "elsif" -> {
                if (tokens.type(at - 1) != KilnLexer.RC) return;
                problems.add(new SyntaxProblem.ForeignWord(tokens.span(at), text, "else if"));
                tokens.replace(at, KilnLexer.ELSE, "else");
                tokens.insertAfter(at, KilnLexer.IF, "if");
            }
            default -> head(text);
        }
    }

    /// Two words in a row at the head of a line: the first ought to be a word of the language.
    private void head(String text) {
        int next = tokens.type(at + 1);
        boolean pair = (next == KilnLexer.NAME || next == KilnLexer.STRING) && !tokens.startsLine(at + 1);
        boolean heads = tokens.startsLine(at) || tokens.type(at - 1) == KilnLexer.LC;
        boolean inBody = open.isEmpty() || in(KilnLexer.LC);
        if (!pair || !heads || !inBody || tokens.type(at - 1) == KilnLexer.PIPE) return;
        String foreign = FOREIGN.get(text);
        if (foreign != null) {
            problems.add(new SyntaxProblem.ForeignWord(tokens.span(at), text, foreign));
            if (AS_FUNCTION.contains(text)) tokens.replace(at, KilnLexer.FN, "fn");
            else if (NOISE.contains(text)) tokens.words().remove(at--);
            else tokens.muted().add(tokens.word(at).getLine());
            return;
        }
        Nearest.to(text, open.isEmpty() ? DECLARATIONS : STATEMENTS).ifPresent(nearest -> {
            problems.add(new SyntaxProblem.UnknownKeyword(tokens.span(at), text, nearest));
            tokens.replace(at, Keywords.type(nearest), nearest);
        });
    }
}
