package dev.kiln.compiler.driver;

import java.util.Optional;

/// A mistake of the compiler, not of the user's file: it names the stage, and keeps what the stage before it made.
public final class CompilerBug extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final String stage;
    private final String lastDump;

    /// @param before the stage that ended well before `stage` began
    CompilerBug(String stage, String source, Optional<String> before, String lastDump, Throwable cause) {
        super("this is a bug of Kiln, not of %s: its stage '%s' failed (%s)%s".formatted(source, stage, cause, before.map(b -> "; `kiln dump %s --after %s` shows what it was given".formatted(source, b)).orElse("")), cause);
        this.stage = stage;
        this.lastDump = lastDump;
    }

    public String stage() {
        return stage;
    }

    /// What the stage before made, as text; empty when the first stage failed.
    public String lastDump() {
        return lastDump;
    }
}
