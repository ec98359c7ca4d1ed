package dev.kiln.bench;

import dev.kiln.bench.tensorflow.TensorFlowStep;
import dev.kiln.bench.torch.TorchStep;
import java.util.List;
import java.util.stream.IntStream;

/// The contenders of the items that learn.
final class Learning {
    private static final int BATCH = 64;
    private static final int CLASSES = 10;
    private static final float RATE = 0.01f;

    private Learning() {}

    /// @param imageShape of one sample
    static List<Contender> step(Settings settings, String file, Layers.Network network, int... imageShape) {
        int[] shape = IntStream.concat(IntStream.of(BATCH), IntStream.of(imageShape)).toArray();
        var subject = new Subject(settings, file, shape);
        List<Constant> weights = subject.learned();
        var lesson = new Lesson(subject.input, IntStream.range(0, BATCH).map(i -> i * 7 % CLASSES).boxed().toList(), CLASSES, weights, RATE);
        int threads = settings.threads();
        return List.of(new KilnStep(subject.compiled, threads, lesson), new TensorFlowStep(threads, lesson, network), new TorchStep(threads, lesson, network));
    }
}
