package dev.kiln.cli;

/// What the command tells the shell.
public final class ExitCode {
    public static final int OK = 0;
    /// The text, the data or the model has problems; they have been printed.
    public static final int PROBLEMS = 1;
    /// The command line is wrong, a file cannot be reached, the machine lacks something.
    public static final int USAGE = 2;

    private ExitCode() {}
}
