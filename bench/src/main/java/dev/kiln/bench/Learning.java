package dev.kiln.bench;

import dev.kiln.bench.tensorflow.TensorFlowStep;
import dev.kiln.bench.torch.TorchLayers;
import dev.kiln.bench.torch.TorchStep;
import java.util.ArrayList;
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
        var subject = new Subject(settings, file, IntStream.concat(IntStream.of(BATCH), IntStream.of(imageShape)).toArray());
        Lesson lesson = lesson(subject);
        int threads = settings.threads();
        return withPeers(subject, lesson, new TensorFlowStep(threads, lesson, network), new TorchStep(threads, lesson, network::logits));
    }

    /// 32 sequences of 64 steps with 128 features; a cell, the mean of what it says, and a dense layer.
    static List<Contender> sequences(Settings settings, String file, TorchLayers.Network cell) {
        var subject = new Subject(settings, file, 32, 64, 128);
        Lesson lesson = lesson(subject);
        return withPeers(subject, lesson, new TorchStep(settings.threads(), lesson, (layers, x) -> layers.dense(layers.meanOverTime(cell.build(layers, x)))));
    }

    private static List<Contender> withPeers(Subject subject, Lesson lesson, Contender... peers) {
        List<Contender> all = new ArrayList<>(List.of(subject.learner(lesson)));
        subject.earlierLearner().ifPresent(all::add);
        all.addAll(List.of(peers));
        return all;
    }

    static Lesson lesson(Subject subject) {
        return new Lesson(subject.input, IntStream.range(0, subject.input.extent(0)).map(i -> i * 7 % CLASSES).boxed().toList(), CLASSES, subject.learned(), RATE);
    }
}
