package dev.kiln.runtime;

/// A weights file cannot be used. The message names the file, the tensor, what was expected and what was found; nothing has been changed.
public final class WeightsException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public WeightsException(String message) {
        super(message);
    }

    public WeightsException(String message, Throwable cause) {
        super(message, cause);
    }
}
