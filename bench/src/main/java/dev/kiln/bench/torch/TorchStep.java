package dev.kiln.bench.torch;

import ai.djl.engine.Engine;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.kiln.bench.Constant;
import dev.kiln.bench.Layers;
import dev.kiln.bench.Lesson;
import dev.kiln.bench.Peer;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/// One step of gradient descent in PyTorch.
public final class TorchStep extends Peer {
    private final Lesson lesson;
    private final Layers.Network network;
    private final NDManager manager;
    private final List<NDArray> parameters = new ArrayList<>();
    private final NDArray targets;

    public TorchStep(int threads, Lesson lesson, Layers.Network network) {
        super(Torch.name(), 0);
        this.lesson = lesson;
        this.network = network;
        manager = Torch.manager(threads);
        for (Constant w : lesson.weights()) {
            NDArray parameter = Torch.array(manager, isMatrix(w) ? w.permuted(1, 0) : w);
            parameter.setRequiresGradient(true);
            parameters.add(parameter);
        }
        targets = Torch.array(manager, lesson.targets());
    }

    /// PyTorch keeps matrices [out, in].
    private static boolean isMatrix(Constant w) {
        return w.shape().length == 2;
    }

    @Override
    public void run() {
        try (NDManager step = manager.newSubManager()) {
            try (var collector = Engine.getEngine("PyTorch").newGradientCollector()) {
                NDArray x = Torch.array(step, lesson.input());
                NDArray logits = network.logits(new Eager(parameters.iterator()), x);
                collector.backward(logits.logSoftmax(1).mul(targets).sum().mul(-1f / lesson.labels().size()));
            }
            for (NDArray p : parameters) {
                NDArray gradient = p.getGradient();
                gradient.attach(step);
                p.subi(gradient.mul(lesson.rate()));
            }
        }
    }

    @Override
    public float[] output() {
        var now = new ArrayList<Constant>();
        for (int i = 0; i < parameters.size(); i++) {
            Constant ours = lesson.weights().get(i);
            float[] values = parameters.get(i).toFloatArray();
            now.add(isMatrix(ours) ? new Constant(values, ours.extent(1), ours.extent(0)).permuted(1, 0) : new Constant(values, ours.shape()));
        }
        return lesson.moved(now);
    }

    @Override
    public void close() {
        manager.close();
    }

    private record Eager(Iterator<NDArray> weights) implements Layers<NDArray> {
        @Override
        public NDArray dense(NDArray x) {
            return x.getNDArrayInternal().linear(x, weights.next(), weights.next()).singletonOrThrow();
        }

        @Override
        public NDArray relu(NDArray x) {
            return x.getNDArrayInternal().relu();
        }

        @Override
        public NDArray conv(NDArray x) {
            return x.getNDArrayInternal().convolution(x, weights.next(), weights.next(), new Shape(1, 1), new Shape(2, 2), new Shape(1, 1), 1).singletonOrThrow();
        }

        @Override
        public NDArray pool(NDArray x) {
            return x.getNDArrayInternal().maxPool(new Shape(2, 2), new Shape(2, 2), new Shape(0, 0), false);
        }

        @Override
        public NDArray flatten(NDArray x) {
            return x.reshape(x.getShape().get(0), -1);
        }
    }
}
