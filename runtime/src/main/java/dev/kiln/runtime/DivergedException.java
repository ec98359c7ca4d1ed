package dev.kiln.runtime;

/// The loss of a training step is not a finite number. The weights have taken that step and are of no use any more; go back to saved ones.
public final class DivergedException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public DivergedException(String message) {
        super(message);
    }
}
