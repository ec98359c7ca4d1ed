package dev.kiln.compiler.source;

import dev.kiln.compiler.source.SyntaxProblem.UnexpectedText;

/// The words for [SyntaxProblem].
final class SyntaxWords {
    private SyntaxWords() {}

    static Words of(SyntaxProblem problem) {
        return switch (problem) {
            case UnexpectedText p -> Words.of("%s is not expected here".formatted(p.found())).mark("expected " + p.expected());
        };
    }
}
