package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnParser;
import java.util.List;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;

/// Text to tree: words, brackets, habits put right, the grammar, the tree.
public final class Parser {
    private Parser() {}

    /// Reads a file. Mistakes go to `problems`; what they spoil stands in the tree as [Ast.Broken], all else is whole.
    public static Ast.File parse(SourceFile file, Problems problems) {
        Tokens tokens = Scanner.scan(file, problems);
        if (!Brackets.balance(tokens, problems)) return empty(file);
        Habits.putRight(tokens, problems);
        var starts = new Starts(tokens);
        var parser = new Bounded(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new Recovery(starts, new Diagnosis(tokens, starts, problems)));
        try {
            return new AstBuilder(tokens, problems).file(parser.file());
        } catch (TooDeepException deep) {
            problems.add(new SyntaxProblem.TooDeep(new Places(file).span(deep.word), ExprBuilder.DEEPEST));
            return empty(file);
        }
    }

    private static Ast.File empty(SourceFile file) {
        return new Ast.File(file.span(0, file.text().length()), "", List.of());
    }

    /// Text nests deeper than the stack of any later stage would bear.
    static final class TooDeepException extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient Token word;

        TooDeepException(Token word) {
            this.word = word;
        }
    }

    /// The generated parser with a bound on the depth of its calls.
    private static final class Bounded extends KilnParser {
        private static final int DEEPEST_RULE = 10 * Brackets.DEEPEST;
        private int depth;

        Bounded(Tokens tokens) {
            super(new CommonTokenStream(new ListTokenSource(tokens.words())));
        }

        @Override public void enterRule(ParserRuleContext rule, int state, int ruleIndex) {
            deeper();
            super.enterRule(rule, state, ruleIndex);
        }

        @Override public void exitRule() {
            depth--;
            super.exitRule();
        }

        @Override public void enterRecursionRule(ParserRuleContext rule, int state, int ruleIndex, int precedence) {
            deeper();
            super.enterRecursionRule(rule, state, ruleIndex, precedence);
        }

        @Override public void unrollRecursionContexts(ParserRuleContext rule) {
            depth--;
            super.unrollRecursionContexts(rule);
        }

        private void deeper() {
            if (++depth > DEEPEST_RULE) throw new TooDeepException(getCurrentToken());
        }
    }
}
