package dev.kiln.compiler.source;

/// What the lexer, the parser and the tree builder refuse.
public sealed interface SyntaxProblem extends Problem {
    /// Text that fits nowhere. @param expected what could stand there, in words
    record UnexpectedText(Span span, String found, String expected) implements SyntaxProblem {}
}
