package dev.kiln.runtime;

/// A tensor does not have the shape that it needs. The message names the tensor, both shapes and where the expected numbers come from.
public final class ShapeException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    public ShapeException(String message) {
        super(message);
    }
}
