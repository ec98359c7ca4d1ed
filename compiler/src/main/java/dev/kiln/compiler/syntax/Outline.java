package dev.kiln.compiler.syntax;

import dev.kiln.compiler.syntax.Parser.Reading;
import dev.kiln.grammar.KilnParser;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.tree.ParseTree;
import org.antlr.v4.runtime.tree.TerminalNode;

/// What the formatter asks of the words of a file without mistakes: what each belongs to, and how many spaces stand before it.
final class Outline {
    private static final Set<Integer> BEGINNERS = Set.of(KilnParser.RULE_declaration, KilnParser.RULE_statement, KilnParser.RULE_trainStatement,
            KilnParser.RULE_column);
    private static final Set<Integer> BLOCKS = Set.of(KilnParser.RULE_body, KilnParser.RULE_train, KilnParser.RULE_proof, KilnParser.RULE_trainStatement);
    private static final Set<Integer> HEADS = Set.of(KilnParser.RULE_blockHead, KilnParser.RULE_functionHead, KilnParser.RULE_trainHead);
    private static final Set<Integer> TIGHT = Set.of(KilnParser.DOT, KilnParser.DOTS, KilnParser.TILDE, KilnParser.HAT);

    private final Tokens tokens;
    private final Map<Integer, ParserRuleContext> owners = new HashMap<>();
    private final Set<Integer> begins = new HashSet<>();

    Outline(Reading reading) {
        this.tokens = reading.tokens();
        var rest = new ArrayDeque<ParseTree>();
        rest.push(reading.tree());
        while (!rest.isEmpty()) {
            switch (rest.pop()) {
                case TerminalNode leaf -> owners.put(leaf.getSymbol().getTokenIndex(), (ParserRuleContext) leaf.getParent());
                case ParserRuleContext rule -> {
                    boolean step = rule instanceof KilnParser.ProofStatementContext && rule.getParent() instanceof KilnParser.ProofContext;
                    if (step || BEGINNERS.contains(rule.getRuleIndex())) begins.add(rule.getStart().getTokenIndex());
                    for (int i = 0; i < rule.getChildCount(); i++) rest.push(rule.getChild(i));
                }
                default -> throw new IllegalStateException("neither rule nor leaf");
            }
        }
    }

    /// A statement or declaration that stands on its own line.
    boolean begins(int at) {
        if (!begins.contains(at)) return false;
        for (ParserRuleContext up = owners.get(at); up != null; up = up.getParent()) {
            if (up.getStart().getTokenIndex() < at && BLOCKS.contains(up.getRuleIndex())) return severalLines(up);
        }
        return true;
    }

    /// `{` of a body on several lines.
    boolean opensBlock(int at) {
        return tokens.type(at) == KilnParser.LC && ofBlock(at) && severalLines(owners.get(at));
    }

    boolean closesBlock(int at) {
        return tokens.type(at) == KilnParser.RC && ofBlock(at) && severalLines(owners.get(at));
    }

    private boolean ofBlock(int at) {
        return owners.get(at) != null && BLOCKS.contains(owners.get(at).getRuleIndex());
    }

    private static boolean severalLines(ParserRuleContext block) {
        int open = block instanceof KilnParser.BodyContext ? block.getStart().getLine() : ((TerminalNode) brace(block)).getSymbol().getLine();
        return open < block.getStop().getLine();
    }

    private static ParseTree brace(ParserRuleContext block) {
        for (ParseTree child : block.children) {
            if (child instanceof TerminalNode leaf && leaf.getSymbol().getType() == KilnParser.LC) return leaf;
        }
        throw new IllegalStateException("a body without {");
    }

    /// Words that follow on the same line whatever the author did: `{` of a body, and `else` after `}`.
    boolean joins(int at) {
        boolean branch = tokens.type(at) == KilnParser.ELSE && owners.get(at) instanceof KilnParser.ChoiceContext;
        return branch || (tokens.type(at) == KilnParser.LC && ofBlock(at));
    }

    boolean inHead(int at) {
        for (ParserRuleContext up = owners.get(at); up != null; up = up.getParent()) {
            if (HEADS.contains(up.getRuleIndex())) return true;
        }
        return false;
    }

    boolean isOpener(int at) {
        int type = tokens.type(at);
        return type == KilnParser.LP || type == KilnParser.LB || type == KilnParser.LC;
    }

    boolean isCloser(int at) {
        int type = tokens.type(at);
        return type == KilnParser.RP || type == KilnParser.RB || type == KilnParser.RC;
    }

    /// What stands between this word and the one before when both are on one line.
    String spaces(int at) {
        if (begins.contains(at) && tokens.type(at - 1) != KilnParser.LC) return "  ";
        return tight(at) ? "" : " ";
    }

    private boolean tight(int at) {
        int left = tokens.type(at - 1);
        int right = tokens.type(at);
        ParserRuleContext owner = owners.get(at);
        ParserRuleContext before = owners.get(at - 1);
        if (left == KilnParser.LC && right == KilnParser.RC) return true;
        boolean brace = left == KilnParser.LC || right == KilnParser.RC || right == KilnParser.LC;
        if (brace) return owner instanceof KilnParser.UseContext || before instanceof KilnParser.UseContext;
        if (owner instanceof KilnParser.PathContext) return owner.getStart().getTokenIndex() < at;
        if (before instanceof KilnParser.PathContext) return true;
        if (left == KilnParser.LP || left == KilnParser.LB || holdsRight(left, before)) return true;
        return switch (right) {
            case KilnParser.RP, KilnParser.RB, KilnParser.COMMA -> true;
            case KilnParser.COLON -> !(owner instanceof KilnParser.RequireStatementContext);
            case KilnParser.LP, KilnParser.LB -> applies(owner);
            default -> TIGHT.contains(right);
        };
    }

    /// `.` `~` `^` and the minus of one operand stand close to what follows; `..` does when something belongs to it.
    private static boolean holdsRight(int type, ParserRuleContext owner) {
        return switch (type) {
            case KilnParser.MINUS -> owner instanceof KilnParser.NegateContext;
            case KilnParser.DOTS -> owner instanceof KilnParser.RangeContext range && range.expr().size() == 2;
            default -> TIGHT.contains(type);
        };
    }

    /// A bracket that belongs to what stands before it.
    private static boolean applies(ParserRuleContext owner) {
        return owner instanceof KilnParser.CallContext || owner instanceof KilnParser.AtContext || owner instanceof KilnParser.SettingsContext
                || owner instanceof KilnParser.InputsContext || owner instanceof KilnParser.GradientContext || owner instanceof KilnParser.TypeContext
                || owner instanceof KilnParser.TargetContext;
    }
}
