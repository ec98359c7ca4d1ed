package dev.kiln.compiler.syntax;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.SourceFile;
import dev.kiln.compiler.source.SyntaxProblem;
import dev.kiln.grammar.KilnParser;
import dev.kiln.grammar.KilnParser.FileContext;
import java.util.List;
import java.util.Optional;
import org.antlr.v4.runtime.BailErrorStrategy;
import org.antlr.v4.runtime.CommonTokenStream;
import org.antlr.v4.runtime.ListTokenSource;
import org.antlr.v4.runtime.ParserRuleContext;
import org.antlr.v4.runtime.Token;
import org.antlr.v4.runtime.misc.ParseCancellationException;

/// Text to tree. A file is read by the grammar alone; only when that fails are brackets, habits and lines looked at to find out what was meant,
/// so no guess can ever refuse a correct file.
public final class Parser {
    private Parser() {}

    /// Words and the parse tree over them.
    record Reading(Tokens tokens, FileContext tree) {}

    /// Reads a file. Mistakes go to `problems`; what they spoil stands in the tree as [Ast.Broken], all else is whole.
    public static Ast.File parse(SourceFile file, Problems problems) {
        try {
            return read(file, problems).map(reading -> new AstBuilder(reading.tokens(), problems).file(reading.tree()))
                    .orElse(new Ast.File(file.span(0, file.text().length()), "", List.of()));
        } catch (TooDeepException deep) {
            problems.add(new SyntaxProblem.TooDeep(new Places(file).span(deep.word), ExprBuilder.DEEPEST));
            return new Ast.File(file.span(0, file.text().length()), "", List.of());
        }
    }

    /// Empty when the text is nested too deep to be read.
    static Optional<Reading> read(SourceFile file, Problems problems) {
        Tokens tokens = Scanner.scan(file, problems);
        Optional<FileContext> correct = Brackets.nestTooDeep(tokens) || Habits.show(tokens) ? Optional.empty() : correct(tokens);
        if (correct.isPresent()) return correct.map(tree -> new Reading(tokens, tree));
        if (!Brackets.balance(tokens, problems)) return Optional.empty();
        Habits.putRight(tokens, problems);
        var starts = new Starts(tokens);
        var parser = new Bounded(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new Recovery(starts, new Diagnosis(tokens, starts, problems)));
        return Optional.of(new Reading(tokens, parser.file()));
    }

    /// The tree of a file without mistakes.
    private static Optional<FileContext> correct(Tokens tokens) {
        var parser = new Bounded(tokens);
        parser.removeErrorListeners();
        parser.setErrorHandler(new BailErrorStrategy());
        try {
            return Optional.of(parser.file());
        } catch (ParseCancellationException | TooDeepException mistake) {
            return Optional.empty();
        }
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
