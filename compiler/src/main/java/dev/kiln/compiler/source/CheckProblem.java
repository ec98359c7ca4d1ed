package dev.kiln.compiler.source;

/// What the checker refuses: names, types, shapes, and what the language does not offer yet.
public sealed interface CheckProblem extends Problem {
    /// A construct of the language that this compiler does not build yet. @param construct as written, `scan`
    record NotBuiltYet(Span span, String construct) implements CheckProblem {}
}
