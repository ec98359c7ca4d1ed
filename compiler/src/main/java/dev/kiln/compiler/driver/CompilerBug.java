package dev.kiln.compiler.driver;

/// A mistake of the compiler, not of the user's file: it names the stage.
public final class CompilerBug extends RuntimeException {
    private static final long serialVersionUID = 1;

    CompilerBug(String stage, String source, RuntimeException cause) {
        super("stage '%s' failed on %s: %s. This is a bug of Kiln; `kiln dump %s --after STAGE` shows what the stage before it made.".formatted(stage, source, cause.getMessage(), source), cause);
    }
}
