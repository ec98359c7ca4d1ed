package dev.kiln.compiler.source;

import dev.kiln.compiler.source.CheckProblem.NotBuiltYet;

/// The words for [CheckProblem].
final class CheckWords {
    private CheckWords() {}

    static Words of(CheckProblem problem) {
        return switch (problem) {
            case NotBuiltYet p -> Words.of("%s is part of the language, but this compiler does not build it yet".formatted(p.construct()));
        };
    }
}
