package dev.kiln.cli;

/// What the person at the keyboard can mend: its message is the whole `error:` line.
@SuppressWarnings("AnnotateFormatMethod") // the annotation would be a dependency for one class
public final class UserError extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int exitCode;

    private UserError(int exitCode, String message, Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    /// The input (a file, its rows, a model) is at fault: exit code 1.
    public static UserError input(String message, Object... values) {
        return new UserError(ExitCode.PROBLEMS, message.formatted(values), null);
    }

    /// The command line or the machine is at fault: exit code 2.
    public static UserError usage(String message, Object... values) {
        return new UserError(ExitCode.USAGE, message.formatted(values), null);
    }

    public UserError causedBy(Throwable cause) {
        return new UserError(exitCode, getMessage(), cause);
    }

    public int exitCode() {
        return exitCode;
    }
}
