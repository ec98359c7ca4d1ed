package dev.kiln.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import ai.onnxruntime.OrtException;
import dev.kiln.bench.onnx.OnnxModel;
import dev.kiln.bench.onnx.OnnxSession;
import org.junit.jupiter.api.Test;

final class OnnxModelTest {
    @Test
    void aChainOfNodesComputesWhatItSays() throws OrtException {
        // x = (1, 2), w = ((1, -1), (2, 3)), b = (0.5, -10): x·w + b = (5.5, -5), relu (5.5, 0)
        byte[] model = new OnnxModel(-1, 2).gemm(new float[] {1, -1, 2, 3}, new float[] {0.5f, -10}, 2, 2).relu().toBytes(-1, 2);
        try (var session = new OnnxSession(model, 1, new float[] {1, 2}, new int[] {1, 2}, new int[] {1, 2})) {
            session.run();
            assertArrayEquals(new float[] {5.5f, 0}, session.output());
        }
    }

    @Test
    void aConvolutionPadsWithZeros() throws OrtException {
        // the sum over 3x3 of a 2x2 image of ones is 4 at each place
        float[] ones = {1, 1, 1, 1, 1, 1, 1, 1, 1};
        byte[] model = new OnnxModel(-1, 1, 2, 2).conv(ones, new float[] {1}, 1, 1, 3, 1).toBytes(-1, 1, 2, 2);
        try (var session = new OnnxSession(model, 1, new float[] {1, 1, 1, 1}, new int[] {1, 1, 2, 2}, new int[] {1, 1, 2, 2})) {
            session.run();
            assertArrayEquals(new float[] {5, 5, 5, 5}, session.output());
        }
    }

    @Test
    void softmaxSumsToOne() throws OrtException {
        byte[] model = new OnnxModel(-1, 2).matMul(new float[] {1, 1, 1, 1}, 2, 2).softmax().toBytes(-1, 2);
        try (var session = new OnnxSession(model, 1, new float[] {3, 4}, new int[] {1, 2}, new int[] {1, 2})) {
            session.run();
            assertArrayEquals(new float[] {0.5f, 0.5f}, session.output(), 1e-6f);
        }
    }
}
