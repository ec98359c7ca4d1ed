package dev.kiln.bench.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.kiln.bench.Constant;
import dev.kiln.bench.Peer;

/// The norm of a batch in PyTorch, forward, with the statistics of the batch. Channels first.
public final class TorchBatchNorm extends Peer {
    private final NDManager manager;
    private final NDArray input;
    private final NDArray gamma;
    private final NDArray beta;
    private final NDArray runningMean;
    private final NDArray runningVariance;

    /// @param input of ours, channels last
    public TorchBatchNorm(int threads, Constant input, Constant gamma, Constant beta) {
        super(Torch.name(), 0);
        manager = Torch.manager(threads);
        this.input = Torch.array(manager, input.permuted(0, 3, 1, 2));
        this.gamma = Torch.array(manager, gamma);
        this.beta = Torch.array(manager, beta);
        runningMean = manager.zeros(new Shape(gamma.extent(0)));
        runningVariance = manager.ones(new Shape(gamma.extent(0)));
    }

    @Override
    public void run() {
        norm().close();
    }

    private NDArray norm() {
        return input.getNDArrayInternal().batchNorm(input, runningMean, runningVariance, gamma, beta, 1, 0.9f, 1e-5f, true).singletonOrThrow();
    }

    @Override
    public float[] output() {
        try (NDArray y = norm()) {
            Shape shape = y.getShape();
            return new Constant(y.toFloatArray(), (int) shape.get(0), (int) shape.get(1), (int) shape.get(2), (int) shape.get(3)).permuted(0, 2, 3, 1).values();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
