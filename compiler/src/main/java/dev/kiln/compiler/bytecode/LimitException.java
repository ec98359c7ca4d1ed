package dev.kiln.compiler.bytecode;

/// A generated method exceeds what the JVM compiles well: a bug of the stage that made it so large.
public final class LimitException extends RuntimeException {
    private static final long serialVersionUID = 1;

    LimitException(String message) {
        super(message);
    }
}
