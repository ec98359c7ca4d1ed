package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Span;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnParser;
import java.util.Set;
import java.util.stream.Collectors;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.IntervalSet;

/// From the place where the parser stopped to what the writer ought to know.
final class Diagnosis {
    private static final Set<Integer> OPERATORS = Set.of(KilnParser.PLUS, KilnParser.MINUS, KilnParser.STAR, KilnParser.SLASH, KilnParser.PERCENT,
            KilnParser.AT, KilnParser.HAT, KilnParser.LT, KilnParser.LE, KilnParser.GT, KilnParser.GE, KilnParser.EQ, KilnParser.NE,
            KilnParser.AND, KilnParser.OR);
    private static final Set<Integer> STATEMENTS = Set.of(KilnParser.RULE_statement, KilnParser.RULE_trainStatement, KilnParser.RULE_proofStatement);

    private static final Set<Integer> VALUES = Set.of(KilnParser.RULE_name, KilnParser.RULE_primary, KilnParser.RULE_postfix, KilnParser.RULE_operation,
            KilnParser.RULE_expr);

    private static final Set<Integer> VALUE_ENDS = Set.of(KilnParser.NAME, KilnParser.PRIMED, KilnParser.INT, KilnParser.FLOAT, KilnParser.STRING,
            KilnParser.TRUE, KilnParser.FALSE, KilnParser.RP, KilnParser.RB, KilnParser.RC);

    private final Tokens tokens;
    private final Starts starts;
    private final Problems problems;

    Diagnosis(Tokens tokens, Starts starts, Problems problems) {
        this.tokens = tokens;
        this.starts = starts;
        this.problems = problems;
    }

    /// A rule could not be read to its end.
    void failed(ParserRuleContext rule, RecognitionException failure) {
        int at = failure.getOffendingToken().getTokenIndex();
        ParserRuleContext statement = rule;
        while (statement.getParent() != null && !STATEMENTS.contains(statement.getRuleIndex())) statement = statement.getParent();
        boolean inStatement = STATEMENTS.contains(statement.getRuleIndex());
        int start = (inStatement ? statement : rule).getStart().getTokenIndex();
        if (muted(at) || muted(start)) return;
        IntervalSet expected = failure.getExpectedTokens();
        problems.add(inStatement && start < at
                ? inStatement(rule, statement, start, at, expected)
                : elsewhere(rule, at, expected));
    }

    private boolean muted(int index) {
        return tokens.muted().contains(tokens.word(index).getLine());
    }

    private SyntaxProblem inStatement(ParserRuleContext rule, ParserRuleContext statement, int start, int at, IntervalSet expected) {
        int first = tokens.type(start);
        boolean own = STATEMENTS.contains(rule.getRuleIndex());
        if (own && first == KilnParser.PARAM && expected.contains(KilnParser.INIT)) return new SyntaxProblem.MissingInit(tokens.span(start + 1), text(start + 1));
        if (own && first == KilnParser.STATE && expected.contains(KilnParser.ASSIGN)) return new SyntaxProblem.MissingStart(tokens.span(start + 1), text(start + 1));
        if (own && first == KilnParser.REQUIRE && expected.contains(KilnParser.COLON) && tokens.type(at) != KilnParser.ASSIGN) {
            return new SyntaxProblem.MissingMessage(tokens.span(start), condition(start + 1, at));
        }
        boolean typed = first == KilnParser.IN || first == KilnParser.PARAM || first == KilnParser.STATE || first == KilnParser.DRAW;
        if (own && typed && expected.contains(KilnParser.COLON)) {
            String type = tokens.type(at) == KilnParser.NAME && !tokens.startsLine(at) ? tokens.span(at).to(tokens.span(starts.end(at))).text() : "f32[N, C]";
            return new SyntaxProblem.MissingType(tokens.span(at - 1), text(at - 1), "%s %s: %s".formatted(text(start), text(at - 1), type));
        }
        boolean binds = rule.getRuleIndex() == KilnParser.RULE_bind || within(rule, KilnParser.RULE_target);
        if (!binds) return elsewhere(rule, at, expected);
        if (tokens.type(at) == KilnParser.EQ) return new SyntaxProblem.CompareForEquals(tokens.span(at), text(start));
        if (Starts.TRAINING.contains(first) && at == start + 1 && starts.body(statement) != KilnParser.RULE_train) return misplaced(start, "in train");
        if (within(rule, KilnParser.RULE_target) && starts.depth(at) > starts.depth(start)) {
            int close = start;
            while (starts.depth(close + 1) > starts.depth(start) || tokens.type(close + 1) == KilnParser.LB) close++;
            if (tokens.type(close + 2) == KilnParser.ASSIGN) return new SyntaxProblem.IndexOnTheLeft(tokens.span(at), text(at));
        }
        if (!tokens.startsLine(start) && starts.depth(start - 1) == starts.depth(start)) {
            return new SyntaxProblem.UnexpectedText(tokens.span(start), text(start), "an operator, |> or the next statement on its own line");
        }
        return bare(start);
    }

