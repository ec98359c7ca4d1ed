package dev.kiln.compiler.source;

import java.util.List;

/// What the scanner, the parser and the tree builder refuse.
public sealed interface SyntaxProblem extends Problem {
    // ---- letters and words ----

    record StrangeCharacter(Span span, int codePoint) implements SyntaxProblem {}

    record ForeignLetters(Span span, String word) implements SyntaxProblem {}

    /// A comment in the style of another language. @param opener `#` or the slash and star of a block comment
    record ForeignComment(Span span, String opener) implements SyntaxProblem {}

    record ForeignOperator(Span span, String found, String instead) implements SyntaxProblem {}

    /// A keyword of another language. @param instead what to write here, in words
    record ForeignWord(Span span, String word, String instead) implements SyntaxProblem {}

    /// A semicolon. @param separates true between the items of a list
    record StraySemicolon(Span span, boolean separates) implements SyntaxProblem {}

    record UnclosedString(Span span) implements SyntaxProblem {}

    record SingleQuotes(Span span, String inside) implements SyntaxProblem {}

    record UnknownEscape(Span span, char escaped) implements SyntaxProblem {}

    /// Digits that make no number. @param instead a number that is meant, or empty
    record BadNumber(Span span, String found, String instead) implements SyntaxProblem {}

    record NumberTooLarge(Span span) implements SyntaxProblem {}

    record UnknownKeyword(Span span, String found, String nearest) implements SyntaxProblem {}

    record KeywordAsName(Span span, String word) implements SyntaxProblem {}

    /// A name whose first letter does not say what it names. @param capitalised what it ought to be @param instead the name put right
    record NameCase(Span span, String what, String name, boolean capitalised, String instead) implements SyntaxProblem {}

    // ---- brackets and lists ----

    /// A bracket that is never closed. @param span the place where the bracket belongs
    record MissingBracket(Span span, String bracket, Span opener) implements SyntaxProblem {
        @Override public List<Origin> origins() {
            return List.of(new Origin(opener, "opened here"));
        }
    }

    record UnmatchedBracket(Span span, String bracket) implements SyntaxProblem {}

    record WrongBracket(Span span, String found, String expected, Span opener) implements SyntaxProblem {
        @Override public List<Origin> origins() {
            return List.of(new Origin(opener, "opened here"));
        }
    }

    record TooDeep(Span span, int limit) implements SyntaxProblem {}

    record TrailingComma(Span span, String closer) implements SyntaxProblem {}

    /// A block without its settings or its tensors. @param which "settings" or "tensors"
    record MissingList(Span span, String what, String name, String which) implements SyntaxProblem {}

    // ---- statements ----

    /// Text that fits nowhere. @param expected what could stand there, in words
    record UnexpectedText(Span span, String found, String expected) implements SyntaxProblem {}

    /// A statement that ends too early. @param after its last word
    record Unfinished(Span span, String after, String expected) implements SyntaxProblem {}

    record BareExpression(Span span, String text) implements SyntaxProblem {}

    /// A statement or declaration in a place that does not take it. @param where the place it is in @param belongs where it may stand
    record Misplaced(Span span, String word, String where, String belongs) implements SyntaxProblem {}

    record MissingType(Span span, String name, String example) implements SyntaxProblem {}

    record MissingInit(Span span, String name) implements SyntaxProblem {}

    record MissingStart(Span span, String name) implements SyntaxProblem {}

    record MissingMessage(Span span, String condition) implements SyntaxProblem {}

    record MissingElse(Span span) implements SyntaxProblem {}

    record ChainedAssignment(Span span, String first, String second) implements SyntaxProblem {}

    record EqualsForCompare(Span span) implements SyntaxProblem {}

    record CompareForEquals(Span span, String name) implements SyntaxProblem {}

    record IndexOnTheLeft(Span span, String found) implements SyntaxProblem {}

    // ---- expressions ----

    record NamedWithEquals(Span span, String name) implements SyntaxProblem {}

    record AxisArgument(Span span, String word, String function) implements SyntaxProblem {}

    record TransposePrime(Span span) implements SyntaxProblem {}

    /// `a:b` where the language says `a..b`. @param instead the range put right, or empty
    record HalfOpenSlice(Span span, String instead) implements SyntaxProblem {}

    record OpenRange(Span span, String from) implements SyntaxProblem {}

    record ComparisonChain(Span span, String left, String middle, String right, String sign) implements SyntaxProblem {}

    record ChainInSum(Span span, String sign, String chain) implements SyntaxProblem {}
}
