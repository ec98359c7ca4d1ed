package dev.kiln.bench.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import dev.kiln.bench.Constant;
import dev.kiln.bench.Peer;
import java.util.List;
import java.util.function.Consumer;

/// A network in PyTorch, forward.
public final class TorchNetwork extends Peer {
    private final NDManager manager;
    private final TorchLayers layers;
    private final TorchLayers.Network network;
    private final NDArray input;

    public TorchNetwork(int threads, double flops, Constant input, List<Constant> weights, TorchLayers.Network network) {
        super(Torch.name(), flops);
        this.network = network;
        manager = Torch.manager(threads);
        layers = new TorchLayers(manager, false, weights);
        this.input = Torch.array(manager, input);
    }

    @Override
    public void run() {
        output(_ -> {});
    }

    @Override
    public float[] output() {
        float[][] result = new float[1][];
        output(y -> result[0] = y.toFloatArray());
        return result[0];
    }

    private void output(Consumer<NDArray> use) {
        try (NDManager call = manager.newSubManager()) {
            NDArray x = input.duplicate();
            x.attach(call);
            NDArray y = layers.pass(network, x);
            y.attach(call);
            use.accept(y);
        }
    }

    @Override
    public void close() {
        manager.close();
    }
}