    /// The words from..end as written.
    private String condition(int from, int end) {
        return tokens.span(from).to(tokens.span(end - 1)).text();
    }

    private SyntaxProblem bare(int start) {
        Span span = tokens.span(start).to(tokens.span(starts.end(start)));
        return new SyntaxProblem.BareExpression(span, span.text().lines().findFirst().orElse(""));
    }

    private SyntaxProblem elsewhere(ParserRuleContext rule, int at, IntervalSet expected) {
        int type = tokens.type(at);
        if (lacksList(rule, type, expected)) {
            var head = (KilnParser.BlockHeadContext) (rule instanceof KilnParser.BlockHeadContext ? rule : rule.getParent());
            return new SyntaxProblem.MissingList(tokens.span(at), head.getStart().getText(), text(head.getStart().getTokenIndex() + 1),
                    rule instanceof KilnParser.SettingsContext || head.settings() == null ? "settings" : "tensors");
        }
        boolean declares = rule.getRuleIndex() == KilnParser.RULE_setting || rule.getRuleIndex() == KilnParser.RULE_input || rule.getRuleIndex() == KilnParser.RULE_drawn;
        if (declares && expected.contains(KilnParser.COLON)) {
            String example = rule.getRuleIndex() == KilnParser.RULE_setting ? "%s: int" : "%s: f32[N, C]";
            return new SyntaxProblem.MissingType(tokens.span(at - 1), text(at - 1), example.formatted(text(at - 1)));
        }
        if (rule.getRuleIndex() == KilnParser.RULE_conditional && expected.contains(KilnParser.ELSE)) return new SyntaxProblem.MissingElse(tokens.span(rule.getStart().getTokenIndex()));
        if (type == KilnParser.ASSIGN && (within(rule, KilnParser.RULE_condition) || starts.depth(at) > starts.depth(rule.getStart().getTokenIndex()) || comparing(at))) {
            return new SyntaxProblem.EqualsForCompare(tokens.span(at));
        }
        SyntaxProblem chain = OPERATORS.contains(type) ? chain(at) : null;
        if (chain != null) return chain;
        if (at > 0 && (type == Token.EOF || type == KilnParser.RC || tokens.startsLine(at)) && !expected.contains(KilnParser.LC)) {
            int end = tokens.word(at - 1).getStopIndex() + 1;
            return new SyntaxProblem.Unfinished(tokens.file().span(end, end), text(at - 1), expected(rule, at, expected));
        }
        boolean named = VALUES.contains(rule.getRuleIndex());
        if (named && Keywords.isKeyword(type)) return new SyntaxProblem.KeywordAsName(tokens.span(at), text(at));
        return new SyntaxProblem.UnexpectedText(tokens.span(at), found(at), expected(rule, at, expected));
    }

    private static boolean lacksList(ParserRuleContext rule, int type, IntervalSet expected) {
        if ((type != KilnParser.LC && type != KilnParser.ARROW) || !expected.contains(KilnParser.LP)) return false;
        boolean list = rule instanceof KilnParser.SettingsContext || rule instanceof KilnParser.InputsContext;
        return rule instanceof KilnParser.BlockHeadContext || (list && rule.getParent() instanceof KilnParser.BlockHeadContext);
    }

    /// After `require`, `expect` or `stop` a single `=` means a comparison.
    private boolean comparing(int at) {
        int first = at;
        while (!tokens.startsLine(first)) first--;
        return Set.of(KilnParser.REQUIRE, KilnParser.EXPECT, KilnParser.STOP, KilnParser.IF).contains(tokens.type(first));
    }

    /// Between two statements stands what begins none.
    void stray(ParserRuleContext body, Token word) {
        int at = word.getTokenIndex();
        if (muted(at)) return;
        problems.add(strayIn(body.getRuleIndex(), at));
    }

