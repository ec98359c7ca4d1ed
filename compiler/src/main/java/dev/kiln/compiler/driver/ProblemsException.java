package dev.kiln.compiler.driver;

import dev.kiln.compiler.source.Problems;
import dev.kiln.compiler.source.Report;

/// The source has problems: all of them, ready to be shown.
public final class ProblemsException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final transient Problems problems;

    public ProblemsException(Problems problems) {
        super(Report.of(problems));
        this.problems = problems;
    }

    public Problems problems() {
        return problems;
    }
}
