package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnLexer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.antlr.v4.runtime.CharStreams;
import org.antlr.v4.runtime.CommonToken;
import org.antlr.v4.runtime.Token;

/// Text to words. What is no word of the language is told and, where its meaning is plain, read as the word that was meant.
final class Scanner {
    private record Meant(int type, String text) {}

    private static final Map<String, Meant> OPERATORS = Map.ofEntries(
            Map.entry("**", new Meant(KilnLexer.HAT, "^")), Map.entry("&&", new Meant(KilnLexer.AND, "and")),
            Map.entry("||", new Meant(KilnLexer.OR, "or")), Map.entry("!", new Meant(KilnLexer.NOT, "not")),
            Map.entry("=>", new Meant(KilnLexer.ARROW, "->")), Map.entry(":=", new Meant(KilnLexer.ASSIGN, "=")),
            Map.entry("===", new Meant(KilnLexer.EQ, "==")), Map.entry("!==", new Meant(KilnLexer.NE, "!=")),
            Map.entry("×", new Meant(KilnLexer.STAR, "*")), Map.entry("·", new Meant(KilnLexer.STAR, "*")),
            Map.entry("⋅", new Meant(KilnLexer.STAR, "*")), Map.entry("−", new Meant(KilnLexer.MINUS, "-")),
            Map.entry("–", new Meant(KilnLexer.MINUS, "-")), Map.entry("≤", new Meant(KilnLexer.LE, "<=")),
            Map.entry("≥", new Meant(KilnLexer.GE, ">=")), Map.entry("≠", new Meant(KilnLexer.NE, "!=")),
            Map.entry("→", new Meant(KilnLexer.ARROW, "->")));

    private final SourceFile file;
    private final Problems problems;
    private final List<Token> words = new ArrayList<>();
    private final List<Token> comments = new ArrayList<>();
    private final Tokens tokens;

    private Scanner(SourceFile file, Problems problems) {
        this.file = file;
        this.problems = problems;
        this.tokens = new Tokens(file, words, comments);
    }

    static Tokens scan(SourceFile file, Problems problems) {
        var scanner = new Scanner(file, problems);
        var lexer = new KilnLexer(CharStreams.fromString(file.text()));
        lexer.removeErrorListeners();
        int offset = 0;
        int codePoint = 0;
        for (Token token : lexer.getAllTokens()) {
            offset = file.text().offsetByCodePoints(offset, token.getStartIndex() - codePoint);   // ANTLR counts code points, a file chars
            codePoint = token.getStartIndex();
            scanner.take(placed(token, offset, token.getText()));
        }
        scanner.end();
        return scanner.tokens;
    }

    private static CommonToken placed(Token token, int offset, String text) {
        var placed = new CommonToken(token.getType(), text);
        placed.setChannel(token.getChannel());
        placed.setStartIndex(offset);
        placed.setStopIndex(offset + text.length() - 1);
        placed.setLine(token.getLine());
        placed.setCharPositionInLine(token.getCharPositionInLine());
        return placed;
    }

    private void end() {
        var end = new CommonToken(Token.EOF, "the end of the file");
        end.setStartIndex(file.text().length());
        end.setStopIndex(file.text().length() - 1);
        end.setLine(file.lines());
        words.add(end);
    }

    private void take(CommonToken token) {
        Span span = new Places(file).span(token);
        String text = token.getText();
        switch (token.getType()) {
            case KilnLexer.SPACE -> { }
            case KilnLexer.DOC, KilnLexer.COMMENT -> comments.add(token);
            case KilnLexer.FOREIGN_COMMENT -> problems.add(new SyntaxProblem.ForeignComment(span, text.startsWith("#") ? "#" : "/*"));
            case KilnLexer.FOREIGN_OPERATOR -> foreign(token, span);
            case KilnLexer.CLOSED_PRIME -> {
                problems.add(new SyntaxProblem.TransposePrime(span));
                boolean round = text.startsWith(")");
                put(token, round ? KilnLexer.RP : KilnLexer.RB, text.substring(0, 1));
            }
            case KilnLexer.QUOTED -> {
                String inside = text.substring(1, text.length() - 1);
                problems.add(new SyntaxProblem.SingleQuotes(span, inside));
                put(token, KilnLexer.STRING, '"' + inside.replace("\\", "").replace("\"", "") + '"');
            }
            case KilnLexer.UNCLOSED -> {
                problems.add(new SyntaxProblem.UnclosedString(span));
                tokens.muted().add(token.getLine());
                put(token, KilnLexer.STRING, "\"\"");
            }
            case KilnLexer.BAD_NUMBER -> {
                problems.add(new SyntaxProblem.BadNumber(span, text, meant(text)));
                put(token, KilnLexer.INT, "1");
            }
            case KilnLexer.FOREIGN_WORD -> {
                problems.add(new SyntaxProblem.ForeignLetters(span, text));
                put(token, KilnLexer.NAME, text);
            }
            case KilnLexer.OTHER -> strange(token, span);
            default -> number(token, span);
        }
    }

