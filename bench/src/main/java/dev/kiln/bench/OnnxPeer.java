package dev.kiln.bench;

import ai.onnxruntime.OrtException;
import dev.kiln.bench.onnx.OnnxSession;
import java.util.function.UnaryOperator;

/// ONNX Runtime with the weights and the input that we have.
final class OnnxPeer extends Peer {
    private final OnnxSession session;
    private final UnaryOperator<float[]> inOurOrder;

    /// @param inOurOrder brings a result into the order of ours, where the peer keeps another
    OnnxPeer(byte[] model, int threads, double flops, float[] input, int[] inputShape, int[] outputShape, UnaryOperator<float[]> inOurOrder) {
        super("onnxruntime " + OnnxSession.version(), flops);
        this.inOurOrder = inOurOrder;
        try {
            session = new OnnxSession(model, threads, input, inputShape, outputShape);
        } catch (OrtException e) {
            throw new BenchException("ONNX Runtime refuses the model: " + e.getMessage(), e);
        }
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
