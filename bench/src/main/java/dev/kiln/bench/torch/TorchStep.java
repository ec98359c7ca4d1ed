package dev.kiln.bench.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.kiln.bench.Lesson;
import dev.kiln.bench.Peer;

/// One step of gradient descent in PyTorch.
public final class TorchStep extends Peer {
    private final Lesson lesson;
    private final TorchLayers.Network network;
    private final NDManager manager;
    private final TorchLayers layers;
    private final NDArray targets;

    public TorchStep(int threads, Lesson lesson, TorchLayers.Network network) {
        super(Torch.name(), 0);
        this.lesson = lesson;
        this.network = network;
        manager = Torch.manager(threads);
        layers = new TorchLayers(manager, true, lesson.weights());
        targets = Torch.array(manager, lesson.targets());
    }

    @Override
    public void run() {
        try (NDManager step = manager.newSubManager()) {
            try (var collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray x = Torch.array(step, lesson.input());
                NDArray logits = layers.pass(network, x);
                collector.backward(logits.logSoftmax(1).mul(targets).sum().mul(-1f / lesson.labels().size()));
            }
            for (NDArray p : layers.parameters()) {
                NDArray gradient = p.getGradient();
                gradient.attach(step);
                p.subi(gradient.mul(lesson.rate()));
            }
        }
    }

    @Override
    public float[] output() {
        return lesson.moved(layers.now());
    }

    @Override
    public void close() {
        manager.close();
    }
}
