package dev.kiln.bench.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import dev.kiln.bench.Constant;
import dev.kiln.bench.Peer;

/// The norm of each row in PyTorch.
public final class TorchLayerNorm extends Peer {
    private final NDManager manager;
    private final NDArray input;
    private final NDArray gain;
    private final NDArray bias;

    public TorchLayerNorm(int threads, Constant input, Constant gain, Constant bias) {
        super(Torch.name(), 0);
        manager = Torch.manager(threads);
        this.input = Torch.array(manager, input);
        this.gain = Torch.array(manager, gain);
        this.bias = Torch.array(manager, bias);
    }

    @Override
    public void run() {
        norm().close();
    }

    private NDArray norm() {
        return input.getNDArrayInternal().layerNorm(input, gain.getShape(), gain, bias, 1e-5f).singletonOrThrow();
    }

    @Override
    public float[] output() {
        try (NDArray y = norm()) {
            return y.toFloatArray();
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
