package dev.kiln.compiler.driver;

/// What was asked for does not fit the file.
public final class UsageException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public UsageException(String message) {
        super(message);
    }
}
