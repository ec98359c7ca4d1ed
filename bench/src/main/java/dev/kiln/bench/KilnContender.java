package dev.kiln.bench;

import dev.kiln.compiler.api.Compiled;
import dev.kiln.runtime.Network;
import dev.kiln.runtime.Options;
import dev.kiln.runtime.Tensor;
import dev.kiln.runtime.Warm;
import dev.kiln.runtime.Weights;
import dev.kiln.runtime.Width;
import java.util.List;

/// A `.nn` file through the compiler's own pipeline, called as a user calls it.
final class KilnContender implements Contender {
    private final Network network;
    private final Width width;
    private final double flops;
    private final Tensor[] inputs;
    private final Tensor[] outputs;

    KilnContender(Compiled compiled, Weights weights, Width width, int threads, double flops, Tensor input, int[] outputShape) {
        this.width = width;
        this.flops = flops;
        network = compiled.network(weights, Options.defaults().threads(threads).width(width).warm(Warm.NOW));
        inputs = new Tensor[] {input};
        int size = 1;
        for (int extent : outputShape) size = Math.multiplyExact(size, extent);
        outputs = new Tensor[] {Tensor.of(new float[size], outputShape)};
    }

    @Override
    public String name() {
        return "kiln " + width() + " bit";
    }

    @Override
    public Role role() {
        return Role.OURS;
    }

    @Override
    public int width() {
        return 32 * width.lanes();
    }

    @Override
    public double flops() {
        return flops;
    }

    @Override
    public void run() {
        network.predictInto(inputs, outputs);
    }

    @Override
    public List<String> notes() {
        List<Integer> cold = network.cold("predict");
        return cold.isEmpty() ? List.of() : List.of("the warm-up of " + name() + " left steps " + cold + " cold, see kiln profile --steps");
    }

    @Override
    public float[] output() {
        return outputs[0].floats();
    }

    @Override
    public void close() {
        network.close();
    }
}