    private void foreign(CommonToken token, Span span) {
        String text = token.getText();
        Meant meant = OPERATORS.get(text);
        if (meant != null) {
            problems.add(new SyntaxProblem.ForeignOperator(span, text, meant.text()));
            put(token, meant.type(), meant.text());
        } else if (text.endsWith("=")) {
            String name = words.isEmpty() ? "x" : words.getLast().getText();
            problems.add(new SyntaxProblem.ForeignOperator(span, text, "%s' = %s %s …".formatted(name, name, text.substring(0, 1))));
            put(token, KilnLexer.ASSIGN, "=");
        } else {
            String instead = text.equals("?") ? "if condition { a } else { b }" : text.equals("++") ? "+ 1" : "..";
            problems.add(new SyntaxProblem.ForeignOperator(span, text, instead));
            tokens.muted().add(token.getLine());
        }
    }

    private void strange(CommonToken token, Span span) {
        String text = token.getText();
        Meant meant = OPERATORS.get(text);
        if (meant != null) {
            problems.add(new SyntaxProblem.ForeignOperator(span, text, meant.text()));
            put(token, meant.type(), meant.text());
            return;
        }
        problems.add(new SyntaxProblem.StrangeCharacter(span, text.codePointAt(0)));
        tokens.muted().add(token.getLine());
    }

    /// `1.` and `.5`: both sides of the point want a digit.
    private void number(CommonToken token, Span span) {
        boolean touches = !words.isEmpty() && words.getLast().getStopIndex() + 1 == token.getStartIndex();
        boolean afterPoint = touches && words.getLast().getType() == KilnLexer.DOT;
        char next = token.getStopIndex() + 1 < file.text().length() ? file.text().charAt(token.getStopIndex() + 1) : ' ';
        if (token.getType() == KilnLexer.INT && afterPoint) {
            words.removeLast();
            problems.add(new SyntaxProblem.BadNumber(file.span(span.start() - 1, span.end()), "." + token.getText(), "0." + token.getText()));
            words.add(token);
        } else if (token.getType() == KilnLexer.DOT && touches && words.getLast().getType() == KilnLexer.INT && !Character.isDigit(next)) {
            String whole = words.getLast().getText();
            problems.add(new SyntaxProblem.BadNumber(file.span(span.start() - whole.length(), span.end()), whole + ".", whole + ".0"));
        } else {
            words.add(token);
        }
    }

    private void put(CommonToken token, int type, String text) {
        words.add(token);
        tokens.replace(words.size() - 1, type, text);
    }

    /// What a number with letters behind it may have meant; empty when nobody can know.
    private static String meant(String text) {
        int digits = 0;
        while (digits < text.length() && (Character.isDigit(text.charAt(digits)) || text.charAt(digits) == '.' || text.charAt(digits) == '_')) digits++;
        String number = text.substring(0, digits).replaceAll("_+$", "");
        String tail = text.substring(digits);
        if (text.startsWith("0x") || text.startsWith("0X")) {
            return text.length() <= 17 && text.substring(2).matches("[0-9a-fA-F]+") ? Long.toString(Long.parseLong(text.substring(2), 16)) : "";
        }
        if (tail.matches("[fFdDlL]?")) return number;
        if (tail.matches("[eE]")) return number + "e1";
        return number + " * " + tail;
    }
}
