package dev.kiln.bench;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/// A call of whichever Kiln the class loader finds that has loaded this class; [Earlier] is the other side. Only types of the JDK pass between the two.
public final class EarlierCall implements Runnable, Supplier<float[]>, AutoCloseable {
    private final Contender contender;

    private EarlierCall(Contender contender) {
        this.contender = contender;
    }

    /// A prediction.
    /// @param root the folder of the clone whose `bench/models` has the file
    public static EarlierCall network(Path root, String file, boolean exact, int threads, int[] inputShape, int[] outputShape) {
        return new EarlierCall(new Subject(settings(root, threads), exact, file, inputShape).ours(0, false, outputShape).getFirst());
    }

    /// A training step.
    /// @param root the folder of the clone whose `bench/models` has the file
    public static EarlierCall step(Path root, String file, int threads, int[] inputShape) {
        var subject = new Subject(settings(root, threads), file, inputShape);
        return new EarlierCall(subject.learner(Learning.lesson(subject)));
    }

    private static Settings settings(Path root, int threads) {
        return new Settings(Pattern.compile(""), threads, 1, Clock.WALL, Optional.empty(), false, root);
    }

    @Override
    public void run() {
        contender.run();
    }

    @Override
    public float[] get() {
        return contender.output();
    }

    @Override
    public void close() {
        contender.close();
    }
}
