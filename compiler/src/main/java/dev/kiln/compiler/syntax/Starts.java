package dev.kiln.compiler.syntax;

import dev.kiln.grammar.KilnParser;
import java.util.Set;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/// Where statements and declarations begin, seen from the words alone.
final class Starts {
    static final Set<Integer> DECLARATIONS = Set.of(KilnParser.USE, KilnParser.CONST, KilnParser.FN, KilnParser.LAYER, KilnParser.CELL,
            KilnParser.NETWORK, KilnParser.TRAIN, KilnParser.OPTIMIZER, KilnParser.TEST, KilnParser.PROPERTY);
    static final Set<Integer> STATEMENTS = Set.of(KilnParser.IN, KilnParser.OUT, KilnParser.PARAM, KilnParser.STATE, KilnParser.DRAW,
            KilnParser.REQUIRE, KilnParser.IF, KilnParser.FOR, KilnParser.RETURN, KilnParser.STOP);
    static final Set<Integer> TRAINING = Set.of(KilnParser.LOSS, KilnParser.METRIC, KilnParser.DATA, KilnParser.FREEZE, KilnParser.LOAD,
            KilnParser.CLIP, KilnParser.EPOCHS, KilnParser.VALIDATE, KilnParser.PATIENCE, KilnParser.ACCUMULATE, KilnParser.AVERAGE, KilnParser.SEED);
    static final Set<Integer> PROOFS = Set.of(KilnParser.EXPECT, KilnParser.GRADCHECK, KilnParser.FORALL);
    private static final Set<Integer> FREE = Set.of(KilnParser.DECAY, KilnParser.SPARSE, KilnParser.TEST, KilnParser.PROPERTY,
            KilnParser.GRADIENT, KilnParser.SPREAD, KilnParser.TRAINING, KilnParser.NEAR, KilnParser.WITHIN);
    /// Words after which a line goes on.
    private static final Set<Integer> OPEN_ENDED = Set.of(KilnParser.PIPE, KilnParser.ARROW, KilnParser.DOTS, KilnParser.LE, KilnParser.GE,
            KilnParser.EQ, KilnParser.NE, KilnParser.LT, KilnParser.GT, KilnParser.PLUS, KilnParser.MINUS, KilnParser.STAR, KilnParser.SLASH,
            KilnParser.PERCENT, KilnParser.AT, KilnParser.HAT, KilnParser.BAR, KilnParser.COMMA, KilnParser.COLON, KilnParser.DOT,
            KilnParser.AND, KilnParser.OR, KilnParser.NOT);

    private final Tokens tokens;
    private final int[] depth;

    Starts(Tokens tokens) {
        this.tokens = tokens;
        this.depth = new int[tokens.words().size()];
        int open = 0;
        for (int i = 0; i < depth.length; i++) {
            int type = tokens.type(i);
            if (type == KilnParser.RP || type == KilnParser.RB || type == KilnParser.RC) open--;
            depth[i] = open;
            if (type == KilnParser.LP || type == KilnParser.LB || type == KilnParser.LC) open++;
        }
    }

    /// How many brackets are open around a word; a bracket counts as outside itself.
    int depth(int index) {
        return depth[index];
    }

    /// True when this word may begin something in a body of this rule.
    boolean takes(int body, int index) {
        int type = tokens.type(index);
        boolean declares = DECLARATIONS.contains(type) && !isName(index);
        return switch (body) {
            case KilnParser.RULE_file -> declares;
            case KilnParser.RULE_proof -> PROOFS.contains(type) || isName(index);
            case KilnParser.RULE_train -> type == KilnParser.OPTIMIZER || STATEMENTS.contains(type) || isName(index);
            default -> STATEMENTS.contains(type) || isName(index);
        };
    }

    /// True when this word begins something, as far as words and lines tell.
    boolean begins(int body, int index) {
        int type = tokens.type(index);
        boolean elsewhere = body != KilnParser.RULE_file && (DECLARATIONS.contains(type) || PROOFS.contains(type)) && tokens.startsLine(index);
        if (!takes(body, index) && !elsewhere) return false;
        boolean certain = STATEMENTS.contains(type) && type != KilnParser.IF && type != KilnParser.IN && type != KilnParser.FOR;
        if (certain && tokens.type(index + 1) == KilnParser.NAME) return true;
        return tokens.startsLine(index) && !OPEN_ENDED.contains(tokens.type(index - 1));
    }

    /// A name, or a word that is free as a name and is not used as a declaration here.
    boolean isName(int index) {
        int type = tokens.type(index);
        if (type == KilnParser.NAME || type == KilnParser.PRIMED || TRAINING.contains(type)) return true;
        return FREE.contains(type) && tokens.type(index + 1) != KilnParser.STRING;
    }

    /// True when a `{` of this depth comes before the next statement.
    boolean brace(int from, int atDepth) {
        for (int i = from; i < depth.length && depth[i] >= atDepth; i++) {
            if (depth[i] != atDepth) continue;
            if (tokens.type(i) == KilnParser.LC) return true;
            if (tokens.type(i) == Token.EOF || (i > from && begins(KilnParser.RULE_body, i))) return false;
        }
        return false;
    }

    /// The rule of the body that a statement stands in.
    int body(ParserRuleContext statement) {
        for (ParserRuleContext up = statement.getParent(); up != null; up = up.getParent()) {
            int rule = up.getRuleIndex();
            if (rule == KilnParser.RULE_body || rule == KilnParser.RULE_train || rule == KilnParser.RULE_proof) return rule;
        }
        return KilnParser.RULE_file;
    }

    /// The last word of the line or of the brackets that this word opens.
    int end(int index) {
        int last = index;
        while (last + 2 < depth.length && (depth[last + 1] > depth[index] || (depth[last + 1] == depth[index] && !tokens.startsLine(last + 1)))) last++;
        return last;
    }
}
