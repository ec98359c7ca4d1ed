package dev.kiln.compiler.syntax;

import dev.kiln.grammar.KilnParser;
import java.util.Set;
import org.antlr.v4.runtime.DefaultErrorStrategy;
import org.antlr.v4.runtime.InputMismatchException;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.RecognitionException;
import org.antlr.v4.runtime.Token;

/// How the parser goes on after a mistake: it gives up the statement at hand and reads on with the next one of the same body. The head of a
/// block, of `for` and of `if` is given up alone, so its body is still read. Brackets match already, so depth tells what belongs to what.
final class Recovery extends DefaultErrorStrategy {
    private static final Set<Integer> STATEMENTS = Set.of(KilnParser.RULE_statement, KilnParser.RULE_trainStatement, KilnParser.RULE_proofStatement);
    private static final Set<Integer> HEADS = Set.of(KilnParser.RULE_blockHead, KilnParser.RULE_functionHead, KilnParser.RULE_trainHead,
            KilnParser.RULE_proofHead, KilnParser.RULE_forHead, KilnParser.RULE_condition);
    private static final Set<Integer> BODIES = Set.of(KilnParser.RULE_body, KilnParser.RULE_train, KilnParser.RULE_proof, KilnParser.RULE_file);

    private final Starts starts;
    private final Diagnosis diagnosis;

    Recovery(Starts starts, Diagnosis diagnosis) {
        this.starts = starts;
        this.diagnosis = diagnosis;
    }

    @Override public void reportError(org.antlr.v4.runtime.Parser parser, RecognitionException failure) {
        if (inErrorRecoveryMode(parser)) return;
        beginErrorCondition(parser);
        diagnosis.failed(parser.getContext(), failure);
    }

    /// What stands before the `{` of a body belongs to its head: it is told and skipped, the body is read. Nothing else is made up.
    @Override public Token recoverInline(org.antlr.v4.runtime.Parser parser) {
        var failure = new InputMismatchException(parser);
        Token word = parser.getCurrentToken();
        int depth = starts.depth(word.getTokenIndex());
        if (!failure.getExpectedTokens().contains(KilnParser.LC) || !starts.brace(word.getTokenIndex(), depth)) throw failure;
        reportError(parser, failure);
        while (parser.getCurrentToken().getType() != KilnParser.LC || starts.depth(parser.getCurrentToken().getTokenIndex()) != depth) parser.consume();
        endErrorCondition(parser);
        return parser.consume();
    }

    /// Between two statements: what cannot begin one is told and skipped.
    @Override public void sync(org.antlr.v4.runtime.Parser parser) {
        ParserRuleContext body = parser.getContext();
        if (!BODIES.contains(body.getRuleIndex())) return;
        Token word = parser.getCurrentToken();
        boolean ends = word.getType() == KilnParser.RC && body.getRuleIndex() != KilnParser.RULE_file;
        if (ends || word.getType() == Token.EOF) return;
        if (starts.takes(body.getRuleIndex(), word.getTokenIndex())) return;
        diagnosis.stray(body, word);
        beginErrorCondition(parser);
        skip(parser, body.getRuleIndex(), starts.depth(word.getTokenIndex()), true);
        endErrorCondition(parser);
    }

    @Override public void recover(org.antlr.v4.runtime.Parser parser, RecognitionException failure) {
        ParserRuleContext rule = parser.getContext();
        int depth = starts.depth(rule.getStart().getTokenIndex());
        boolean nothingRead = parser.getCurrentToken().getTokenIndex() == rule.getStart().getTokenIndex();
        if (STATEMENTS.contains(rule.getRuleIndex())) {
            skip(parser, starts.body(rule), depth, nothingRead);
        } else if (rule.getRuleIndex() == KilnParser.RULE_declaration) {
            skip(parser, KilnParser.RULE_file, depth, nothingRead);
        } else if (HEADS.contains(rule.getRuleIndex()) && starts.brace(parser.getCurrentToken().getTokenIndex(), depth)) {
            while (parser.getCurrentToken().getType() != KilnParser.LC || starts.depth(parser.getCurrentToken().getTokenIndex()) != depth) parser.consume();
        } else {
            throw failure;
        }
        endErrorCondition(parser);
    }

    /// To the next word that begins a statement of this body, or to the body's end.
    private void skip(org.antlr.v4.runtime.Parser parser, int body, int depth, boolean atLeastOne) {
        if (atLeastOne) parser.consume();
        while (true) {
            Token word = parser.getCurrentToken();
            int at = word.getTokenIndex();
            if (word.getType() == Token.EOF || starts.depth(at) < depth) return;
            if (starts.depth(at) == depth && starts.begins(body, at)) return;
            parser.consume();
        }
    }
}
