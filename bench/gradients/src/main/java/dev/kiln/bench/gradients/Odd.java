package dev.kiln.bench.gradients;

import dev.kiln.bench.gradients.Case.Peer;
import org.nd4j.common.primitives.Pair;
import org.nd4j.linalg.activations.BaseActivationFunction;
import org.nd4j.linalg.api.ndarray.INDArray;
import org.nd4j.linalg.ops.transforms.Transforms;

/// An activation of Deeplearning4j with a derivative of its own, right or wrong as its case says.
final class Odd extends BaseActivationFunction {
    private static final long serialVersionUID = 1;
    private static final double OFFSET = 1e8;
    private static final double FAST = 100_000;

    private final Peer peer;

    Odd(Peer peer) {
        this.peer = peer;
    }

    @Override
    public INDArray getActivation(INDArray x, boolean training) {
        return switch (peer) {
            case SIGMOID -> Transforms.sigmoid(x, true);
            case SQUARE -> x.mul(x);
            case NEARLY -> Transforms.tanh(x, true);
            case WAVE -> Transforms.sin(x.mul(FAST), false);
            case OFFSET -> x.mul(x).addi(OFFSET);
            case TANH, RELU, POOL, LSTM, DROPOUT -> throw new IllegalArgumentException(peer + " has an activation of the library");
        };
    }

    @Override
    public Pair<INDArray, INDArray> backprop(INDArray x, INDArray dy) {
        INDArray slope = switch (peer) {
            case SIGMOID -> Transforms.sigmoid(x, true);
            case SQUARE -> x.dup();
            case NEARLY -> Transforms.pow(Transforms.tanh(x, true), 2, false).rsubi(1).muli(1.0001);
            case WAVE -> Transforms.cos(x.mul(FAST), false).muli(FAST);
            case OFFSET -> x.mul(2);
            case TANH, RELU, POOL, LSTM, DROPOUT -> throw new IllegalArgumentException(peer + " has an activation of the library");
        };
        return new Pair<>(slope.muli(dy), null);
    }
}