    private SyntaxProblem strayIn(int body, int at) {
        int type = tokens.type(at);
        if (Starts.PROOFS.contains(type)) return misplaced(at, "in test or property");
        if (body == KilnParser.RULE_file) {
            if (Starts.TRAINING.contains(type)) return misplaced(at, "in train");
            if (Starts.STATEMENTS.contains(type)) return misplaced(at, "in a layer, cell, network or fn");
            return new SyntaxProblem.UnexpectedText(tokens.span(at), found(at), "a declaration: use, const, fn, layer, cell, network, train, optimizer, test or property");
        }
        if (Starts.DECLARATIONS.contains(type)) return misplaced(at, "at the top of a file");
        if (body == KilnParser.RULE_proof && Starts.STATEMENTS.contains(type)) return misplaced(at, "in a layer, cell, network or fn");
        if (type == KilnParser.ASSIGN && tokens.type(at - 1) == KilnParser.NAME && tokens.type(at - 2) == KilnParser.ASSIGN) {
            return new SyntaxProblem.ChainedAssignment(tokens.span(at), text(at - 3), text(at - 1));
        }
        if (type == KilnParser.ASSIGN) return new SyntaxProblem.EqualsForCompare(tokens.span(at));
        SyntaxProblem chain = OPERATORS.contains(type) ? chain(at) : null;
        if (chain != null) return chain;
        if (type == KilnParser.ELSE) return new SyntaxProblem.UnexpectedText(tokens.span(at), "else", "a statement; else follows the } of its if");
        if (tokens.startsLine(at) && !OPERATORS.contains(type)) return bare(at);
        return new SyntaxProblem.UnexpectedText(tokens.span(at), found(at), "an operator, |> or the next statement on its own line");
    }

    private SyntaxProblem misplaced(int at, String belongs) {
        return new SyntaxProblem.Misplaced(tokens.span(at), text(at), starts.depth(at) == 0 ? "at the top of a file" : "here", belongs);
    }

    /// An operator after a stage of a chain: `x |> f + b`. Null when no chain stands before it.
    private SyntaxProblem chain(int at) {
        int depth = starts.depth(at);
        boolean piped = false;
        int from = at - 1;
        for (; from > 0 && starts.depth(from) >= depth; from--) {
            int type = tokens.type(from);
            if (starts.depth(from) > depth) continue;
            if (type == KilnParser.PIPE) piped = true;
            if (type == KilnParser.ASSIGN || type == KilnParser.COMMA || type == KilnParser.RETURN || type == KilnParser.COLON || type == KilnParser.LC) break;
        }
        if (!piped) return null;
        String before = tokens.span(from + 1).to(tokens.span(at - 1)).text().replaceAll("\\s+", " ");
        return new SyntaxProblem.ChainInSum(tokens.span(at), text(at), before);
    }

    private static boolean within(ParserRuleContext rule, int wanted) {
        for (ParserRuleContext up = rule; up != null && !STATEMENTS.contains(up.getRuleIndex()); up = up.getParent()) {
            if (up.getRuleIndex() == wanted) return true;
        }
        return false;
    }

    private String text(int index) {
        return tokens.word(index).getText();
    }

    private String found(int index) {
        return switch (tokens.type(index)) {
            case KilnParser.INT, KilnParser.FLOAT -> "the number " + text(index);
            case KilnParser.STRING -> "the string " + text(index);
            default -> text(index);
        };
    }

    private String expected(ParserRuleContext rule, int at, IntervalSet expected) {
        if (VALUE_ENDS.contains(tokens.type(at - 1)) && (expected.contains(KilnParser.RP) || expected.contains(KilnParser.RB))) {
            boolean list = rule.getRuleIndex() == KilnParser.RULE_settings || rule.getRuleIndex() == KilnParser.RULE_inputs || rule.getRuleIndex() == KilnParser.RULE_gradient;
            return (list ? "a comma or " : "an operator, a comma or ") + (expected.contains(KilnParser.RP) ? ")" : "]");
        }
        return switch (rule.getRuleIndex()) {
            case KilnParser.RULE_type, KilnParser.RULE_kind -> "a type, such as f32[N, 784]";
            case KilnParser.RULE_primary, KilnParser.RULE_operation, KilnParser.RULE_expr, KilnParser.RULE_postfix, KilnParser.RULE_argument,
                    KilnParser.RULE_arguments, KilnParser.RULE_range, KilnParser.RULE_dim -> "a value";
            case KilnParser.RULE_name -> "a name";
            default -> expected.contains(KilnParser.NAME) ? expected.contains(KilnParser.INT) ? "a value" : "a name" : expected.toList().stream().sorted().map(Diagnosis::display).distinct()
                    .collect(Collectors.joining(" or "));
        };
    }

    private static String display(int type) {
        String literal = KilnParser.VOCABULARY.getLiteralName(type);
        if (literal != null) return literal.substring(1, literal.length() - 1);
        return switch (type) {
            case KilnParser.STRING -> "a string";
            case KilnParser.NAME, KilnParser.PRIMED -> "a name";
            case KilnParser.INT, KilnParser.FLOAT -> "a number";
            default -> "the end of the file";
        };
    }
}
