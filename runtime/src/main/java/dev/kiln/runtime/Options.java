package dev.kiln.runtime;

import java.nio.file.Path;
import java.util.Optional;

/// How a network runs; none of it changes a bit of its results.
///
/// @param threads that share the work of one call, the caller's included; 1 is right for servers that get many calls at once
/// @param width of the kernels; when empty, what [Width#preferred] says
/// @param weights a file to load instead of the weights in the jar
public record Options(int threads, Optional<Width> width, Warm warm, Optional<Path> weights) {
    public Options {
        if (threads < 1 || threads > 1024) throw new IllegalArgumentException("threads must be 1 to 1024, got " + threads);
    }

    /// All cores, the best width, warm-up in the background, the jar's weights.
    public static Options defaults() {
        return new Options(Math.min(1024, Runtime.getRuntime().availableProcessors()), Optional.empty(), Warm.BACKGROUND, Optional.empty());
    }

    public Options threads(int n) {
        return new Options(n, width, warm, weights);
    }

    public Options width(Width w) {
        return new Options(threads, Optional.of(w), warm, weights);
    }

    public Options warm(Warm when) {
        return new Options(threads, width, when, weights);
    }

    public Options weights(Path file) {
        return new Options(threads, width, warm, Optional.of(file));
    }
}
