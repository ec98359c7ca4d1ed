package dev.kiln.bench;

import ai.onnxruntime.OrtException;
import dev.kiln.bench.onnx.OnnxSession;
import java.util.function.UnaryOperator;

/// ONNX Runtime with the weights and the input that we have.
final class OnnxPeer implements Contender {
    private final OnnxSession session;
    private final double flops;
    private final UnaryOperator<float[]> inOurOrder;

    /// @param inOurOrder brings a result into the order of ours, where the peer keeps another
    OnnxPeer(byte[] model, int threads, double flops, float[] input, int[] inputShape, int[] outputShape, UnaryOperator<float[]> inOurOrder) {
        this.flops = flops;
        this.inOurOrder = inOurOrder;
        try {
            session = new OnnxSession(model, threads, input, inputShape, outputShape);
        } catch (OrtException e) {
            throw new BenchException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
    }

    @Override
    public String name() {
        return "onnxruntime " + OnnxSession.version();
    }

    @Override
    public Role role() {
        return Role.PEER;
    }

    @Override
    public int width() {
        return 0;
    }

    @Override
    public double flops() {
        return flops;
    }

    @Override
    public void run() {
        try {
            session.run();
        } catch (OrtException e) {
            throw new BenchException("ONNX Runtime cannot run the model: " + e.getMessage(), e);
        }
    }

    @Override
    public float[] output() {
        return inOurOrder.apply(session.output());
    }

    @Override
    public void close() {
        try {
            session.close();
        } catch (OrtException e) {
            throw new BenchException("ONNX Runtime cannot close: " + e.getMessage(), e);
        }
    }
}
